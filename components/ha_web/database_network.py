"""Who reaches a database, and in which subnets it stands."""

import pulumi
from pulumi_aws import ec2, rds, vpc

from ha_web.scope import Scope


def create_security_groups(
    scope: Scope, vpc_id: pulumi.Input[str], port: int
) -> tuple[ec2.SecurityGroup, ec2.SecurityGroup]:
    """The instances' group and the clients' group; each knows only the other, and only the database's port."""
    instances = _security_group(scope, "instances", "Database instances", vpc_id)
    clients = _security_group(scope, "clients", "May reach the database", vpc_id)
    vpc.SecurityGroupIngressRule(
        f"{scope.name}-instances-from-clients",
        description="Queries from clients",
        security_group_id=instances.id,
        referenced_security_group_id=clients.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        **scope.regional("instances-from-clients"),
    )
    vpc.SecurityGroupEgressRule(
        f"{scope.name}-clients-to-instances",
        description="Queries to the database",
        security_group_id=clients.id,
        referenced_security_group_id=instances.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        **scope.regional("clients-to-instances"),
    )
    return instances, clients


def create_subnet_group(scope: Scope, subnet_ids: list[pulumi.Input[str]]) -> "rds.SubnetGroup":
    """The subnets that instances may be in."""
    return rds.SubnetGroup(
        f"{scope.name}-subnets",
        description=f"Database {scope.name}",
        subnet_ids=subnet_ids,
        **scope.regional("subnets"),
    )


def _security_group(scope: Scope, role: str, description: str, vpc_id: pulumi.Input[str]) -> ec2.SecurityGroup:
    return ec2.SecurityGroup(
        f"{scope.name}-{role}",
        description=description,
        vpc_id=vpc_id,
        **scope.regional(role),
    )
