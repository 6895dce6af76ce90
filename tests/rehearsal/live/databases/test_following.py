"""Who is promoted, and whom commits wait for."""

from rehearsal.live.databases.configuration import conninfo, synchronous
from rehearsal.live.databases.following import Info, successor, wanted


def test_a_reader_that_commits_waited_for_is_promoted_before_one_that_happens_to_have_more() -> None:
    readers = {"a": Info(True, 50), "b": Info(True, 90), "c": Info(True, 40)}
    tiers = {"a": 1, "b": 0, "c": 0}
    assert successor(readers, ["a", "c"], tiers) == "a"
    assert successor(readers, [], tiers) == "b"
    assert successor({}, ["a"], tiers) is None


def test_of_readers_with_the_same_the_tier_decides() -> None:
    readers = {"a": Info(True, 50), "b": Info(True, 50)}
    assert successor(readers, ["a", "b"], {"a": 1, "b": 0}) == "b"
    assert successor(readers, ["a", "b"], {"a": 1, "b": 1}) == "a"


def test_readers_follow_their_head_and_that_the_other_region() -> None:
    addresses = {"a": "10.0.0.1", "b": "10.0.0.2"}
    assert wanted("a", addresses, None) == {"a": None, "b": "10.0.0.1"}
    assert wanted("a", addresses, "10.1.0.1") == {"a": "10.1.0.1", "b": "10.0.0.1"}


def test_a_commit_waits_for_one_of_the_readers_and_for_nobody_when_there_is_none() -> None:
    assert synchronous(["b-2", "a-1"]) == 'ANY 1 ("a-1", "b-2")'
    assert synchronous([]) == ""


def test_a_standby_says_who_it_is() -> None:
    assert "application_name=b-2" in conninfo("10.0.0.1", "x", "b-2")
