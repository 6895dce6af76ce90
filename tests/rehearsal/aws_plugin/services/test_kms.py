"""KMS in the emulated plugin: keys and aliases."""

from __future__ import annotations

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
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
