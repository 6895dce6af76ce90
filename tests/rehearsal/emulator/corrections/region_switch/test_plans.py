"""Plans: kept, changed, tagged, and refused where they could not be executed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Client
from tests.rehearsal.emulator.corrections.region_switch.planned import ACTIVATED, LEFT, Planned, parallel, step

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture(scope="module")
def site(aws: Client) -> Planned:
    return Planned(aws, f"t{uuid4().hex[:10]}")


def function(name: str, *regions: str) -> dict[str, Any]:
    lambdas = [{"arn": f"arn:aws:lambda:{region}:123456789012:function:f"} for region in regions or (LEFT, ACTIVATED)]
    given = {"lambdas": lambdas, "regionToRun": "activatingRegion", "retryIntervalMinutes": 1}
    return step(name, "CustomActionLambda", customActionLambdaConfig=given)


def test_a_plan_is_kept_changed_and_deleted(site: Planned, refused: Callable[..., str]) -> None:
    arn = site.plan(function("a"), description="first", tags={"stack": "prod"})
    assert arn.startswith(f"arn:aws:arc-region-switch::123456789012:plan/{site.name}:")
    found = site.arc.get_plan(arn=arn)["plan"]
    assert (found["version"], found["description"], found["owner"]) == ("1", "first", "123456789012")
    assert found["workflows"][0]["steps"][0]["executionBlockConfiguration"]["customActionLambdaConfig"][
        "retryIntervalMinutes"
    ] == pytest.approx(1)
    assert site.arc.list_tags_for_resource(arn=arn)["resourceTags"] == {"stack": "prod"}
    workflows = [{"workflowTargetAction": "activate", "steps": [function("b")]}]
    site.arc.update_plan(arn=arn, executionRole=site.role, workflows=workflows)
    changed = site.arc.get_plan_in_region(arn=arn)["plan"]
    assert (changed["version"], changed["description"]) == ("2", "first")
    assert [each["name"] for each in changed["workflows"][0]["steps"]] == ["b"]
    site.arc.tag_resource(arn=arn, tags={"a": "b"})
    site.arc.untag_resource(arn=arn, resourceTagKeys=["stack"])
    assert site.arc.list_tags_for_resource(arn=arn)["resourceTags"] == {"a": "b"}
    assert arn in {each["arn"] for each in site.arc.list_plans()["plans"]}
    site.arc.delete_plan(arn=arn)
    assert refused(site.arc.get_plan, arn=arn) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "steps",
    [
        [function("a"), function("a")],
        [parallel("p", function("a"), function("b")), function("b")],
        [parallel("p", parallel("q", function("a")))],
        [function("a", ACTIVATED)],
        [function("a", ACTIVATED, ACTIVATED)],
        [{**function("a"), "executionBlockType": "ManualApproval"}],
    ],
    ids=["twice", "twice in a parallel one", "parallel in parallel", "one Region", "twice one Region", "other block"],
)
def test_steps_that_can_not_be_carried_out_are_refused(
    site: Planned, steps: list[dict[str, Any]], refused: Callable[..., str]
) -> None:
    assert refused(site.arc.create_plan, **site.settings(*steps)) == "ValidationException"


@pytest.mark.parametrize(
    "given",
    [
        {"regions": [LEFT, LEFT]},
        {"primaryRegion": "eu-west-3"},
        {"name": "-"},
        {"recoveryApproach": "activeActive"},
        {"workflows": [{"workflowTargetAction": "activate", "workflowTargetRegion": ACTIVATED}]},
        {"workflows": [{"workflowTargetAction": "activate"}] * 2},
    ],
)
def test_a_plan_that_would_leave_a_region_is_refused(
    site: Planned, given: dict[str, Any], refused: Callable[..., str]
) -> None:
    assert refused(site.arc.create_plan, **{**site.settings(function("a")), **given}) == "ValidationException"
