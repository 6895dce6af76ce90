"""What the name system says to a question."""

from random import Random
from typing import Any

import pytest

from rehearsal.live.names.answers import NameSystem, asker_in
from rehearsal.live.names.records import read
from rehearsal.live.names.rules import World

BALANCER = "lb.eu-west-1.elb.amazonaws.com"


def a(name: str, value: str) -> dict[str, Any]:
    return {"Name": name, "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": value}]}


@pytest.fixture
def system() -> NameSystem:
    made = NameSystem()
    alias = {"HostedZoneId": "Z", "DNSName": f"dualstack.{BALANCER}.", "EvaluateTargetHealth": True}
    records: list[dict[str, Any]] = [
        {
            "Name": "example.com.",
            "Type": "SOA",
            "TTL": 900,
            "ResourceRecords": [{"Value": "{'Value': 'ns. h. 1 2 3 4 5'}"}],
        },
        a("Example.com.", "10.0.0.1"),
        a("deep.below.example.com.", "10.0.0.2"),
        {"Name": "www.example.com.", "Type": "A", "AliasTarget": alias},
        {"Name": "www.example.com.", "Type": "AAAA", "AliasTarget": alias},
        {"Name": "alias.example.com.", "Type": "CNAME", "TTL": 5, "ResourceRecords": [{"Value": "WWW.example.com"}]},
        {"Name": "out.example.com.", "Type": "CNAME", "TTL": 5, "ResourceRecords": [{"Value": "elsewhere.net"}]},
        {"Name": "near.example.com.", "Type": "A", "TTL": 5, "SetIdentifier": "1", "CidrRoutingConfig": {}},
    ]
    made.load(
        {"example.com.": [read(each) for each in records], "own.example.com.": [read(a("own.example.com", "10.9.9.9"))]}
    )
    made.directory.publish(BALANCER, ["203.0.113.1", "203.0.113.2"], region="eu-west-1")
    return made


def world(system: NameSystem) -> World:
    return World(lambda _check: True, lambda _name: True, system.directory.find, Random(1))


@pytest.mark.parametrize(
    ("name", "kind", "code", "values", "has_soa"),
    [
        ("www.example.com", "A", "NOERROR", ["203.0.113.1", "203.0.113.2"], False),
        ("WWW.Example.COM.", "A", "NOERROR", ["203.0.113.1", "203.0.113.2"], False),
        ("www.example.com", "AAAA", "NOERROR", [], True),
        ("www.example.com", "MX", "NOERROR", [], True),
        ("below.example.com", "A", "NOERROR", [], True),
        ("none.example.com", "A", "NXDOMAIN", [], True),
        ("own.example.com", "A", "NOERROR", ["10.9.9.9"], False),
        ("alias.example.com", "A", "NOERROR", ["WWW.example.com", "203.0.113.1", "203.0.113.2"], False),
        ("alias.example.com", "CNAME", "NOERROR", ["WWW.example.com"], False),
        ("out.example.com", "A", "NOERROR", ["elsewhere.net"], False),
        (BALANCER, "A", "NOERROR", ["203.0.113.1", "203.0.113.2"], False),
        (BALANCER, "AAAA", "NOERROR", [], False),
        ("gone.eu-west-1.elb.amazonaws.com", "A", "REFUSED", [], False),
        ("near.example.com", "A", "SERVFAIL", [], False),
    ],
)
def test_answers(system: NameSystem, name: str, kind: str, code: str, values: list[str], has_soa: bool) -> None:
    reply = system.ask(name, kind, asker_in("eu-west-1"), world(system))
    assert (reply.code, [value for row in reply.rows for value in row.values]) == (code, values)
    assert (reply.soa is not None) is has_soa


def test_an_alias_to_a_balancer_may_be_kept_for_60_seconds_and_no_answer_as_long_as_the_zone_says(
    system: NameSystem,
) -> None:
    assert system.ask("www.example.com", "A", asker_in(""), world(system)).ttl == 60
    assert system.ask("none.example.com", "A", asker_in(""), world(system)).ttl == 900
    assert system.ask("alias.example.com", "A", asker_in(""), world(system)).ttl == 5


def test_a_withdrawn_name_leads_nowhere(system: NameSystem) -> None:
    system.directory.withdraw(BALANCER)
    assert system.ask("www.example.com", "A", asker_in(""), world(system)).rows == ()


def test_loading_the_same_again_is_no_news(system: NameSystem) -> None:
    records = [read(a("a.x", "10.0.0.1"))]
    assert system.load({"x": records})
    assert not system.load({"x": records})
    assert system.load({"x": [read(a("a.x", "10.0.0.2"))]})


def test_where_one_asks_from_says_the_continent() -> None:
    assert asker_in("ap-southeast-2").continent == "OC"
    assert asker_in("ap-southeast-1").continent == "AS"
    assert asker_in("eu-west-1").continent == "EU"
