"""Whatever client asks, the emulated AWS refuses what the model of its API does not allow."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import Client

pytestmark = pytest.mark.xdist_group("emulator")

TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.mark.parametrize(
    ("service", "operation", "request_", "code", "message"),
    [
        (
            "iam",
            "create_role",
            {"RoleName": "a b", "AssumeRolePolicyDocument": TRUST},
            "ValidationError",
            "1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: [\w+=,.@-]+",
        ),
        (
            "backup",
            "create_backup_vault",
            {"BackupVaultName": "v"},
            "ValidationException",
            "Value 'v' at 'backupVaultName' failed",
        ),
        ("elbv2", "describe_load_balancers", {"PageSize": 401}, "ValidationError", "less than or equal to 400"),
        (
            "lambda",
            "get_function",
            {"FunctionName": "a" * 300},
            "ValidationException",
            "at 'functionName' failed to satisfy constraint",
        ),
        (
            "route53",
            "change_tags_for_resource",
            {"ResourceType": "zone", "ResourceId": "z", "AddTags": [{"Key": "a"}]},
            "InvalidInput",
            "Member must satisfy enum value set: [healthcheck, hostedzone]",
        ),
    ],
)
def test_a_request_with_a_value_that_the_api_does_not_have_is_refused(
    aws: Client, service: str, operation: str, request_: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(aws(service), operation)(**request_)
    error = refused.value.response["Error"]
    assert (error["Code"], message in error["Message"]) == (code, True), error


def test_all_that_is_wrong_is_said_at_once(aws: Client) -> None:
    with pytest.raises(ClientError, match=r"2 validation errors detected: .*roleName.*; .*maxSessionDuration"):
        aws("iam").create_role(RoleName="a b", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=43201)


def test_an_instance_type_that_botocore_is_too_old_for_is_left_to_ec2(aws: Client, unique: str) -> None:
    aws("ec2").create_launch_template(LaunchTemplateName=unique, LaunchTemplateData={"InstanceType": "m99g.large"})
