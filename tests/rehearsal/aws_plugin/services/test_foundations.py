"""Roles, keys, logs, buckets and parameters in the emulated plugin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource


def document(action: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator.endpoint)


@pytest.fixture
def role(program: Program, unique: str) -> Resource:
    return program.up("aws:iam/role:Role", unique, assumeRolePolicy=trust("ec2.amazonaws.com"))


@pytest.fixture
def bucket(program: Program, unique: str) -> Resource:
    return program.up("aws:s3/bucket:Bucket", unique, forceDestroy=True)


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


def test_a_log_group_keeps_its_retention_and_says_what_was_recorded_only(
    program: Program, unique: str, aws: Client
) -> None:
    group = program.up("aws:cloudwatch/logGroup:LogGroup", name=f"/x/{unique}", retentionInDays=30)
    assert group.settled()
    group.update(retentionInDays=None)
    found = aws("logs").describe_log_groups(logGroupNamePrefix=f"/x/{unique}")["logGroups"][0]
    assert "retentionInDays" not in found
    assert "__recorded" not in group.state
    group.update(kmsKeyId="arn:aws:kms:eu-west-1:123456789012:key/x")
    assert group.state["__recorded"] == ["AssociateKmsKey"]
    assert group.settled()
    group.delete()
    assert group.gone()


def test_a_bucket_is_named_in_lower_case_and_emptied_only_when_it_says_so(
    program: Program, aws: Client, unique: str
) -> None:
    bucket = program.up("aws:s3/bucket:Bucket", f"Logs{unique}", tags={"a": "b"})
    assert bucket.id.startswith(f"logs{unique}-")
    assert bucket.settled()
    bucket.update(tags=None)
    assert bucket.settled()
    aws("s3").put_object(Bucket=bucket.id, Key="k", Body=b"v")
    with pytest.raises(Exception, match="BucketNotEmpty"):
        bucket.delete()
    bucket.update(forceDestroy=True)
    bucket.delete()
    assert bucket.gone()


SETTINGS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True},
        {"blockPublicPolicy": False},
    ),
    (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": True}]},
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]},
    ),
    (
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
    ),
    (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        {"rules": [{"id": "a", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 30}}]},
        {"rules": [{"id": "a", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 90}}]},
    ),
    (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", {"policy": trust("a")}, {"policy": trust("b")}),
]


@pytest.mark.parametrize(("token", "before", "after"), SETTINGS, ids=[each[0].rpartition(":")[2] for each in SETTINGS])
def test_a_setting_of_a_bucket_changes_in_place_and_belongs_to_its_bucket(
    program: Program, bucket: Resource, token: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    setting = program.up(token, bucket=bucket.id, **before)
    assert setting.settled()
    setting.update(**after)
    assert setting.settled()
    assert setting.changes(bucket="other") == {"bucket": "UPDATE_REPLACE"}
    setting.delete()


def test_a_secret_parameter_does_not_show_its_value_in_a_plain_output(program: Program, unique: str) -> None:
    hidden = program.up("aws:ssm/parameter:Parameter", unique, type="SecureString", value="hidden")
    assert hidden.state["value"] == "hidden"
    assert "insecureValue" not in hidden.state
    shown = program.up("aws:ssm/parameter:Parameter", f"{unique}-b", type="String", value="shown", tags={"a": "b"})
    assert shown.state["insecureValue"] == "shown"
    assert shown.update(value="other") == {"value": "UPDATE"}
    assert shown.state["version"] == 2
    assert shown.settled()
    shown.delete()
    assert shown.gone()
