"""AWS's own names."""

import pytest

from rehearsal.live.names.directory import Directory, is_of_aws


def test_the_nearest_wildcard_answers_for_names_beneath_it() -> None:
    directory = Directory()
    directory.publish("*.s3.eu-west-1.amazonaws.com", ["198.18.3.1"], ttl=5, region="eu-west-1")
    directory.publish("own.s3.eu-west-1.amazonaws.com", ["198.18.3.2"])
    for name, wanted in (
        ("a.b.s3.eu-west-1.amazonaws.com", "198.18.3.1"),
        ("OWN.s3.eu-west-1.amazonaws.com.", "198.18.3.2"),
    ):
        found = directory.find(name, "A")
        assert found is not None
        assert found.values == (wanted,)
    assert directory.find("s3.eu-west-1.amazonaws.com", "A") is None


def test_addresses_are_answered_by_their_version() -> None:
    directory = Directory()
    directory.publish("both.amazonaws.com", ["10.0.0.1", "2001:db8::1"])
    for kind, wanted in (("A", ("10.0.0.1",)), ("AAAA", ("2001:db8::1",)), ("TXT", ())):
        found = directory.find("dualstack.both.amazonaws.com", kind)
        assert found is not None
        assert found.values == wanted


def test_a_name_without_addresses_is_chosen_by_no_alias_that_evaluates_it() -> None:
    directory = Directory()
    directory.publish("a.amazonaws.com", [])
    directory.publish("b.amazonaws.com", ["10.0.0.1"], serves=False)
    directory.publish("c.amazonaws.com", ["10.0.0.1"])
    entries = [directory.entry(f"{each}.amazonaws.com") for each in "abc"]
    assert [entry.serves for entry in entries if entry] == [False, False, True]


def test_publishing_the_same_again_is_no_news() -> None:
    directory = Directory()
    assert directory.publish("a.x", ["10.0.0.1"])
    assert not directory.publish("a.x", ["10.0.0.1"])
    assert directory.publish("a.x", ["10.0.0.2"])
    assert directory.withdraw("A.x.")
    assert not directory.withdraw("a.x")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("lb-1.eu-west-1.elb.amazonaws.com", "eu-west-1"),
        ("nlb-1.elb.eu-west-1.amazonaws.com", "eu-west-1"),
        ("c.cluster-x.ap-southeast-2.rds.amazonaws.com", "ap-southeast-2"),
        ("b.s3.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("d111.cloudfront.net", None),
        ("x.abc.euw1.cache.amazonaws.com", None),
    ],
)
def test_a_published_name_is_of_the_region_that_stands_in_it(name: str, wanted: str | None) -> None:
    directory = Directory()
    directory.publish(name, ["10.0.0.1"])
    entry = directory.entry(name)
    assert entry is not None
    assert entry.region == wanted


def test_which_names_are_of_aws() -> None:
    assert is_of_aws("lb.eu-west-1.elb.amazonaws.com.")
    assert not is_of_aws("www.example.com")
