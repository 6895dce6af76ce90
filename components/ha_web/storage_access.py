"""Who reaches a shared file system by the network: its mount targets' security group, and its clients'."""

import pulumi
from pulumi_aws import ec2, vpc

from ha_web.scope import Scope
from ha_web.storage_rules import PORT


def create_security_groups(scope: Scope, vpc_id: pulumi.Input[str]) -> tuple[ec2.SecurityGroup, ec2.SecurityGroup]:
    """The mount targets' group and the clients' group; each knows only the other, and only NFS."""
    mounts = _security_group(scope, "storage-mounts", "Mount targets of the shared storage", vpc_id)
    clients = _security_group(scope, "storage-clients", "May reach the shared storage", vpc_id)
    vpc.SecurityGroupIngressRule(
        f"{scope.name}-storage-from-clients",
        description="NFS from clients",
        security_group_id=mounts.id,
        referenced_security_group_id=clients.id,
        ip_protocol="tcp",
        from_port=PORT,
        to_port=PORT,
        **scope.regional("storage-from-clients"),
    )
    vpc.SecurityGroupEgressRule(
        f"{scope.name}-clients-to-storage",
        description="NFS to the shared storage",
        security_group_id=clients.id,
        referenced_security_group_id=mounts.id,
        ip_protocol="tcp",
        from_port=PORT,
        to_port=PORT,
        **scope.regional("clients-to-storage"),
    )
    return mounts, clients


def _security_group(scope: Scope, role: str, description: str, vpc_id: pulumi.Input[str]) -> ec2.SecurityGroup:
    return ec2.SecurityGroup(
        f"{scope.name}-{role}",
        description=description,
        vpc_id=vpc_id,
        **scope.regional(role),
    )
