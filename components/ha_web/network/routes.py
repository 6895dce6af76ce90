"""Routes: public subnets to the internet, servers out through NAT and to S3, data subnets nowhere."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from ha_web.core.regions import region_of
from ha_web.core.scope import Scope

ANYWHERE = "0.0.0.0/0"
ANYWHERE_IPV6 = "::/0"


class Nat(StrEnum):
    """NAT gateways that servers reach the internet through. The internet never reaches the servers."""

    PER_ZONE = "per-zone"
    """A gateway in each zone: the loss of a zone leaves the other zones their route out."""
    REGIONAL = "regional"
    """One gateway that AWS spreads over the zones in use."""
    ONE = "one"
    """A gateway in one zone: cheap, and a single point of failure."""
    NONE = "none"
    """No route out; S3 is still reached through its endpoint."""


def create_internet_gateway(scope: Scope, vpc: aws.ec2.Vpc) -> aws.ec2.InternetGateway:
    """Create the internet gateway, for resources with a public address."""
    return aws.ec2.InternetGateway(
        f"{scope.name}-internet-gateway", vpc_id=vpc.id, **scope.regional_args("internet-gateway")
    )


def create_public_routes(
    scope: Scope, vpc: aws.ec2.Vpc, gateway: aws.ec2.InternetGateway, public: dict[str, aws.ec2.Subnet]
) -> dict[str, aws.ec2.RouteTableAssociation]:
    """Create one table with routes for IPv4 and IPv6 to the internet gateway; return each zone's association with it.

    The associations wait for the routes, so a subnet's id taken from one is that of a subnet that is public already
    (AWS refuses a load balancer in a VPC without a gateway).
    """
    table = _create_table(scope, vpc, "public")
    route = aws.ec2.Route(
        f"{scope.name}-public-route",
        route_table_id=table.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        **scope.untagged_args(),
    )
    route_ipv6 = aws.ec2.Route(
        f"{scope.name}-public-route-ipv6",
        route_table_id=table.id,
        destination_ipv6_cidr_block=ANYWHERE_IPV6,
        gateway_id=gateway.id,
        **scope.untagged_args(),
    )
    return {
        zone_id: _associate(scope, f"public-{zone_id}", subnet, table, [route, route_ipv6])
        for zone_id, subnet in public.items()
    }


def create_nat_gateways(
    scope: Scope, nat: Nat, vpc: aws.ec2.Vpc, gateway: aws.ec2.InternetGateway, public: dict[str, aws.ec2.Subnet]
) -> dict[str, aws.ec2.NatGateway]:
    """Create the NAT gateways; return each zone's by zone id, none for `none`.

    A NAT gateway works only once there is an internet gateway, which none of its arguments names.
    """
    if nat is Nat.REGIONAL:
        # Without given addresses, AWS adds zones and addresses by itself as servers appear in them:
        # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
        regional = aws.ec2.NatGateway(
            f"{scope.name}-nat",
            availability_mode="regional",
            vpc_id=vpc.id,
            **scope.regional_args("nat", depends_on=[gateway]),
        )
        return dict.fromkeys(public, regional)
    if nat is Nat.ONE:
        first = next(iter(public))
        return dict.fromkeys(public, _create_zonal_nat(scope, first, public[first], gateway))
    if nat is Nat.PER_ZONE:
        return {zone_id: _create_zonal_nat(scope, zone_id, subnet, gateway) for zone_id, subnet in public.items()}
    return {}


def create_server_routes(
    scope: Scope, vpc: aws.ec2.Vpc, servers: dict[str, aws.ec2.Subnet], nat: dict[str, aws.ec2.NatGateway]
) -> dict[str, aws.ec2.RouteTableAssociation]:
    """Create a table for each zone, with a route to its own NAT gateway; return each zone's association with it.

    The associations wait for the routes: a server that starts earlier could not install its packages.
    """
    associations = {}
    for zone_id, subnet in servers.items():
        table = _create_table(scope, vpc, f"servers-{zone_id}")
        routes = []
        if zone_id in nat:
            route = aws.ec2.Route(
                f"{scope.name}-servers-{zone_id}-route",
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=nat[zone_id].id,
                **scope.untagged_args(),
            )
            routes.append(route)
        associations[zone_id] = _associate(scope, f"servers-{zone_id}", subnet, table, routes)
    return associations


def create_data_routes(scope: Scope, vpc: aws.ec2.Vpc, data: dict[str, aws.ec2.Subnet]) -> None:
    """Create one table without routes for all data subnets: a later route in the main table does not apply to them."""
    table = _create_table(scope, vpc, "data")
    for zone_id, subnet in data.items():
        _associate(scope, f"data-{zone_id}", subnet, table)


def create_s3_endpoint(scope: Scope, vpc: aws.ec2.Vpc, tables: Iterable[pulumi.Output[str]]) -> None:
    """Create a gateway endpoint for S3, which also serves Amazon Linux's packages: free, and independent of NAT.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
    """
    aws.ec2.VpcEndpoint(
        f"{scope.name}-s3-endpoint",
        vpc_id=vpc.id,
        service_name=f"com.amazonaws.{region_of(scope.region, scope.parent)}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=list(tables),
        **scope.regional_args("s3-endpoint"),
    )


def _create_table(scope: Scope, vpc: aws.ec2.Vpc, role: str) -> aws.ec2.RouteTable:
    return aws.ec2.RouteTable(f"{scope.name}-{role}-routes", vpc_id=vpc.id, **scope.regional_args(f"{role}-routes"))


def _associate(
    scope: Scope,
    role: str,
    subnet: aws.ec2.Subnet,
    table: aws.ec2.RouteTable,
    after: Sequence[pulumi.Resource] = (),
) -> aws.ec2.RouteTableAssociation:
    return aws.ec2.RouteTableAssociation(
        f"{scope.name}-{role}-association",
        subnet_id=subnet.id,
        route_table_id=table.id,
        **scope.untagged_args(depends_on=[*after]),
    )


def _create_zonal_nat(
    scope: Scope, zone_id: str, subnet: aws.ec2.Subnet, gateway: aws.ec2.InternetGateway
) -> aws.ec2.NatGateway:
    address = aws.ec2.Eip(
        f"{scope.name}-nat-address-{zone_id}",
        domain="vpc",
        **scope.regional_args(f"nat-address-{zone_id}", depends_on=[gateway]),
    )
    return aws.ec2.NatGateway(
        f"{scope.name}-nat-{zone_id}",
        subnet_id=subnet.id,
        allocation_id=address.id,
        **scope.regional_args(f"nat-{zone_id}", depends_on=[gateway]),
    )
