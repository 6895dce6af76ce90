"""The security group of a fleet's servers, and its rules."""

from collections.abc import Sequence
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from ha_web.application.egress import WayOut
from ha_web.core.scope import Scope

HTTPS_PORT = 443


class TargetProtocol(StrEnum):
    """Protocol between load balancer and servers."""

    TCP = "tcp"
    """TCP: for every load balancer but a UDP one."""
    UDP = "udp"
    """UDP; health checks still come by TCP, on the same port."""


def create_fleet_group(
    scope: Scope,
    vpc_id: pulumi.Input[str],
    balancer_group_id: pulumi.Input[str],
    port: int,
    protocol: TargetProtocol,
    egress: Sequence[WayOut] = (),
    *,
    tls_port: int | None = None,
) -> tuple[aws.ec2.SecurityGroup, list[pulumi.Resource]]:
    """Create the servers' group; return it and its rules, which must exist before the first server boots.

    In: the balancer, on the application's port and on that for TLS, if there is one. Out: HTTPS, which is enough for
    Systems Manager, Secrets Manager, Amazon Linux's repositories and PyPI; AWS's DNS, time and metadata services are
    not subject to security groups
    (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html). `egress` and further groups allow more.
    """
    group = aws.ec2.SecurityGroup(
        f"{scope.name}-servers-sg",
        description=f"Servers of the fleet {scope.name}",
        vpc_id=vpc_id,
        **scope.regional_args("servers-sg"),
    )
    rules: list[pulumi.Resource] = [
        aws.vpc.SecurityGroupEgressRule(
            f"{scope.name}-https-out",
            description="HTTPS to AWS and package repositories",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=HTTPS_PORT,
            to_port=HTTPS_PORT,
            cidr_ipv4="0.0.0.0/0",
            **scope.regional_args("https-out"),
        )
    ]
    rules += [_way_out(scope, group, way) for way in egress]
    for transport in dict.fromkeys((TargetProtocol.TCP, protocol)):
        suffix = "" if transport is TargetProtocol.TCP else f"-{transport.value}"
        rules += _between(scope, transport.value, balancer_group_id, group, port, suffix)
    if tls_port is not None:
        rules += _between(scope, TargetProtocol.TCP.value, balancer_group_id, group, tls_port, "-tls")
    return group, rules


def _way_out(scope: Scope, group: aws.ec2.SecurityGroup, way: WayOut) -> pulumi.Resource:
    """Create the rule for a way out that the application needs."""
    return aws.vpc.SecurityGroupEgressRule(
        f"{scope.name}-{way.role}",
        description=way.description,
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=way.port,
        to_port=way.port,
        cidr_ipv4=way.cidr,
        **scope.regional_args(way.role),
    )


def _between(
    scope: Scope,
    transport: str,
    balancer_group_id: pulumi.Input[str],
    group: aws.ec2.SecurityGroup,
    port: int,
    suffix: str,
) -> list[pulumi.Resource]:
    """Create the egress rule of the balancer's group and the ingress rule of the servers'."""
    out = aws.vpc.SecurityGroupEgressRule(
        f"{scope.name}-balancer-to-servers{suffix}",
        description=f"To the fleet {scope.name}",
        security_group_id=balancer_group_id,
        referenced_security_group_id=group.id,
        ip_protocol=transport,
        from_port=port,
        to_port=port,
        **scope.regional_args(f"balancer-to-servers{suffix}"),
    )
    into = aws.vpc.SecurityGroupIngressRule(
        f"{scope.name}-servers-from-balancer{suffix}",
        description="From the load balancer",
        security_group_id=group.id,
        referenced_security_group_id=balancer_group_id,
        ip_protocol=transport,
        from_port=port,
        to_port=port,
        **scope.regional_args(f"servers-from-balancer{suffix}"),
    )
    return [out, into]
