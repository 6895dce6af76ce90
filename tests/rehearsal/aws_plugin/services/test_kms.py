"""KMS in the emulated plugin: keys and aliases."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_deletion, of_reading, of_update, refused
from tests.rehearsal.aws_plugin.rehearsed import Program


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_key_rotates_and_is_scheduled_for_deletion(program: Program, aws: Client) -> None:
    key = program.up("aws:kms/key:Key", enableKeyRotation=True, deletionWindowInDays=7, tags={"a": "b"})
    assert aws("kms").get_key_rotation_status(KeyId=key.id)["KeyRotationEnabled"] is True
    assert key.settled()
    key.update(enableKeyRotation=False, description="d", tags={"a": "c"})
    assert aws("kms").get_key_rotation_status(KeyId=key.id)["KeyRotationEnabled"] is False
    assert key.settled()
    key.delete()
    assert aws("kms").describe_key(KeyId=key.id)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert key.gone()


def test_an_alias_moves_to_another_key_given_by_id_or_arn(program: Program, unique: str) -> None:
    keys = [program.up("aws:kms/key:Key", name) for name in ("a", "b")]
    alias = program.up("aws:kms/alias:Alias", unique, targetKeyId=keys[0].id)
    assert alias.id.startswith(f"alias/{unique}-")
    assert alias.settled()
    assert alias.update(targetKeyId=keys[1].state["arn"]) == {"targetKeyId": "UPDATE"}
    assert alias.state["targetKeyArn"] == keys[1].state["arn"]
    assert alias.settled()


KEY, REPLICA, ALIAS = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/alias:Alias"
POLICY = {"policy": "{}", "description": "d"}
ID = "01234567-89ab-cdef-0123-456789abcdef"
ARN = f"arn:aws:kms:eu-west-1:123456789012:key/{ID}"


@pytest.mark.parametrize(
    ("token", "argument", "enabled", "asked"),
    [
        (KEY, "isEnabled", True, ["EnableKey", "UpdateKeyDescription", "PutKeyPolicy"]),
        (KEY, "isEnabled", False, ["UpdateKeyDescription", "PutKeyPolicy", "DisableKey"]),
        (REPLICA, "enabled", True, ["EnableKey", "UpdateKeyDescription", "PutKeyPolicy"]),
        (REPLICA, "enabled", False, ["UpdateKeyDescription", "PutKeyPolicy", "DisableKey"]),
    ],
)
def test_a_key_is_enabled_before_it_changes_and_disabled_after_it(
    token: str, argument: str, enabled: bool, asked: list[str]
) -> None:
    changed: dict[str, Any] = {**POLICY, argument: enabled}
    assert calls(of_update(token, {argument: not enabled}, **changed)) == asked


@pytest.mark.parametrize(
    ("old", "changed", "asked"),
    [
        ({}, {"enableKeyRotation": True}, ["EnableKeyRotation"]),
        ({"enableKeyRotation": True}, {"enableKeyRotation": False}, ["DisableKeyRotation"]),
        ({"enableKeyRotation": True}, {"rotationPeriodInDays": 90}, ["EnableKeyRotation"]),
        ({}, {"rotationPeriodInDays": 90}, []),
    ],
)
def test_only_a_key_that_rotates_gets_a_period(old: dict[str, Any], changed: dict[str, Any], asked: list[str]) -> None:
    assert calls(of_update(KEY, old, **changed)) == asked


@pytest.mark.parametrize(
    ("given", "origin"),
    [({}, None), ({"customKeyStoreId": "cks-1"}, "AWS_CLOUDHSM"), ({"xksKeyId": "a"}, "EXTERNAL_KEY_STORE")],
)
def test_a_key_has_the_origin_of_its_store_and_is_not_told_that_it_does_not_rotate(
    given: dict[str, str], origin: str | None
) -> None:
    [asked] = of_creation(KEY, {**given, "enableKeyRotation": False})
    assert asked.get("Origin") == origin


def test_a_key_whose_deletion_is_scheduled_is_deleted() -> None:
    scheduled = {"ScheduleKeyDeletion": refused("KMSInvalidStateException", f"{ARN} is pending deletion.")}
    assert of_deletion(KEY, {"deletionWindowInDays": 7}, scheduled)[0]["PendingWindowInDays"] == 7
    with pytest.raises(CallError):
        of_deletion(KEY, {}, {"ScheduleKeyDeletion": refused("KMSInvalidStateException", "is creating")})


@pytest.mark.parametrize(("token", "own", "other"), [(KEY, "PRIMARY", "REPLICA"), (REPLICA, "REPLICA", "PRIMARY")])
def test_a_key_that_has_changed_its_place_cannot_be_read(token: str, own: str, other: str) -> None:
    def described(kind: str) -> dict[str, Any]:
        return {"DescribeKey": {"KeyMetadata": {"MultiRegionConfiguration": {"MultiRegionKeyType": kind}}}}

    assert of_reading(token, {}, described(own)) is not None
    with pytest.raises(RuntimeError, match=other):
        of_reading(token, {}, described(other))


@pytest.mark.parametrize(("new", "changed"), [(ARN, {}), (ID, {}), ("other", {"targetKeyId": "UPDATE"})])
def test_id_and_arn_of_a_key_are_the_same_to_its_alias(new: str, changed: dict[str, str]) -> None:
    for old in (ID, ARN):
        found = between(registry.type_of(ALIAS), {"targetKeyId": old}, {}, {"targetKeyId": new}, REGION, {})
        assert found.inputs == changed
