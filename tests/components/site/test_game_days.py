"""The experiments of a site: off unless asked for, on the primary, and told to operators."""

from typing import Any

import pytest
from ha_web import ConfigurationError

from tests.components.site.test_site import made_of

TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"


def tagged(made: Any) -> list[Any]:
    return [each for each in made.resources if "AzImpairmentPower" in str(each.inputs.get("tags"))]


def test_nothing_is_broken_or_tagged_unless_it_is_asked_for() -> None:
    made = made_of(database={})
    assert made.all(TEMPLATE) == []
    assert tagged(made) == []
    assert "game_day" not in made.result.outputs


def test_the_primary_is_broken_in_the_zone_that_is_asked_for_and_operators_are_told() -> None:
    made = made_of(database={}, game_day={"zone": "euw1-az2", "minutes": 5})
    told = made.outputs["game_day"]
    assert {key: told[key] for key in ("region", "zone", "minutes", "survives_region")} == {
        "region": "eu-west-1",
        "zone": "euw1-az2",
        "minutes": 5,
        "survives_region": True,
    }
    found = made.all(TEMPLATE)
    assert {each["region"] for each in found} == {"eu-west-1"}
    assert set(told["templates"]) == {each["tags"]["ha-web:scenario"] for each in found}
    [subnets] = [each for each in made.named("primary-game-day-zone")["targets"] if each["name"] == "subnets"]
    assert len(subnets["resourceArns"]) == 3
    assert all("euw1-az2" in arn for arn in subnets["resourceArns"])


def test_all_that_can_be_broken_is_tagged_in_both_regions() -> None:
    kinds = {(each.type, each.inputs["region"]) for each in tagged(made_of(database={}, game_day={}))}
    assert len(kinds) == 8


def test_durable_sessions_have_no_experiment() -> None:
    made = made_of(game_day={}, sessions={"durable": True, "node_type": "db.r7g.xlarge"})
    assert {each["tags"]["ha-web:scenario"] for each in made.all(TEMPLATE)} == {"server-killed", "zone", "region"}


def test_a_zone_that_the_primary_is_not_in_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r'game_day\.zone is "euw1-az9"; the primary is in euw1-az1'):
        made_of(game_day={"zone": "euw1-az9"})
