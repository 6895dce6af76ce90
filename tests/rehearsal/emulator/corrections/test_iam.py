"""IAM of the emulated account."""

import json
from typing import Any

import pytest

from tests.conftest import Client


@pytest.mark.parametrize(
    ("changed", "kept"), [({"Description": "e"}, ("e", 7200)), ({"MaxSessionDuration": 3600}, ("d", 3600))]
)
def test_a_role_keeps_what_an_update_does_not_mention(
    aws: Client, unique: str, changed: dict[str, Any], kept: tuple[str, int]
) -> None:
    iam = aws("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust, Description="d", MaxSessionDuration=7200)
    iam.update_role(RoleName=unique, **changed)
    role = iam.get_role(RoleName=unique)["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == kept
