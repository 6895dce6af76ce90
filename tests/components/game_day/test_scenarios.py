"""The experiments: what each does, and to what."""

from typing import Any

import pytest
from ha_web.game_day.scenarios import FAILURES, Facts, Scenario, scenarios

from rehearsal.drill.scenarios.catalogue import BY_NAME

ZONE, ALL_ZONES = ["arn:public-a", "arn:servers-a", "arn:data-a"], ["arn:public-a", "arn:public-b"]


def made(**args: Any) -> dict[str, Scenario]:
    given: dict[str, Any] = {"own": "ha-web-prod", "group": "web", "zone": "eu-west-1a", "minutes": 10}
    facts = Facts(**{**given, "zone_subnets": ZONE, "balancer_subnets": ALL_ZONES, **args})
    return {each.name: each for each in scenarios(facts)}


EVERYTHING = {"database": "arn:database", "sessions": True}


def test_only_what_is_there_is_broken() -> None:
    assert set(made()) == {"server-killed", "zone", "region"}
    assert set(made(**EVERYTHING)) == {"server-killed", "zone", "region", "session-zone", "database-writer-killed"}
    assert set(made()["zone"].actions) == {"stop", "no-capacity", "silence"}


def test_names_are_the_drills_where_the_drill_breaks_the_same() -> None:
    assert set(made(**EVERYTHING)) == set(FAILURES)
    assert set(FAILURES) - set(BY_NAME) == {"session-zone"}  # the drill kills the primary, wherever it is


def test_one_server_is_terminated_and_only_one_of_the_group() -> None:
    server = made()["server-killed"].targets["server"]
    assert (server.mode, dict(server.tags)) == ("COUNT(1)", {"aws:autoscaling:groupName": "web"})


def test_a_zone_loses_servers_network_and_stores_and_nothing_of_another_zone() -> None:
    zone = made(**EVERYTHING)["zone"]
    assert zone.targets["servers"].filters["Placement.AvailabilityZone"] == "eu-west-1a"
    assert zone.targets["subnets"].arns == ZONE
    assert zone.targets["sessions"].parameters == {"availabilityZoneIdentifier": "eu-west-1a"}
    assert zone.targets["database"].parameters == {"writerAvailabilityZoneIdentifiers": "eu-west-1a"}
    assert zone.actions["no-capacity"].parameters["availabilityZoneIdentifiers"] == "eu-west-1a"


def test_a_target_has_no_more_subnets_than_the_service_takes_and_all_are_silent() -> None:
    six = [f"arn:aws:ec2:us-east-1:1:subnet/subnet-{number}" for number in range(6)]
    region = made(balancer_subnets=six)["region"]
    assert [[*target.arns] for target in region.targets.values()] == [six[:5], six[5:]]
    assert [action.target for action in region.actions.values()] == [*region.targets] == ["subnets", "subnets-2"]
    assert [*region.actions] == ["silence", "silence-2"]


def test_a_region_is_silent_at_its_balancers_and_its_own_alarms_do_not_end_that() -> None:
    region = made(**EVERYTHING)["region"]
    assert region.targets["subnets"].arns == ALL_ZONES
    assert not region.stops
    assert all(each.stops for name, each in made(**EVERYTHING).items() if name != "region")


@pytest.mark.parametrize("name", ["zone", "session-zone"])
def test_the_store_is_found_by_the_tag_of_aws_and_that_of_the_site(name: str) -> None:
    tags = made(**EVERYTHING)[name].targets["sessions"].tags
    assert tags == {"AzImpairmentPower": "ElasticacheImpact", "ha-web:game-day": "ha-web-prod"}


def test_what_can_be_undone_lasts_as_long_as_is_asked_for() -> None:
    found = made(**EVERYTHING, minutes=3)
    lasting = {
        value
        for each in found.values()
        for action in each.actions.values()
        for key, value in action.parameters.items()
        if key in ("duration", "startInstancesAfterDuration")
    }
    assert lasting == {"PT3M"}


def test_every_action_has_the_target_that_it_names() -> None:
    for each in made(**EVERYTHING).values():
        assert {action.target for action in each.actions.values()} == set(each.targets)
