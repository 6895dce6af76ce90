"""Two security groups open to each other only: one of the servers that hold state, one of their clients."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope


@dataclass(frozen=True)
class ServerAndClients:
    """Names and descriptions of the two groups and their rules.

    A role is the last part of a child's resource name and thus of its URN: a changed role replaces the resource.
    """

    server_role: str
    client_role: str
    ingress_role: str
    """Role of the servers' rule that lets clients in."""
    egress_role: str
    """Role of the clients' rule that lets them reach the servers."""
    server_description: str
    """Description of the servers' group."""
    server_name: str
    """Name of the servers in the other descriptions: "the session store"."""
    traffic: str
    """Name of the traffic in the rules' descriptions: "Sessions"."""


def create_security_groups(
    scope: Scope, vpc_id: pulumi.Input[str], port: int, access: ServerAndClients
) -> tuple[aws.ec2.SecurityGroup, aws.ec2.SecurityGroup]:
    """Create the servers' group and the clients' group, open to each other at one TCP port and to nothing else."""
    servers = _security_group(scope, access.server_role, access.server_description, vpc_id)
    clients = _security_group(scope, access.client_role, f"May reach {access.server_name}", vpc_id)
    aws.vpc.SecurityGroupIngressRule(
        f"{scope.name}-{access.ingress_role}",
        description=f"{access.traffic} from clients",
        security_group_id=servers.id,
        referenced_security_group_id=clients.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        **scope.regional_args(access.ingress_role),
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{scope.name}-{access.egress_role}",
        description=f"{access.traffic} to {access.server_name}",
        security_group_id=clients.id,
        referenced_security_group_id=servers.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        **scope.regional_args(access.egress_role),
    )
    return servers, clients


def _security_group(scope: Scope, role: str, description: str, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
    return aws.ec2.SecurityGroup(
        f"{scope.name}-{role}",
        description=description,
        vpc_id=vpc_id,
        **scope.regional_args(role),
    )
