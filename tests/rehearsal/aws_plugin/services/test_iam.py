"""IAM in the emulated plugin: roles, policies, instance profiles."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import calls, of_deletion, of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource


def document(action: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def role(program: Program, unique: str) -> Resource:
    return program.up("aws:iam/role:Role", unique, assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_role_is_updated_in_place_and_replaced_for_another_path(role: Resource, aws: Client) -> None:
    assert role.settled()
    role.update(
        assumeRolePolicy=trust("backup.amazonaws.com"), description="d", maxSessionDuration=7200, tags={"a": "b"}
    )
    found = aws("iam").get_role(RoleName=role.id)["Role"]
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"] == "backup.amazonaws.com"
    assert (found["Description"], found["MaxSessionDuration"]) == ("d", 7200)
    assert found["Tags"] == [{"Key": "a", "Value": "b"}]
    assert role.settled()
    assert role.changes(path="/x/") == {"path": "UPDATE_REPLACE"}


def test_a_policy_in_another_spelling_is_no_change(role: Resource) -> None:
    spelled = json.dumps(json.loads(trust("ec2.amazonaws.com")), indent=4)
    assert role.changes(assumeRolePolicy=spelled) == {}


def test_a_policy_changed_beside_the_program_is_drift(program: Program, role: Resource, aws: Client) -> None:
    inline = program.up("aws:iam/rolePolicy:RolePolicy", role=role.id, policy=document("s3:GetObject"))
    assert inline.settled()
    name = inline.inputs["name"]
    aws("iam").put_role_policy(RoleName=role.id, PolicyName=name, PolicyDocument=document("s3:*"))
    assert inline.read() == {"policy": "UPDATE"}
    inline.update(policy=document("s3:PutObject"))
    assert inline.settled()
    inline.delete()
    assert inline.gone()


def test_an_attachment_is_gone_when_detached(program: Program, role: Resource, aws: Client) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    attachment = program.up("aws:iam/rolePolicyAttachment:RolePolicyAttachment", role=role.id, policyArn=arn)
    assert attachment.settled()
    assert attachment.changes(policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess") == {"policyArn": "UPDATE_REPLACE"}
    aws("iam").detach_role_policy(RoleName=role.id, PolicyArn=arn)
    assert attachment.gone()


def test_a_managed_policy_changes_by_versions_and_never_has_more_than_five(
    program: Program, unique: str, aws: Client
) -> None:
    policy = program.up("aws:iam/policy:Policy", unique, policy=document("s3:Get0"))
    for number in range(1, 8):
        policy.update(policy=document(f"s3:Get{number}"))
    assert policy.settled()
    versions = aws("iam").list_policy_versions(PolicyArn=policy.id)["Versions"]
    assert len(versions) <= 5
    policy.delete()
    assert policy.gone()


def test_an_instance_profile_holds_its_role_and_lets_it_go(
    program: Program, role: Resource, unique: str, aws: Client
) -> None:
    profile = program.up("aws:iam/instanceProfile:InstanceProfile", unique, role=role.id)
    assert profile.settled()
    found = aws("iam").get_instance_profile(InstanceProfileName=profile.id)["InstanceProfile"]
    assert [each["RoleName"] for each in found["Roles"]] == [role.id]
    profile.delete()
    role.delete()
    assert profile.gone()
    assert role.gone()


ROLE = "aws:iam/role:Role"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_each_setting_of_a_role_has_a_call_of_its_own_and_policies_come_last() -> None:
    old = {"name": "web", "assumeRolePolicy": "{}", "description": "d", "managedPolicyArns": []}
    changed: dict[str, Any] = {"description": "e", "maxSessionDuration": 7200, "managedPolicyArns": [READ_ONLY]}
    assert of_update(ROLE, old, **changed) == [
        {"call": "UpdateRoleDescription", "RoleName": "it", "Description": "e"},
        {"call": "UpdateRole", "RoleName": "it", "MaxSessionDuration": 7200},
        {"call": "AttachRolePolicy", "RoleName": "it", "PolicyArn": READ_ONLY},
    ]


@pytest.mark.parametrize(
    ("given", "state", "asked"),
    [
        ({}, {}, []),
        # what was read of it is known, whoever attached it
        ({}, {"managedPolicyArns": [READ_ONLY]}, ["ListAttachedRolePolicies", *["DetachRolePolicy"] * 2]),
        (
            {"forceDetachPolicies": True},
            {},
            ["ListAttachedRolePolicies", *["DetachRolePolicy"] * 2, "ListRolePolicies", "DeleteRolePolicy"],
        ),
    ],
)
def test_a_role_leaves_its_profiles_and_policies_that_are_known_of_it(
    given: dict[str, Any], state: dict[str, Any], asked: list[str]
) -> None:
    answers = {
        "ListInstanceProfilesForRole": {"InstanceProfiles": [{"InstanceProfileName": "p"}]},
        "ListAttachedRolePolicies": {"AttachedPolicies": [{"PolicyArn": READ_ONLY}, {"PolicyArn": f"{READ_ONLY}2"}]},
        "ListRolePolicies": {"PolicyNames": ["inline"]},
    }
    made = calls(of_deletion(ROLE, {"name": "web", **given}, answers, **state))
    assert made == ["ListInstanceProfilesForRole", "RemoveRoleFromInstanceProfile", *asked, "DeleteRole"]
