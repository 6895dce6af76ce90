"""Policies of the emulated Resilience Hub."""

from collections.abc import Callable

from tests.conftest import Client
from tests.rehearsal.emulator.corrections.resilience_hub.told import role, service

TARGETS = {"rtoInMinutes": 2, "rpoInMinutes": 1, "disasterRecoveryApproach": "ACTIVE_ACTIVE"}


def test_a_policy_keeps_what_it_is_not_told_and_loses_what_is_emptied(
    aws: Client, unique: str, refused: Callable[..., str]
) -> None:
    hub = aws("resiliencehubv2")
    made = hub.create_policy(name=unique, multiAz=TARGETS, dataRecovery={"timeBetweenBackupsInMinutes": 60})["policy"]
    arn = made["policyArn"]
    assert refused(hub.create_policy, name=unique, multiAz=TARGETS) == "ConflictException"
    hub.update_policy(policyArn=arn, multiAz={"rtoInMinutes": 3}, description="All zones")
    found = hub.get_policy(policyArn=arn)["policy"]
    assert (found["multiAz"], found["description"]) == ({"rtoInMinutes": 3}, "All zones")
    assert found["dataRecovery"] == {"timeBetweenBackupsInMinutes": 60}
    assert hub.update_policy(policyArn=arn, dataRecovery={})["policy"].keys() & {"dataRecovery"} == set()
    hub.delete_policy(policyArn=arn)
    assert refused(hub.get_policy, policyArn=arn) == "ResourceNotFoundException"


def test_a_policy_of_a_service_stays(aws: Client, unique: str, refused: Callable[..., str]) -> None:
    hub = aws("resiliencehubv2")
    arn = hub.create_policy(name=unique, multiAz=TARGETS)["policy"]["policyArn"]
    of = service(aws, unique, role(aws, unique), policyArn=arn)
    assert hub.get_policy(policyArn=arn)["policy"]["associatedServiceCount"] == 1
    assert refused(hub.delete_policy, policyArn=arn) == "ConflictException"
    hub.delete_service(serviceArn=of)
    hub.delete_policy(policyArn=arn)


def test_a_list_comes_in_pages_and_is_of_its_region(aws: Client, unique: str, refused: Callable[..., str]) -> None:
    hub = aws("resiliencehubv2", "eu-north-1")
    for number in range(3):
        hub.create_policy(name=f"{unique}-{number}", multiAz=TARGETS, tags={"a": "b"})
    first = hub.list_policies(maxResults=2)
    rest = hub.list_policies(maxResults=2, nextToken=first["nextToken"])
    found = [*first["policySummaries"], *rest["policySummaries"]]
    assert [each["name"] for each in found] == [f"{unique}-{number}" for number in range(3)]
    assert "nextToken" not in rest
    assert refused(aws("resiliencehubv2").get_policy, policyArn=found[0]["policyArn"]) == "ResourceNotFoundException"


def test_what_the_model_does_not_take_is_refused(aws: Client, refused: Callable[..., str]) -> None:
    assert refused(aws("resiliencehubv2").create_policy, name="a.b", multiAz=TARGETS) == "ValidationException"
