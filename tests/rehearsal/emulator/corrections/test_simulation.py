"""What IAM tells of policies without a call being made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Client

pytestmark = pytest.mark.xdist_group("emulator")

CREATE = "iam:CreateServiceLinkedRole"


def simulated(aws: Client, source: str, *actions: str, **more: Any) -> list[str]:
    found = aws("iam").simulate_principal_policy(PolicySourceArn=source, ActionNames=[*actions], **more)
    return [each["EvalDecision"] for each in found["EvaluationResults"]]


def test_the_policies_of_a_role_are_simulated_with_the_context_that_is_given(aws: Client, unique: str) -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    statements = [
        {
            "Effect": "Allow",
            "Action": CREATE,
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:AWSServiceName": "rds.amazonaws.com"}},
        },
        {"Effect": "Deny", "Action": "ec2:Delete*", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    aws("iam").put_role_policy(RoleName=unique, PolicyName="p", PolicyDocument=document)

    def of_service(name: str) -> list[str]:
        entry = {"ContextKeyName": "iam:AWSServiceName", "ContextKeyType": "string", "ContextKeyValues": [name]}
        return simulated(aws, role, CREATE, ContextEntries=[entry])

    assert of_service("rds.amazonaws.com") == ["allowed"]
    assert of_service("backup.amazonaws.com") == ["implicitDeny"]
    assert simulated(aws, role, "ec2:DeleteVpc", "ec2:CreateVpc") == ["explicitDeny", "implicitDeny"]


def test_the_administrator_may_everything(aws: Client) -> None:
    assert simulated(aws, aws("sts").get_caller_identity()["Arn"], CREATE) == ["allowed"]
