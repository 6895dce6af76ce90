"""Two security groups that know only each other: of what holds state, and of who may reach it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope


@dataclass(frozen=True)
class Pair:
    """How the two groups and their rules are called (as roles of children, part of the URN) and described."""

    inner: str
    """Role of the group of what holds state."""
    clients: str
    inward: str
    """Role of the rule that lets clients in."""
    outward: str
    """Role of the rule that lets clients out."""
    what: str
    """Description of the inner group."""
    name: str
    """What clients reach: "the session store"."""
    traffic: str
    """What flows: "Sessions"."""


def create_pair(
    scope: Scope, vpc_id: pulumi.Input[str], port: int, pair: Pair
) -> tuple[aws.ec2.SecurityGroup, aws.ec2.SecurityGroup]:
    """The inner group and the clients' group, open to each other at one TCP port and to nothing else."""
    inner = _security_group(scope, pair.inner, pair.what, vpc_id)
    clients = _security_group(scope, pair.clients, f"May reach {pair.name}", vpc_id)
    aws.vpc.SecurityGroupIngressRule(
        f"{scope.name}-{pair.inward}",
        description=f"{pair.traffic} from clients",
        security_group_id=inner.id,
        referenced_security_group_id=clients.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        **scope.regional_args(pair.inward),
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{scope.name}-{pair.outward}",
        description=f"{pair.traffic} to {pair.name}",
        security_group_id=clients.id,
        referenced_security_group_id=inner.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        **scope.regional_args(pair.outward),
    )
    return inner, clients


def _security_group(scope: Scope, role: str, description: str, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
    return aws.ec2.SecurityGroup(
        f"{scope.name}-{role}",
        description=description,
        vpc_id=vpc_id,
        **scope.regional_args(role),
    )
