"""The IAM role of servers: Session Manager, their secrets, their file systems."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import document, trusting
from ha_web.core.scope import Scope
from ha_web.storage.rules import client_rights

SESSION_MANAGER = document(
    {
        "Effect": "Allow",
        "Action": [
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        "Resource": "*",
    }
)
"""Session Manager in place of SSH, with no more than it needs; none of these rights can be limited to a resource.
AWS's managed policy for it, AmazonSSMManagedInstanceCore, would let servers read every SSM parameter of the account.
https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html"""


class FileSystemAccessArgs(TypedDict):
    """A file system that servers may mount and write to, through one access point."""

    file_system_arn: pulumi.Input[str]
    """ARN of the file system."""
    access_point_arn: pulumi.Input[str]
    """ARN of the access point that they mount it through."""


@dataclass(frozen=True)
class ApplicationRights:
    """What the application needs of the role besides."""

    policy: pulumi.Input[str] | None = None
    """A policy, as JSON."""
    policy_arns: Sequence[pulumi.Input[str]] = ()
    """ARNs of policies to attach."""


NO_RIGHTS = ApplicationRights()


def create_server_role(
    scope: Scope,
    secret_arns: Sequence[pulumi.Input[str]],
    key_arns: Sequence[pulumi.Input[str]],
    file_systems: Sequence[FileSystemAccessArgs] = (),
    application: ApplicationRights = NO_RIGHTS,
) -> tuple[aws.iam.Role, aws.iam.InstanceProfile]:
    """Create the role and its instance profile. The profile waits for the role's policies."""
    role = aws.iam.Role(
        f"{scope.name}-role",
        description=f"Servers of the fleet {scope.name}",
        assume_role_policy=json.dumps(trusting("ec2.amazonaws.com")),
        **scope.global_args("role"),
    )
    rights: list[pulumi.Resource] = [
        aws.iam.RolePolicy(
            f"{scope.name}-session-manager",
            role=role.id,
            policy=json.dumps(SESSION_MANAGER),
            opts=scope.child_opts(),
        )
    ]
    if secret_arns or key_arns:
        policy = pulumi.Output.all(secrets=list(secret_arns), keys=list(key_arns)).apply(
            lambda arns: json.dumps(reading(arns["secrets"], arns["keys"]))
        )
        rights.append(aws.iam.RolePolicy(f"{scope.name}-secrets", role=role.id, policy=policy, opts=scope.child_opts()))
    if file_systems:
        pairs = [pulumi.Output.all(each["file_system_arn"], each["access_point_arn"]) for each in file_systems]
        policy = pulumi.Output.all(*pairs).apply(
            lambda arns: json.dumps(document(*(client_rights(files, access_point) for files, access_point in arns)))
        )
        rights.append(
            aws.iam.RolePolicy(f"{scope.name}-file-systems", role=role.id, policy=policy, opts=scope.child_opts())
        )
    if application.policy is not None:
        name = f"{scope.name}-application"
        rights.append(aws.iam.RolePolicy(name, role=role.id, policy=application.policy, opts=scope.child_opts()))
    for number, arn in enumerate(application.policy_arns):
        name = f"{scope.name}-policy-{attachment_name(arn, number)}"
        rights.append(aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=arn, opts=scope.child_opts()))
    profile = aws.iam.InstanceProfile(
        f"{scope.name}-profile",
        role=role.name,
        tags=scope.global_args("profile")["tags"],
        opts=scope.child_opts(depends_on=rights),  # a server must not start before it may read and mount
    )
    return role, profile


def attachment_name(policy_arn: pulumi.Input[str], number: int) -> str:
    """Return what tells a policy's attachment from others: its name, so that one more attaches no other anew."""
    return policy_arn.rsplit("/", 1)[-1] if isinstance(policy_arn, str) else str(number)


def reading(secret_arns: Sequence[str], key_arns: Sequence[str]) -> dict[str, Any]:
    """Return a policy to read these secrets, and to decrypt with these keys through Secrets Manager only."""
    statements: list[dict[str, Any]] = []
    if secret_arns:
        statements.append({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": [*secret_arns]})
    if key_arns:
        via = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
        statements.append({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [*key_arns], "Condition": via})
    return document(*statements)
