"""Executions of plans on the account that doesn't live: they are over when their start answers."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import boto3
import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import DIRECT, Client
from tests.rehearsal.emulator.corrections.region_switch.planned import (
    ACTIVATED,
    LEFT,
    TARGET,
    Planned,
    parallel,
    step,
)

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture
def site(aws: Client, unique: str) -> Planned:
    return Planned(aws, unique)


@pytest.fixture(scope="module")
def shared(aws: Client) -> Planned:
    """A site of which no test changes anything."""
    return Planned(aws, f"t{uuid4().hex[:10]}")


def test_a_plan_raises_servers_moves_the_database_and_invokes_functions(site: Planned) -> None:
    at_once = parallel("prepare", site.capacity(), site.database())
    arn = site.plan(at_once, site.invocation())
    execution = site.start(arn)
    assert site.state(execution) == "completed"
    assert site.steps(execution) == dict.fromkeys(("prepare", "capacity", "database", "function"), "completed")
    assert site.group()["DesiredCapacity"] == len(site.group()["Instances"]) == 3
    assert site.writer == site.clusters[1]
    events = site.arc.list_plan_execution_events(**execution)["items"]
    assert any("was not run" in each.get("description", "") for each in events)
    assert [each["type"] for each in events[:2]] == ["executionStarted", "stepStarted"]
    assert events[-1]["type"] == "executionSucceeded"
    assert [each.get("previousEventId") for each in events] == [None, *(each["eventId"] for each in events[:-1])]
    [listed] = site.arc.list_plan_executions(planArn=arn)["items"]
    assert (listed["executionId"], listed["mode"], listed["executionRegion"]) == (
        execution["executionId"],
        "ungraceful",
        ACTIVATED,
    )
    assert listed["executionId"].startswith(f"{ACTIVATED}/")


def test_a_graceful_execution_switches_the_database_over(site: Planned) -> None:
    execution = site.start(site.plan(site.database()), "graceful")
    told = [each.get("description") for each in site.arc.list_plan_execution_events(**execution)["items"]]
    assert "switching over" in told
    assert (site.state(execution), site.writer) == ("completed", site.clusters[1])


def test_no_group_is_made_smaller(shared: Planned) -> None:
    execution = shared.start(shared.plan(shared.capacity(targetPercent=10)))
    assert (shared.state(execution), shared.group()["DesiredCapacity"]) == ("completed", 1)


def test_what_the_role_may_not_do_pauses_the_execution_until_somebody_resumes_it(site: Planned) -> None:
    arn = site.plan(site.capacity())
    site.allow("autoscaling:Describe*")
    execution = site.start(arn)
    assert (site.state(execution), site.steps(execution)) == ("pausedByFailedStep", {"capacity": "failed"})
    assert "autoscaling:UpdateAutoScalingGroup" in site.errors(execution)[0]
    site.allow("autoscaling:*")
    site.arc.update_plan_execution(**execution, action="resume")
    assert (site.state(execution), site.group()["DesiredCapacity"]) == ("completed", 3)


def test_a_failed_step_is_skipped_or_carried_out_ungracefully(shared: Planned) -> None:
    arn = shared.plan(shared.capacity(targetPercent=1000), shared.invocation())  # more than the group may have
    execution = shared.start(arn)
    assert shared.state(execution) == "pausedByFailedStep"
    shared.arc.update_plan_execution_step(**execution, stepName="capacity", actionToTake="skip", comment="enough")
    assert shared.state(execution) == "completedWithExceptions"
    assert shared.steps(execution) == {"capacity": "skipped", "function": "completed"}


def test_a_failed_parallel_step_goes_on_without_the_one_that_is_skipped(shared: Planned) -> None:
    at_once = parallel("prepare", shared.capacity(targetPercent=1000), shared.invocation("first"))
    execution = shared.start(shared.plan(at_once, shared.invocation()))
    assert shared.steps(execution) == {
        "prepare": "failed",
        "capacity": "failed",
        "first": "completed",
        "function": "notStarted",
    }
    shared.arc.update_plan_execution_step(**execution, stepName="capacity", actionToTake="skip", comment="enough")
    assert shared.steps(execution)["prepare"] == shared.steps(execution)["function"] == "completed"


def test_an_execution_is_canceled_and_is_over_then(shared: Planned, refused: Callable[..., str]) -> None:
    arn = shared.plan(shared.capacity(targetPercent=1000))
    execution = shared.start(arn)
    assert refused(shared.arc.start_plan_execution, planArn=arn, **TARGET) == "IllegalStateException"
    assert refused(shared.arc.delete_plan, arn=arn) == "IllegalStateException"
    shared.arc.cancel_plan_execution(**execution)
    assert (shared.state(execution), shared.steps(execution)) == ("canceled", {"capacity": "canceled"})
    assert refused(shared.arc.update_plan_execution, **execution, action="resume") == "IllegalStateException"
    shared.arc.delete_plan(arn=arn)


def test_a_role_that_does_not_trust_region_switch_fails_the_execution(shared: Planned) -> None:
    other = shared.make_role("lambda.amazonaws.com", "*", f"{shared.name}-o")
    execution = shared.start(shared.plan(shared.capacity(), executionRole=other))
    assert shared.state(execution) == "failed"
    assert "sts:AssumeRole" in shared.errors(execution)[0]


def test_a_function_is_left_out_of_an_ungraceful_execution_if_it_says_so(shared: Planned) -> None:
    arn = shared.plan(shared.invocation(ungraceful={"behavior": "skip"}))
    assert shared.steps(shared.start(arn)) == {"function": "skipped"}
    assert shared.steps(shared.start(arn, "graceful")) == {"function": "completed"}


def test_a_block_that_is_not_rehearsed_says_so(shared: Planned) -> None:
    check = step("dns", "Route53HealthCheck", route53HealthCheckConfig={"hostedZoneId": "Z1", "recordName": "www"})
    execution = shared.start(shared.plan(check))
    assert shared.state(execution) == "pausedByFailedStep"
    assert shared.errors(execution) == ["the rehearsal doesn't carry out Route53HealthCheck steps"]


def under(emulator: Emulator, role: str, service: str) -> Any:
    """Region switch, as somebody asks it under a role."""
    keys = emulator.credentials(role, service)
    session = boto3.Session(*(keys[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")))
    return session.client("arc-region-switch", region_name=ACTIVATED, endpoint_url=emulator.endpoint, config=DIRECT)


def test_a_person_with_the_approval_role_approves(
    emulator: Emulator, shared: Planned, refused: Callable[..., str]
) -> None:
    approver = shared.make_role("ec2.amazonaws.com", "arc-region-switch:*", f"{shared.name}-a")
    arn = shared.plan(shared.approval(role=approver), shared.invocation())
    execution = shared.start(arn)
    assert (shared.state(execution), shared.steps(execution)["approval"]) == (
        "pendingManualApproval",
        "pendingApproval",
    )
    given = {**execution, "stepName": "approval", "approval": "approve"}
    stranger = under(emulator, shared.role, "arc-region-switch.amazonaws.com")
    assert refused(stranger.approve_plan_execution_step, **given) == "AccessDeniedException"
    under(emulator, approver, "ec2.amazonaws.com").approve_plan_execution_step(**given)
    assert (shared.state(execution), shared.steps(execution)["function"]) == ("completed", "completed")


def test_what_is_declined_goes_no_further(shared: Planned) -> None:
    execution = shared.start(shared.plan(shared.approval(), shared.invocation()))
    shared.arc.approve_plan_execution_step(**execution, stepName="approval", approval="decline")
    assert shared.state(execution) == "pausedByFailedStep"
    assert shared.steps(execution) == {"approval": "failed", "function": "notStarted"}


def test_the_same_token_starts_it_once(shared: Planned) -> None:
    given = {"planArn": shared.plan(shared.invocation()), **TARGET, "clientToken": "once"}
    assert (
        shared.arc.start_plan_execution(**given)["executionId"]
        == shared.arc.start_plan_execution(**given)["executionId"]
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"targetRegion": "eu-west-3"}, "IllegalArgumentException"),
        ({"action": "deactivate"}, "IllegalArgumentException"),
        ({"planArn": "arn:aws:arc-region-switch::123456789012:plan/none:abcdef"}, "ResourceNotFoundException"),
    ],
)
def test_what_the_plan_does_not_have_is_not_started(
    shared: Planned, given: dict[str, str], code: str, refused: Callable[..., str]
) -> None:
    arn = shared.plan(shared.invocation())
    assert refused(shared.arc.start_plan_execution, **{"planArn": arn, **TARGET, **given}) == code


def test_the_other_regions_of_the_world_do_not_have_the_plan(shared: Planned, refused: Callable[..., str]) -> None:
    arn = shared.plan(shared.invocation())
    elsewhere = shared.aws("arc-region-switch", "eu-west-3")
    assert refused(elsewhere.start_plan_execution, planArn=arn, **TARGET) == "ResourceNotFoundException"
    assert refused(elsewhere.get_plan_in_region, arn=arn) == "ResourceNotFoundException"
    assert arn not in {each["arn"] for each in elsewhere.list_plans_in_region()["plans"]}
    there = shared.aws("arc-region-switch", LEFT)
    assert arn in {each["arn"] for each in there.list_plans_in_region()["plans"]}
