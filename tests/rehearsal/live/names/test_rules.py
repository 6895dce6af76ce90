"""Which record set Route 53 answers with."""

from collections.abc import Collection
from random import Random
from typing import Any

import pytest

from rehearsal.live.names.records import RecordSet, read
from rehearsal.live.names.rules import Asker, Found, Rules, UnsupportedError, World

IRELAND = Asker("eu-west-1")

LB = {"one": "one.eu-west-1.elb.amazonaws.com", "two": "two.eu-central-1.elb.amazonaws.com"}


def record(name: str, **more: Any) -> RecordSet:
    given: dict[str, Any] = {"Name": name, "Type": "A", **more}
    if "AliasTarget" not in given:
        given["ResourceRecords"] = [{"Value": given.pop("value", "10.0.0.1")}]
        given.setdefault("TTL", 30)
    return read(given)


def alias(target: str, *, evaluate: bool = True) -> dict[str, Any]:
    return {"HostedZoneId": "Z", "DNSName": target, "EvaluateTargetHealth": evaluate}


def rules(*records: RecordSet) -> Rules:
    sets: dict[tuple[str, str], tuple[RecordSet, ...]] = {}
    for each in records:
        sets[each.name, each.type] = (*sets.get((each.name, each.type), ()), each)
    return Rules(sets)


def world(failing: Collection[str] = (), down: Collection[str] = ()) -> World:
    return World(
        check=lambda check: check not in failing,
        serves=lambda name: name not in down,
        find=lambda name, kind: Found((f"<{name}>",), 60.0) if kind == "A" else None,
        random=Random(1),
    )


def asked(found: Rules, seen: World, name: str = "www.example.com", asker: Asker = IRELAND) -> str:
    answer = found.answer(name, "A", asker, seen)
    return " ".join(answer.values) if answer else "none"


FAILOVER = rules(
    record("www.example.com", AliasTarget=alias("pick.example.com")),
    record("pick.example.com", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="p", AliasTarget=alias(LB["one"])),
    record(
        "pick.example.com", SetIdentifier="s", Failover="SECONDARY", HealthCheckId="s", AliasTarget=alias(LB["two"])
    ),
)


@pytest.mark.parametrize(
    ("failing", "down", "wanted"),
    [
        ((), (), "one"),
        ("p", (), "two"),
        ((), [LB["one"]], "two"),
        ("s", (), "one"),
        ("ps", (), "one"),
        ("p", [LB["two"]], "one"),
        ((), [LB["one"], LB["two"]], "one"),
    ],
)
def test_failover_answers_with_the_primary_unless_only_the_secondary_is_healthy(
    failing: Collection[str], down: Collection[str], wanted: str
) -> None:
    assert asked(FAILOVER, world(failing, down)) == f"<{LB[wanted]}>"


def test_an_alias_that_does_not_evaluate_its_target_is_healthy_whatever_the_target_is() -> None:
    found = rules(
        record("w.x", SetIdentifier="p", Failover="PRIMARY", AliasTarget=alias(LB["one"], evaluate=False)),
        record("w.x", SetIdentifier="s", Failover="SECONDARY", AliasTarget=alias(LB["two"], evaluate=False)),
    )
    assert asked(found, world(down=[LB["one"]]), "w.x") == f"<{LB['one']}>"


def test_a_secondary_without_a_check_is_always_healthy() -> None:
    found = rules(
        record("w.x", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="p", value="192.0.2.1"),
        record("w.x", SetIdentifier="s", Failover="SECONDARY", value="192.0.2.2"),
    )
    assert asked(found, world("p"), "w.x") == "192.0.2.2"


def test_a_branch_is_healthy_while_one_of_its_records_is() -> None:
    found = rules(
        record("w.x", SetIdentifier="a", Region="eu-west-1", AliasTarget=alias("a.x")),
        record("w.x", SetIdentifier="b", Region="us-east-1", AliasTarget=alias("b.x")),
        record("a.x", SetIdentifier="1", Weight=1, HealthCheckId="1", value="10.0.0.1"),
        record("a.x", SetIdentifier="2", Weight=1, HealthCheckId="2", value="10.0.0.2"),
        record("b.x", value="10.0.0.9"),
    )
    assert asked(found, world("1"), "w.x") == "10.0.0.2"
    assert asked(found, world("12"), "w.x") == "10.0.0.9"


@pytest.mark.parametrize(
    ("region", "failing", "wanted"),
    [
        ("eu-west-1", (), "ie"),
        ("eu-central-1", (), "ie"),
        ("us-west-2", (), "us"),
        ("ap-northeast-1", (), "us"),
        ("eu-west-1", ["ie"], "us"),
        ("eu-west-1", ["ie", "us"], "ie"),
    ],
)
def test_latency_answers_with_the_nearest_healthy_region(region: str, failing: list[str], wanted: str) -> None:
    found = rules(
        record("w.x", SetIdentifier="ie", Region="eu-west-1", HealthCheckId="ie", value="ie"),
        record("w.x", SetIdentifier="us", Region="us-east-1", HealthCheckId="us", value="us"),
    )
    assert asked(found, world(failing), "w.x", Asker(region)) == wanted


def share(found: Rules, seen: World) -> dict[str, int]:
    answers = [asked(found, seen, "w.x") for _ in range(1000)]
    return {answer: answers.count(answer) for answer in set(answers)}


def test_weighted_answers_follow_the_weights_of_the_healthy() -> None:
    found = rules(
        record("w.x", SetIdentifier="a", Weight=90, HealthCheckId="a", value="a"),
        record("w.x", SetIdentifier="b", Weight=10, HealthCheckId="b", value="b"),
        record("w.x", SetIdentifier="c", Weight=0, value="c"),
    )
    assert 860 < share(found, world())["a"] < 940
    assert share(found, world("a")) == {"b": 1000}
    assert share(found, world("ab")) == {"c": 1000}


def test_with_no_weighted_record_healthy_all_but_those_of_weight_0_are_answered() -> None:
    found = rules(
        record("w.x", SetIdentifier="a", Weight=1, HealthCheckId="a", value="a"),
        record("w.x", SetIdentifier="c", Weight=0, HealthCheckId="a", value="c"),
    )
    assert share(found, world("a")) == {"a": 1000}


def test_weights_of_0_alone_share_alike() -> None:
    found = rules(*(record("w.x", SetIdentifier=each, Weight=0, HealthCheckId="x", value=each) for each in "ab"))
    assert set(share(found, world())) == {"a", "b"}
    assert set(share(found, world("x"))) == {"a", "b"}


def test_multivalue_answers_up_to_eight_healthy_values_or_any_if_none_is() -> None:
    found = rules(
        *(
            record("w.x", SetIdentifier=f"{n}", MultiValueAnswer=True, HealthCheckId=f"{n}", value=f"10.0.0.{n}")
            for n in range(12)
        )
    )
    answer = found.answer("w.x", "A", Asker(), world("0"))
    assert answer is not None
    assert len(answer.values) == 8
    assert "10.0.0.0" not in answer.values
    all_failing = found.answer("w.x", "A", Asker(), world([f"{n}" for n in range(12)]))
    assert all_failing is not None
    assert len(all_failing.values) == 8


@pytest.mark.parametrize(
    ("asker", "failing", "wanted"),
    [
        (Asker(country="US", subdivision="CA", continent="NA"), "", "california"),
        (Asker(country="US", subdivision="CA", continent="NA"), "c", "usa"),
        (Asker(country="US", continent="NA"), "", "usa"),
        (Asker(country="DE", continent="EU"), "", "europe"),
        (Asker(country="DE", continent="EU"), "e", "default"),
        (Asker(country="DE", continent="EU"), "ed", "europe"),
        (Asker(country="JP", continent="AS"), "", "default"),
    ],
)
def test_geolocation_answers_with_the_smallest_healthy_place_around_the_asker(
    asker: Asker, failing: str, wanted: str
) -> None:
    places = {
        "california": {"CountryCode": "US", "SubdivisionCode": "CA"},
        "usa": {"CountryCode": "US"},
        "europe": {"ContinentCode": "EU"},
        "default": {"CountryCode": "*"},
    }
    found = rules(
        *(
            record("w.x", SetIdentifier=name, GeoLocation=place, HealthCheckId=name[0], value=name)
            for name, place in places.items()
        )
    )
    assert asked(found, world(failing), "w.x", asker) == wanted


def test_geolocation_without_a_default_says_nothing_to_those_elsewhere() -> None:
    found = rules(record("w.x", SetIdentifier="e", GeoLocation={"ContinentCode": "EU"}))
    assert asked(found, world(), "w.x", Asker(continent="AS")) == "none"


def test_an_alias_answers_under_its_own_name_with_its_targets_ttl() -> None:
    answer = FAILOVER.answer("www.example.com", "A", Asker(), world())
    assert answer is not None
    assert answer.ttl == 60.0


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a.x", "star"),
        ("b.a.x", "star"),
        ("here.x", "here"),
        ("below.here.x", "none"),
        ("x", "none"),
    ],
)
def test_a_wildcard_stands_for_names_without_records_of_their_own(name: str, wanted: str) -> None:
    found = rules(record(r"\052.x", value="star"), record("here.x", value="here"))
    assert asked(found, world(), name) == wanted


def test_a_circle_of_aliases_ends() -> None:
    found = rules(record("a.x", AliasTarget=alias("b.x")), record("b.x", AliasTarget=alias("a.x")))
    assert asked(found, world(), "a.x") == "none"


@pytest.mark.parametrize(
    ("policy", "given"),
    [("geoproximity", {"GeoProximityLocation": {"AWSRegion": "eu-west-1"}}), ("cidr", {"CidrRoutingConfig": {}})],
)
def test_a_policy_that_is_not_rehearsed_is_said_and_not_guessed(policy: str, given: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedError, match=policy):
        rules(record("w.x", SetIdentifier="1", **given)).answer("w.x", "A", Asker(), world())
