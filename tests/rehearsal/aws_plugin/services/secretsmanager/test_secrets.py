"""What the real provider asks Secrets Manager for, for a secret and its policy."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from tests.rehearsal.aws_plugin.asked import calls, of_deletion, of_reading, of_update, refused

SECRET, POLICY = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretPolicy:SecretPolicy"
KEPT = {"name": "web", "description": "d", "kmsKeyId": "alias/web"}
GIVEN = {"secretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:web", "policy": '{"a": "b"}'}


@pytest.mark.parametrize(
    ("changed", "sent"),
    [
        ({"kmsKeyId": None}, {"Description": "d"}),  # the key stays
        ({"kmsKeyId": "alias/other"}, {"Description": "d", "KmsKeyId": "alias/other"}),
        ({"description": "e"}, {"Description": "e", "KmsKeyId": "alias/web"}),
    ],
)
def test_description_and_key_are_sent_together(changed: dict[str, Any], sent: dict[str, str]) -> None:
    assert of_update(SECRET, KEPT, **changed) == [{"call": "UpdateSecret", "SecretId": "it", **sent}]


def test_copies_change_before_the_secret_and_its_policy() -> None:
    old = {**KEPT, "replicas": [{"region": "eu-central-1"}], "policy": '{"a": "b"}'}
    changed: dict[str, Any] = {"replicas": [{"region": "eu-north-1"}], "description": "e", "policy": '{"a": "c"}'}
    assert calls(of_update(SECRET, old, **changed)) == [
        *("RemoveRegionsFromReplication", "ReplicateSecretToRegions", "UpdateSecret", "PutResourcePolicy")
    ]


def test_an_update_says_whether_public_policies_are_blocked() -> None:
    [asked] = of_update(POLICY, GIVEN, policy='{"a": "c"}')
    assert asked["BlockPublicPolicy"] is False
    [asked] = of_update(POLICY, {**GIVEN, "blockPublicPolicy": True}, policy='{"a": "c"}')
    assert asked["BlockPublicPolicy"] is True


def test_a_policy_that_somebody_deleted_is_an_empty_one() -> None:
    found = of_reading(POLICY, GIVEN, {"GetResourcePolicy": {"ARN": GIVEN["secretArn"]}}) or {}
    assert found["policy"] == ""


def test_a_secret_that_is_being_deleted_has_no_policy_to_delete() -> None:
    message = "You can't perform this operation on the secret because it was marked for deletion."
    assert of_deletion(POLICY, GIVEN, {"DeleteResourcePolicy": refused("InvalidRequestException", message)})
    with pytest.raises(CallError):
        of_deletion(POLICY, GIVEN, {"DeleteResourcePolicy": refused("InvalidRequestException", "other")})
