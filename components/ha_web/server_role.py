"""What a server may do: be managed by Systems Manager, and read the secrets that it was given."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.policy_documents import document, trusting
from ha_web.regions import partition_of
from ha_web.scope import Scope

SESSION_MANAGER = "AmazonSSMManagedInstanceCore"
"""Instead of SSH: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html"""


def create_server_role(
    scope: Scope, secret_arns: Sequence[pulumi.Input[str]], key_arns: Sequence[pulumi.Input[str]]
) -> tuple[aws.iam.Role, aws.iam.InstanceProfile]:
    """The role, and the profile that puts it on instances. The profile waits for the rights."""
    role = aws.iam.Role(
        f"{scope.name}-role",
        description=f"Servers of the fleet {scope.name}",
        assume_role_policy=json.dumps(trusting("ec2.amazonaws.com")),
        **scope.everywhere("role"),
    )
    rights: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(
            f"{scope.name}-session-manager",
            role=role.name,
            policy_arn=f"arn:{partition_of(scope.region)}:iam::aws:policy/{SESSION_MANAGER}",
            opts=scope.child(),
        )
    ]
    if secret_arns or key_arns:
        policy = pulumi.Output.all(secrets=list(secret_arns), keys=list(key_arns)).apply(
            lambda arns: json.dumps(reading(arns["secrets"], arns["keys"]))
        )
        rights.append(aws.iam.RolePolicy(f"{scope.name}-secrets", role=role.id, policy=policy, opts=scope.child()))
    profile = aws.iam.InstanceProfile(
        f"{scope.name}-profile",
        role=role.name,
        tags=scope.everywhere("profile")["tags"],
        opts=scope.child(depends_on=rights),  # a server must not start before it may read its secrets
    )
    return role, profile


def reading(secret_arns: Sequence[str], key_arns: Sequence[str]) -> dict[str, Any]:
    """Read these secrets; decrypt with these keys, through Secrets Manager only."""
    statements: list[dict[str, Any]] = []
    if secret_arns:
        statements.append({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": [*secret_arns]})
    if key_arns:
        via = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
        statements.append({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [*key_arns], "Condition": via})
    return document(*statements)
