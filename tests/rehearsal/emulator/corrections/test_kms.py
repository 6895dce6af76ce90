"""Keys in the emulated account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-operations")


def test_a_multi_region_key_has_an_id_as_aws_writes_it_and_is_found_by_it(aws: Callable[..., Any]) -> None:
    made = aws("kms").create_key(MultiRegion=True)["KeyMetadata"]
    assert re.fullmatch("mrk-[0-9a-f]{32}", made["KeyId"])
    assert aws("kms").describe_key(KeyId=made["KeyId"])["KeyMetadata"]["Arn"] == made["Arn"]
    aws("kms").replicate_key(KeyId=made["KeyId"], ReplicaRegion="eu-west-2")
    assert aws("kms", "eu-west-2").describe_key(KeyId=made["KeyId"])["KeyMetadata"]["KeyId"] == made["KeyId"]


def test_a_key_rotates_in_the_period_that_was_given(aws: Callable[..., Any]) -> None:
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    found = kms.get_key_rotation_status(KeyId=key)
    assert (found["KeyRotationEnabled"], found["RotationPeriodInDays"]) == (True, 180)
