"""Secrets Manager in the emulated plugin: secrets, versions, policies and look-ups."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws_plugin.provider import functions
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource, clients_of

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
STATEMENT = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:DeleteSecret", "Resource": "*"}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


@pytest.fixture
def secret(program: Program, unique: str) -> Resource:
    return program.up(SECRET, unique, description="a", recoveryWindowInDays=7, tags={"a": "1"})


@pytest.fixture
def version(program: Program, secret: Resource) -> Resource:
    return program.up(VERSION, secretId=secret.id, secretString="first value")


def invoke(emulator: Emulator, token: str, **args: Any) -> dict[str, Any]:
    result, wrong = functions.invoke(clients_of(emulator), REGION, token, args)
    assert wrong == []
    return result


def test_a_secret_is_made_and_a_second_up_changes_nothing(aws: Client, secret: Resource) -> None:
    found = aws("secretsmanager").describe_secret(SecretId=secret.id)
    assert secret.id == secret.state["arn"] == found["ARN"]
    assert found["Description"] == "a"
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {"a": "1", "project": "rehearsed"}
    assert secret.settled()


def test_a_secret_changes_in_place_but_for_its_name(aws: Client, secret: Resource) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    changed = secret.update(description="b", kmsKeyId=key, tags={"a": "2"})
    assert changed == {"description": "UPDATE", "kmsKeyId": "ADD", "tags.a": "UPDATE"}
    assert aws("secretsmanager").describe_secret(SecretId=secret.id)["KmsKeyId"] == key
    assert secret.settled()
    assert secret.changes(name="another") == {"name": "UPDATE_REPLACE"}


def test_a_policy_comes_and_goes_only_when_the_program_says_so(aws: Client, secret: Resource) -> None:
    assert secret.update(policy=DOCUMENT) == {"policy": "ADD"}
    assert secret.settled()
    assert secret.changes(policy=None) == {}
    secret.update(policy="{}")
    assert "ResourcePolicy" not in aws("secretsmanager").get_resource_policy(SecretId=secret.id)
    assert secret.settled()


def test_a_replica_is_readable_in_its_region_until_it_is_removed(
    aws: Client, version: Resource, secret: Resource
) -> None:
    assert secret.update(replicas=[{"region": "eu-central-1"}]) == {"replicas": "ADD"}
    there = aws("secretsmanager", "eu-central-1").get_secret_value(SecretId=secret.state["name"])
    assert there["SecretString"] == version.inputs["secretString"]
    assert secret.settled()
    secret.delete()
    left = aws("secretsmanager", "eu-central-1").list_secrets()["SecretList"]
    assert secret.state["name"] not in {each["Name"] for each in left}


def test_a_replica_has_a_key_of_its_region_and_settles(program: Program, aws: Client, unique: str) -> None:
    keys = {region: aws("kms", region).create_key()["KeyMetadata"]["Arn"] for region in ("eu-central-1", "eu-north-1")}
    replicas = [{"region": region, "kmsKeyId": key} for region, key in keys.items()]
    secret = program.up(SECRET, unique, replicas=replicas[:1])
    assert secret.settled()
    secret.update(replicas=replicas)
    found = aws("secretsmanager").describe_secret(SecretId=secret.id)["ReplicationStatus"]
    assert {each["Region"]: each["KmsKeyId"] for each in found} == keys
    assert secret.settled()


def test_drift_of_a_secret_is_read(aws: Client, secret: Resource) -> None:
    aws("secretsmanager").update_secret(SecretId=secret.id, Description="other")
    aws("secretsmanager").tag_resource(SecretId=secret.id, Tags=[{"Key": "a", "Value": "9"}])
    assert secret.read() == {"description": "UPDATE", "tags.a": "UPDATE"}


def test_a_policy_that_somebody_deleted_is_drift(aws: Client, secret: Resource) -> None:
    secret.update(policy=DOCUMENT)
    aws("secretsmanager").delete_resource_policy(SecretId=secret.id)
    assert secret.read() == {"policy": "UPDATE"}


@pytest.mark.parametrize(("days", "kept"), [(7, True), (0, False)])
def test_a_deleted_secret_can_be_restored_unless_the_window_is_0(
    program: Program, aws: Client, unique: str, days: int, kept: bool
) -> None:
    secret = program.up(SECRET, unique, recoveryWindowInDays=days)
    secret.delete()
    assert secret.gone()
    listed = aws("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"]
    assert (secret.id in {each["ARN"] for each in listed}) is kept


def test_a_window_that_aws_refuses_is_refused_at_preview(program: Program) -> None:
    assert program.resource(SECRET).refusals({"recoveryWindowInDays": 3}) == [
        ("recoveryWindowInDays", "3 is neither 0 (at once) nor 7 to 30 days")
    ]


def test_an_argument_that_the_sdk_lacks_is_refused(program: Program) -> None:
    assert program.resource(SECRET).refusals({"kmsKey": "x"})[0][0] == "kmsKey"


def test_a_version_has_the_value_and_is_replaced_for_another(aws: Client, version: Resource) -> None:
    found = aws("secretsmanager").get_secret_value(SecretId=version.state["secretId"])
    assert (found["SecretString"], found["VersionId"]) == ("first value", version.state["versionId"])
    assert version.id == f"{version.state['secretId']}|{found['VersionId']}"
    assert version.settled()
    assert version.changes(secretString="second") == {"secretString": "UPDATE_REPLACE"}


def test_replacing_a_version_leaves_the_new_one_current(program: Program, aws: Client, version: Resource) -> None:
    newer = program.up(VERSION, secretId=version.state["secretId"], secretString="second")
    version.delete()
    assert aws("secretsmanager").get_secret_value(SecretId=version.state["secretId"])["SecretString"] == "second"
    assert newer.settled()


def test_staging_labels_are_moved_in_place(aws: Client, version: Resource) -> None:
    version.update(versionStages=["AWSCURRENT", "green"])
    ask = {"SecretId": version.state["secretId"], "VersionStage": "green"}
    assert aws("secretsmanager").get_secret_value(**ask)["VersionId"] == version.state["versionId"]
    assert version.settled()
    version.update(versionStages=["AWSCURRENT"])
    assert version.state["versionStages"] == ["AWSCURRENT"]


def test_bytes_are_given_as_base64(program: Program, aws: Client, secret: Resource) -> None:
    made = program.up(VERSION, secretId=secret.id, secretBinary="AAEC")
    assert aws("secretsmanager").get_secret_value(SecretId=secret.id)["SecretBinary"] == b"\x00\x01\x02"
    assert made.settled()
    refused = program.resource(VERSION).refusals({"secretId": secret.id, "secretBinary": "not base64!"})
    assert refused == [("secretBinary", "is not base64")]


def test_a_write_only_value_is_under_no_other_name_in_the_state(program: Program, secret: Resource) -> None:
    made = program.up(VERSION, secretId=secret.id, secretStringWo="hidden value", secretStringWoVersion=1)
    assert {name for name, value in made.state.items() if value == "hidden value"} == {"secretStringWo"}
    assert made.settled()


@pytest.mark.parametrize("args", [{}, {"secretString": "a", "secretBinary": "AAEC"}])
def test_a_version_needs_exactly_one_value(program: Program, args: dict[str, str]) -> None:
    assert "exactly one of" in program.resource(VERSION).refusals({"secretId": "x", **args})[0][1]


def test_a_version_of_a_deleted_secret_is_gone(secret: Resource, version: Resource) -> None:
    secret.delete()
    assert version.gone()


def test_a_policy_of_its_own_is_read_changed_and_deleted(program: Program, aws: Client, secret: Resource) -> None:
    policy = program.up(POLICY, secretArn=secret.id, policy=DOCUMENT)
    assert policy.settled()
    policy.update(policy=DOCUMENT.replace("DeleteSecret", "PutSecretValue"))
    assert "PutSecretValue" in aws("secretsmanager").get_resource_policy(SecretId=secret.id)["ResourcePolicy"]
    policy.delete()
    assert "ResourcePolicy" not in aws("secretsmanager").get_resource_policy(SecretId=secret.id)
    assert policy.read() == {"policy": "UPDATE"}  # one that somebody deleted is put again


def test_passwords_are_as_long_as_asked_and_without_what_is_excluded(emulator: Emulator) -> None:
    token = "aws:secretsmanager/getRandomPassword:getRandomPassword"
    found = invoke(emulator, token, passwordLength=64, excludePunctuation=True)["randomPassword"]
    assert len(found) == 64
    assert found.isalnum()


def test_a_secret_and_its_value_are_looked_up(emulator: Emulator, secret: Resource, version: Resource) -> None:
    name = secret.state["name"]
    found = invoke(emulator, "aws:secretsmanager/getSecret:getSecret", name=name)
    assert (found["arn"], found["id"], found["description"]) == (secret.id, secret.id, "a")
    value = invoke(emulator, "aws:secretsmanager/getSecretVersion:getSecretVersion", secretId=name)
    assert (value["secretString"], value["versionId"]) == ("first value", version.state["versionId"])
