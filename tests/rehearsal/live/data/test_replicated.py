"""Who takes writes, by AWS's word and by what was promoted."""

from rehearsal.live.data.replicated import Replicated, Writers


def pair(writer: str) -> dict[str, Replicated[str]]:
    return {"all": Replicated("all", writer, ("a", "b"))}


def test_aws_says_who_takes_writes_and_the_others_follow() -> None:
    writers = Writers[str]()
    writers.take(pair("a"))
    assert [writers.role(each) for each in ("a", "b", "c")] == ["primary", "secondary", "alone"]
    assert [writers.upstream(each) for each in ("a", "b", "c")] == [None, "a", None]


def test_a_promotion_holds_until_aws_has_heard_of_it() -> None:
    writers = Writers[str]()
    writers.take(pair("a"))
    writers.promoted("all", "b")
    writers.take(pair("a"))  # it hasn't yet
    assert writers.upstream("a") == "b"
    writers.take(pair("b"))
    assert writers.upstream("a") == "b"
    writers.take(pair("a"))  # and back
    assert writers.upstream("b") == "a"


def test_who_leaves_takes_writes_alone_also_while_aws_still_counts_it_in() -> None:
    writers = Writers[str]()
    writers.take(pair("a"))
    writers.left("b")
    writers.take(pair("a"))
    assert (writers.role("b"), writers.upstream("b")) == ("alone", None)
    writers.take({"all": Replicated("all", "a", ("a",))})
    writers.take(pair("a"))  # it joined again
    assert writers.role("b") == "secondary"


def test_members_of_what_is_gone_are_alone() -> None:
    writers = Writers[str]()
    writers.take(pair("a"))
    writers.take({})
    assert (writers.role("b"), writers.of("a")) == ("alone", None)
