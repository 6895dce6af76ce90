"""What the runbook types against a thief, in the emulated account: keys and roles of theirs, and keys of the site."""

import json
from typing import Any

import pytest

from tests.conftest import REGION, Client
from tests.docs.runbooks import FOLDER, commands_of
from tests.docs.shell import Shell

PAGE = "stolen-credentials"
TYPED = [each.text for each in commands_of(PAGE, (FOLDER / f"{PAGE}.md").read_text())]


@pytest.fixture
def shell(aws: Client, unique: str) -> Shell:
    iam, kms = aws("iam"), aws("kms")
    iam.create_user(UserName=unique)
    access = iam.create_access_key(UserName=unique)["AccessKey"]["AccessKeyId"]
    iam.create_role(RoleName=unique, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    return Shell(aws, {"WHO": unique, "KEY_ID": access, "ROLE": unique, "KEY": key, "P": REGION})


def type_all(shell: Shell, beginning: str) -> None:
    """Type each command of the page that begins so."""
    found = [each for each in TYPED if each.startswith(beginning)]
    assert found
    for command in found:
        shell.run(command)


def test_a_users_key_and_a_roles_sessions_are_of_no_use_any_more(shell: Shell, aws: Client) -> None:
    iam, name = aws("iam"), shell.variables["WHO"]
    type_all(shell, "aws iam update-access-key")
    assert [each["Status"] for each in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]] == ["Inactive"]
    type_all(shell, "aws iam put-role-policy")
    [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
    document: Any = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    [statement] = document["Statement"]
    assert (statement["Effect"], [*statement["Condition"]]) == ("Deny", ["DateLessThan"])
    type_all(shell, "aws iam delete-role-policy")
    assert iam.list_role_policies(RoleName=name)["PolicyNames"] == []


def test_a_key_that_shall_be_deleted_is_had_back(shell: Shell, aws: Client) -> None:
    type_all(shell, "aws kms")
    assert aws("kms").describe_key(KeyId=shell.variables["KEY"])["KeyMetadata"]["KeyState"] == "Enabled"
