"""Services of the emulated Resilience Hub: their role, and what they are held to."""

from collections.abc import Callable

import pytest

from tests.conftest import Client
from tests.rehearsal.emulator.corrections.resilience_hub.told import role, service

TARGETS = {"rtoInMinutes": 2, "disasterRecoveryApproach": "ACTIVE_ACTIVE"}


def test_a_service_is_held_to_its_policy_and_judged_by_nobody(aws: Client, unique: str) -> None:
    hub = aws("resiliencehubv2")
    policy = hub.create_policy(name=unique, multiAz=TARGETS)["policy"]["policyArn"]
    arn = service(aws, unique, role(aws, unique), policyArn=policy, tags={"stack": "prod"})
    found = hub.get_service(serviceArn=arn)["service"]
    assert found["effectivePolicyValues"]["multiAzRto"] == {"value": 2, "policyName": unique, "source": "SELF"}
    assert "multiAzRpo" not in found["effectivePolicyValues"]
    assert (found["assessmentStatus"], found["tags"]) == ("NOT_STARTED", {"stack": "prod"})
    assert hub.list_failure_mode_assessments(serviceArn=arn)["assessmentSummaries"] == []
    assert hub.list_test_runs(serviceArn=arn)["testRuns"] == []
    assert [each["serviceArn"] for each in hub.list_services(policyArn=policy)["serviceSummaries"]] == [arn]
    hub.update_service(serviceArn=arn, regions=["eu-west-1", "eu-central-1"], dependencyDiscovery="DISABLED")
    found = hub.get_service(serviceArn=arn)["service"]
    assert (found["regions"], found["policyArn"]) == (["eu-west-1", "eu-central-1"], policy)
    assert found["dependencyDiscovery"]["status"] == "DISABLED"


@pytest.mark.parametrize("wrong", ["absent", "another's", "without its path"])
def test_a_role_that_the_hub_can_not_take_is_refused(
    wrong: str, aws: Client, unique: str, refused: Callable[..., str]
) -> None:
    named = unique
    if wrong == "another's":
        role(aws, unique, service="fis")
    if wrong == "without its path":
        assert role(aws, unique, path="/site/") == f"site/{unique}"
    assert refused(service, aws=aws, name=unique, named=named) == "ValidationException"
    if wrong == "without its path":
        assert service(aws, unique, f"site/{unique}")


def test_a_policy_that_is_not_there_and_a_name_that_is_are_refused(
    aws: Client, unique: str, refused: Callable[..., str]
) -> None:
    named, absent = role(aws, unique), "arn:aws:resiliencehub:eu-west-1:123456789012:policy/absent:000000"
    assert refused(service, aws=aws, name=unique, named=named, policyArn=absent) == "ResourceNotFoundException"
    service(aws, unique, named)
    assert refused(service, aws=aws, name=unique, named=named) == "ConflictException"
