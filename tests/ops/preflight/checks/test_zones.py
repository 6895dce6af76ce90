"""The zones that the program chooses, and what is offered there."""

from typing import Any

import pytest

from ops.preflight.checks.zones import chosen_zones
from ops.preflight.facts import Asked, Unanswered
from ops.preflight.lines import Verdict
from ops.preflight.look import Look
from ops.preflight.needs import Site
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import IRELAND, in_both, line

PROD = fakes.site()
PINNED = fakes.site(primary={"region": IRELAND, "cidr": "10.0.0.0/16", "zoneIds": ["euw1-az2", "euw1-az3"]})


def chosen(site: Site) -> list[str]:
    return list(chosen_zones(Look(site, site.places[0], fakes.facts(site))))


def test_the_first_zones_by_number_are_chosen_or_those_that_are_given() -> None:
    assert chosen(PROD) == ["euw1-az1", "euw1-az2", "euw1-az3"]
    assert chosen(fakes.site(zones=2)) == ["euw1-az1", "euw1-az2"]
    assert chosen(PINNED) == ["euw1-az2", "euw1-az3"]


def test_a_zone_that_aws_no_longer_extends_is_chosen_only_if_it_is_given() -> None:
    virginia = [
        {"ZoneId": f"use1-az{number}", "ZoneName": f"us-east-1{letter}"} for number, letter in enumerate("abcde", 1)
    ]
    changes = {Asked("zones", IRELAND): {"AvailabilityZones": virginia}}
    look = Look(PROD, PROD.places[0], fakes.facts(PROD, changes))
    assert list(chosen_zones(look)) == ["use1-az1", "use1-az2", "use1-az4"]


def test_a_given_zone_that_the_account_does_not_have_fails() -> None:
    there = {"AvailabilityZones": fakes.zones(IRELAND)[:2]}
    found = line("zones", PINNED, in_both("zones", there))
    assert (found.verdict, found.text) == (Verdict.WILL_FAIL, "euw1-az3 is not among euw1-az1, euw1-az2")


def offers(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"InstanceTypeOfferings": [{"InstanceType": kind, "Location": zone} for kind, zone in pairs]}


def test_zones_that_offer_the_type_are_named_by_commands() -> None:
    two = offers(("m7g.large", "euw1-az1"), ("m7g.large", "euw1-az3"))
    assert line("instance type", PROD, in_both("offered zones", two)).mend == (
        "pulumi config set -s prod --path 'ha-web:primary.zoneIds[0]' euw1-az1 && "
        "pulumi config set -s prod --path 'ha-web:primary.zoneIds[1]' euw1-az3"
    )
    one = in_both("offered zones", offers(("m7g.large", "euw1-az1")))
    assert line("instance type", PROD, one).mend == "choose another type, or another Region for ha-web:primary"


def database(**changes: Any) -> dict[Any, Any]:
    offer = fakes.of_region(IRELAND)["database class"]["OrderableDBInstanceOptions"][0]
    return in_both("database class", {"OrderableDBInstanceOptions": [{**offer, **changes}]})


def test_a_class_is_needed_in_the_zones_of_the_instances_only() -> None:
    two = database(AvailabilityZones=[{"Name": "eu-west-1a"}, {"Name": "eu-west-1b"}])
    assert line("database class", PROD, two).verdict is Verdict.OK
    one = database(AvailabilityZones=[{"Name": "eu-west-1b"}])
    assert line("database class", PROD, one).text.endswith("isn't offered in euw1-az2")


def test_a_class_that_takes_no_global_database_fails_where_there_is_a_standby() -> None:
    changes = database(SupportsGlobalDatabases=False)
    assert line("database class", PROD, changes).verdict is Verdict.WILL_FAIL
    alone = fakes.site(standby=None, failover=None)
    assert line("database class", alone, changes).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            in_both("cache node type", {"ReservedCacheNodesOfferings": []}),
            "cache.m7g.large: the Region sells no reserved nodes of it, and no API tells the zones of nodes",
        ),
        (
            in_both("offered zones", offers(("m7g.large", "euw1-az1"), ("m7g.large", "euw1-az2"))),
            "cache.m7g.large: EC2 doesn't have it in euw1-az3, and no API tells the zones of nodes",
        ),
        (
            in_both("cache node type", Unanswered("Throttling")),
            "elasticache:DescribeReservedCacheNodesOfferings: Throttling",
        ),
    ],
)
def test_hints_about_a_node_type_that_contradict_each_other_tell_nothing(changes: dict[Any, Any], text: str) -> None:
    found = line("session nodes", PROD, changes)
    assert (found.verdict, found.text) == (Verdict.CANT_TELL, text)
