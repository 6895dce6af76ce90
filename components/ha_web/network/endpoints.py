"""Interface endpoints: AWS services that servers reach inside the VPC, without a way to the internet."""

import re
from collections.abc import Collection, Mapping, Sequence

import pulumi
import pulumi_aws as aws

from ha_web.core.regions import region_of
from ha_web.core.scope import Scope
from ha_web.network.address_plan import Tier, subnet_cidr

HTTPS_PORT = 443

NEEDED = ("ec2messages", "logs", "secretsmanager", "ssm", "ssmmessages")
"""What servers of a baked image ask: secrets at boot, Session Manager, their log. S3 has an endpoint of its own, and
Secrets Manager decrypts by itself. https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html"""

GATEWAYS = {
    "s3": "S3 has a gateway endpoint, which costs nothing",
    "dynamodb": "DynamoDB's is a gateway endpoint: add one to server_route_table_ids",
}


def endpoint_problems(services: Collection[str]) -> list[str]:
    """Return a line for what is no name of a service, is given twice, or has an endpoint anyway."""
    problems = []
    for service in sorted(set(services)):
        if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", service):
            problems.append(f'endpoints has "{service}"; services are named like "secretsmanager" or "ecr.dkr"')
        if service in GATEWAYS:
            problems.append(f'endpoints has "{service}"; {GATEWAYS[service]}')
    if len(services) != len(set(services)):
        problems.append("endpoints has a service twice")
    return problems


def create_interface_endpoints(
    scope: Scope,
    vpc: aws.ec2.Vpc,
    cidr: str,
    servers: Mapping[str, aws.ec2.Subnet],
    services: Sequence[str],
) -> dict[str, aws.ec2.VpcEndpoint]:
    """Create an endpoint for each service with an address in each zone, under the service's own name; by service.

    One that only some zones had would send the servers of the others across zones, or nowhere when its zone fails.
    https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html
    """
    if not services:
        return {}
    group = _create_group(scope, vpc, cidr, servers)
    return {
        service: aws.ec2.VpcEndpoint(
            f"{scope.name}-{service.replace('.', '-')}-endpoint",
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.{region_of(scope.region, scope.parent)}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=[subnet.id for subnet in servers.values()],
            security_group_ids=[group.id],
            private_dns_enabled=True,
            **scope.regional_args(f"{service.replace('.', '-')}-endpoint"),
        )
        for service in services
    }


def _create_group(
    scope: Scope, vpc: aws.ec2.Vpc, cidr: str, servers: Mapping[str, aws.ec2.Subnet]
) -> aws.ec2.SecurityGroup:
    """Create the endpoints' group: HTTPS from the servers' subnets, and nothing out."""
    group = aws.ec2.SecurityGroup(
        f"{scope.name}-endpoints-sg",
        description=f"Interface endpoints of {scope.name}",
        vpc_id=vpc.id,
        **scope.regional_args("endpoints-sg"),
    )
    for zone_id in servers:
        aws.vpc.SecurityGroupIngressRule(
            f"{scope.name}-endpoints-from-{zone_id}",
            description=f"HTTPS from the servers in {zone_id}",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=HTTPS_PORT,
            to_port=HTTPS_PORT,
            cidr_ipv4=subnet_cidr(cidr, Tier.SERVERS, zone_id),
            **scope.regional_args(f"endpoints-from-{zone_id}"),
        )
    return group


def ids_of(endpoints: Mapping[str, aws.ec2.VpcEndpoint]) -> dict[str, pulumi.Output[str]]:
    """Return the endpoints' ids by service."""
    return {service: endpoint.id for service, endpoint in endpoints.items()}
