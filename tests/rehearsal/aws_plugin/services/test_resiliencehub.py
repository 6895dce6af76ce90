"""The four types of a declaration at Resilience Hub in the emulated plugin."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program
from tests.rehearsal.emulator.corrections.resilience_hub.told import role

POLICY, SERVICE, SOURCE, ASSERTION = (
    f"aws:resiliencehub/v2{each}:V2{each}" for each in ("Policy", "Service", "InputSource", "Assertion")
)
ZONE = {"rtoInMinutes": 2, "rpoInMinutes": 1, "disasterRecoveryApproach": "ACTIVE_ACTIVE"}
ARN = "arn:aws:resiliencehub:eu-west-1:123456789012:"
TAGGED = {"resourceTags": [{"key": "ha-web:stack", "values": ["prod"]}]}


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_all_four_are_created_changed_read_again_and_deleted(program: Program, aws: Client, unique: str) -> None:
    hub, model = aws("resiliencehubv2"), {"invokerRoleName": role(aws, unique)}
    given: dict[str, Any] = {"name": unique, "tags": {"stack": "prod"}}
    policy = program.up(POLICY, unique, **given, multiAz=ZONE, dataRecovery={"timeBetweenBackupsInMinutes": 60})
    service = program.up(
        SERVICE, unique, **given, policyArn=policy.state["arn"], regions=["eu-west-1"], permissionModel=model
    )
    arn = service.state["arn"]
    source = program.up(SOURCE, unique, serviceArn=arn, resourceConfiguration=TAGGED)
    assertion = program.up(ASSERTION, unique, serviceArn=arn, text="A zone may be lost.")
    everything = (policy, service, source, assertion)
    known = {"serviceArn": arn}
    found = source.lifecycle.read(SOURCE, unique, source.id, known, known)
    assert found is not None
    assert found[1]["resourceConfiguration"] == TAGGED
    assert assertion.id == f"{arn},{assertion.state['assertionId']}"
    assert [each.settled() for each in everything] == [True] * 4

    policy.update(multiAz={**ZONE, "rtoInMinutes": 3}, dataRecovery=None, tags={"stack": "dev"})
    found = hub.get_policy(policyArn=policy.id)["policy"]
    assert (found["multiAz"]["rtoInMinutes"], found["tags"]) == (3, {"stack": "dev"})
    assert "dataRecovery" not in found
    service.update(regions=["eu-west-1", "eu-central-1"])
    assertion.update(text="Two may.")
    assert [each["text"] for each in hub.list_assertions(serviceArn=arn)["assertions"]] == ["Two may."]
    assert [each.settled() for each in everything] == [True] * 4

    for each in reversed(everything):
        each.delete()
    assert [each.gone() for each in everything] == [True] * 4


def test_what_somebody_else_changes_is_seen(program: Program, aws: Client, unique: str) -> None:
    hub, model = aws("resiliencehubv2"), {"invokerRoleName": role(aws, unique)}
    policy = program.up(POLICY, unique, name=unique, multiAz=ZONE)
    service = program.up(SERVICE, unique, name=unique, regions=["eu-west-1"], permissionModel=model)
    arn = service.state["arn"]
    source = program.up(SOURCE, unique, serviceArn=arn, resourceConfiguration=TAGGED)
    assertion = program.up(ASSERTION, unique, serviceArn=arn, text="A zone may be lost.")
    hub.update_policy(policyArn=policy.id, multiAz={**ZONE, "rtoInMinutes": 9})
    hub.update_service(serviceArn=arn, regions=["eu-central-1"], policyArn=policy.id)
    hub.update_assertion(serviceArn=arn, assertionId=assertion.state["assertionId"], text="None may.")
    hub.delete_input_source(serviceArn=arn, inputSourceId=source.state["inputSourceId"])
    assert policy.read() == {"multiAz.rtoInMinutes": "UPDATE"}
    assert set(service.read() or {}) == {"policyArn", "regions[0]"}
    assert assertion.read() == {"text": "UPDATE"}
    assert source.read() is None


def test_what_can_not_be_changed_is_replaced(program: Program, aws: Client, unique: str) -> None:
    model = {"invokerRoleName": role(aws, unique)}
    policy = program.up(POLICY, unique, name=unique, multiAz=ZONE)
    service = program.up(SERVICE, unique, name=unique, regions=["eu-west-1"], permissionModel=model)
    source = program.up(SOURCE, unique, serviceArn=service.state["arn"], resourceConfiguration=TAGGED)
    assert policy.changes(name=f"{unique}-2") == {"name": "UPDATE_REPLACE"}
    assert service.changes(name=f"{unique}-2") == {"name": "UPDATE_REPLACE"}
    other = {"resourceTags": [{"key": "ha-web:stack", "values": ["dev"]}]}
    assert set(source.changes(resourceConfiguration=other).values()) == {"UPDATE_REPLACE"}


@pytest.mark.parametrize(
    ("token", "given"),
    [
        (POLICY, {"name": "nothing-declared"}),
        (POLICY, {"name": "www.example.com", "multiAz": ZONE}),
        (POLICY, {"name": "slow", "multiAz": {**ZONE, "disasterRecoveryApproach": "ACTIVE_PASSIVE"}}),
        (SERVICE, {"name": "nowhere", "regions": [], "permissionModel": {"invokerRoleName": "hub"}}),
        (SOURCE, {"serviceArn": f"{ARN}service/a:1", "resourceConfiguration": {}}),
        (SOURCE, {"serviceArn": f"{ARN}service/a:1", "resourceConfiguration": {**TAGGED, "cfnStackArn": f"{ARN}s"}}),
    ],
)
def test_what_the_provider_refuses_is_refused_at_preview(program: Program, token: str, given: dict[str, Any]) -> None:
    assert program.resource(token).refusals(given)
