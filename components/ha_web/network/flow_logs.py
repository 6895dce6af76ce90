"""Flow logs of a VPC in CloudWatch Logs, written by a role with no other rights."""

import json
from typing import Any

import pulumi_aws as aws

from ha_web.core.policy_documents import document
from ha_web.core.scope import Scope

DEFAULT_RETENTION_DAYS = 30


def create_flow_logs(
    scope: Scope, vpc: aws.ec2.Vpc, retention_days: int, regional_nat: aws.ec2.NatGateway | None
) -> None:
    """Log all traffic of the VPC, accepted and rejected; also that of a regional NAT gateway.

    A regional NAT gateway is in no subnet, so the VPC's flow log does not cover it:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    group = aws.cloudwatch.LogGroup(
        f"{scope.name}-flow-logs", retention_in_days=retention_days, **scope.regional_args("flow-logs")
    )
    role = aws.iam.Role(
        f"{scope.name}-flow-logs-role",
        description=f"Writes the VPC flow logs of {scope.name}",
        assume_role_policy=vpc.arn.apply(lambda arn: json.dumps(_trust(arn))),
        **scope.global_args("flow-logs-role"),
    )
    policy = aws.iam.RolePolicy(
        f"{scope.name}-flow-logs-policy",
        role=role.id,
        policy=group.arn.apply(lambda arn: json.dumps(_rights(arn))),
        opts=scope.child_opts(),
    )
    logged: dict[str, dict[str, Any]] = {"flow-log": {"vpc_id": vpc.id}}
    if regional_nat is not None:
        logged["nat-flow-log"] = {"regional_nat_gateway_id": regional_nat.id}
    for child, resource in logged.items():
        aws.ec2.FlowLog(
            f"{scope.name}-{child}",
            **resource,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            **scope.regional_args(child, depends_on=[policy]),
        )


def _trust(vpc_arn: str) -> dict[str, Any]:
    """Return a trust policy for the flow logs of this account and region only (against the confused deputy).

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    _, partition, _, region, account, _ = vpc_arn.split(":", 5)
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*"},
            },
        }
    )


def _rights(group_arn: str) -> dict[str, Any]:
    """Return rights to write to this log group; listing log groups can't be limited to one."""
    group = group_arn.removesuffix(":*")
    return document(
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            "Resource": [group, f"{group}:*"],
        },
        {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
    )
