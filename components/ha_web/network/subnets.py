"""The VPC and its subnets."""

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.network.address_plan import Tier, subnet_cidr, subnet_ipv6_cidr


def create_vpc(scope: Scope, cidr: str) -> aws.ec2.Vpc:
    """Create the VPC and empty its default security group, which AWS puts on every resource that names no group.

    https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2
    """
    vpc = aws.ec2.Vpc(
        f"{scope.name}-vpc",
        cidr_block=cidr,
        assign_generated_ipv6_cidr_block=True,
        enable_dns_support=True,
        enable_dns_hostnames=True,
        **scope.regional_args("vpc"),
    )
    aws.ec2.DefaultSecurityGroup(
        f"{scope.name}-default-security-group",
        vpc_id=vpc.id,
        ingress=[],  # said, not left out: the provider takes over whatever rules stand where nothing is said
        egress=[],
        **scope.regional_args("default-security-group"),
    )
    return vpc


def create_subnets(
    scope: Scope, vpc: aws.ec2.Vpc, cidr: str, tier: Tier, zone_ids: Iterable[str]
) -> dict[str, aws.ec2.Subnet]:
    """Create a subnet in each zone; return them by zone id. Only public ones have IPv6, for a dual-stack balancer."""
    return {
        zone_id: aws.ec2.Subnet(
            f"{scope.name}-{tier.name.lower()}-{zone_id}",
            vpc_id=vpc.id,
            availability_zone_id=zone_id,
            cidr_block=subnet_cidr(cidr, tier, zone_id),
            ipv6_cidr_block=_ipv6_range(vpc, zone_id) if tier is Tier.PUBLIC else None,
            map_public_ip_on_launch=False,
            **scope.regional_args(f"{tier.name.lower()}-{zone_id}"),
        )
        for zone_id in zone_ids
    }


def _ipv6_range(vpc: aws.ec2.Vpc, zone_id: str) -> pulumi.Output[str]:
    return vpc.ipv6_cidr_block.apply(lambda cidr: subnet_ipv6_cidr(cidr, zone_id))
