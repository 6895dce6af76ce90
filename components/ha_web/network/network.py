"""A VPC over several zones: public, server and data subnets that stay put when a zone is added or removed."""

from collections.abc import Iterable
from typing import NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ha_web.core.log_retention import log_retention_problem
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.network.address_plan import Tier, cidr_problem, zone_problems
from ha_web.network.endpoints import create_interface_endpoints, endpoint_problems, ids_of
from ha_web.network.flow_logs import DEFAULT_RETENTION_DAYS, create_flow_logs
from ha_web.network.routes import (
    Nat,
    create_data_routes,
    create_internet_gateway,
    create_nat_gateways,
    create_public_routes,
    create_s3_endpoint,
    create_server_routes,
)
from ha_web.network.subnets import create_subnets, create_vpc
from ha_web.network.zones import choose_zones, zone_count_problems

DEFAULT_ZONES = 3


class NetworkArgs(TypedDict):
    """A VPC: its IPv4 range, zones, NAT and flow logs."""

    cidr: str
    """IPv4 range of the VPC, /16 to /22. Subnets of a load balancer must be /27 or larger:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"""
    zones: NotRequired[int]
    """Number of zones, 2 to 6: the first by zone id that need no opt-in, whatever their state (an outage must not
    move a network), without those that AWS no longer extends, like `use1-az3`. Default 3: the loss of one takes a
    third of the capacity, not half
    (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html)."""
    zone_ids: NotRequired[list[str]]
    """Ids of the zones to use, like `euw1-az1`: an id is the same place in every account, a name is not
    (https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html). Default: chosen by `zones`. Name those
    in use once there is data in them: should AWS give the account another zone, the choice would change."""
    instance_types: NotRequired[list[str]]
    """EC2 instance types that each zone must offer, like the servers'. Default: none; nothing is asked."""
    node_types: NotRequired[list[str]]
    """Types of the nodes in data subnets, like `cache.m7g.large` or `db.r7g.large`. A zone in which EC2 lacks the same
    type is warned of, because no API tells the zones of nodes. Default: none."""
    nat: NotRequired[Nat]
    """NAT gateways that servers reach the internet through. Default `per-zone`, as AWS recommends for resilience:
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"""
    endpoints: NotRequired[list[str]]
    """AWS services that servers reach inside the VPC by an interface endpoint a zone, like `secretsmanager`; S3 has
    a gateway endpoint anyway. With `nat: none` an image with everything in it needs `ec2messages`, `logs`,
    `secretsmanager`, `ssm` and `ssmmessages`. Default: none; each is billed by the hour and zone
    (https://aws.amazon.com/privatelink/pricing/)."""
    flow_log_retention_days: NotRequired[int]
    """Days that CloudWatch Logs keeps the flow logs. Default 30 (our choice: CloudWatch Logs keeps them
    for ever)."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources, besides their Name."""


class Network(pulumi.ComponentResource):
    """A VPC with public (dual-stack), server and data subnets in each zone, and the routes between them.

    Each zone has its own CIDR slots, so adding or removing a zone moves no other zone's subnets. A zone can only be
    removed while nothing is in its data subnet, for ElastiCache, MemoryDB and Aurora keep a subnet that is in use; a
    network load balancer that loses a subnet is replaced. Data subnets have no route out, the default security group
    has no rules, nothing gets a public address by itself, and all traffic is logged.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    vpc_cidr: pulumi.Output[str]
    """IPv4 range of the VPC."""
    zone_ids: list[str]
    """Ids of the zones, sorted; every list of subnets has this order."""
    zone_names: list[str]
    """Names of the zones in this account, in the order of `zone_ids`."""
    public_subnet_ids: list[pulumi.Output[str]]
    """Ids of the subnets for load balancers, one a zone; known once they have a route to the internet."""
    server_subnet_ids: list[pulumi.Output[str]]
    """Ids of the subnets for servers, one a zone; known once they have their route out and the endpoints."""
    data_subnet_ids: list[pulumi.Output[str]]
    """Ids of the subnets for resources that hold state, one a zone. They have no route out."""
    nat_gateway_ids: list[pulumi.Output[str]]
    """Ids of the NAT gateways: one a zone, one, or none."""
    server_route_table_ids: list[pulumi.Output[str]]
    """Ids of the route tables of the server subnets, one a zone, for endpoints and peerings."""
    endpoint_ids: dict[str, pulumi.Output[str]]
    """Ids of the interface endpoints, by service."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Network", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        zones = choose_zones(
            scope,
            _zone_count(args),
            args.get("zone_ids"),
            Problems(f'Network "{name}"'),
            instance_types=args.get("instance_types", []),
            node_types=args.get("node_types", []),
        )

        vpc = create_vpc(scope, args["cidr"])
        public = create_subnets(scope, vpc, args["cidr"], Tier.PUBLIC, zones)
        servers = create_subnets(scope, vpc, args["cidr"], Tier.SERVERS, zones)
        data = create_subnets(scope, vpc, args["cidr"], Tier.DATA, zones)
        gateway = create_internet_gateway(scope, vpc)
        public_associations = create_public_routes(scope, vpc, gateway, public)
        nat = args.get("nat", Nat.PER_ZONE)
        nat_gateways = create_nat_gateways(scope, nat, vpc, gateway, public)
        server_associations = create_server_routes(scope, vpc, servers, nat_gateways)
        create_data_routes(scope, vpc, data)
        server_tables = [each.route_table_id for each in server_associations.values()]
        create_s3_endpoint(scope, vpc, server_tables)
        endpoints = create_interface_endpoints(scope, vpc, args["cidr"], servers, args.get("endpoints", []))
        regional_nat = next(iter(nat_gateways.values())) if nat is Nat.REGIONAL else None
        create_flow_logs(scope, vpc, args.get("flow_log_retention_days", DEFAULT_RETENTION_DAYS), regional_nat)

        self.vpc_id = vpc.id
        self.vpc_cidr = vpc.cidr_block
        self.zone_ids = list(zones)
        self.zone_names = list(zones.values())
        self.public_subnet_ids = [_subnet_of(each) for each in public_associations.values()]
        self.endpoint_ids = ids_of(endpoints)
        self.server_subnet_ids = [
            _after(_subnet_of(each), self.endpoint_ids.values()) for each in server_associations.values()
        ]
        self.data_subnet_ids = [subnet.id for subnet in data.values()]
        self.nat_gateway_ids = [gateway.id for gateway in dict.fromkeys(nat_gateways.values())]
        self.server_route_table_ids = server_tables
        self.register_outputs({key: getattr(self, key) for key in Network.__annotations__})


def _zone_count(args: NetworkArgs) -> int:
    return args.get("zones", len(args["zone_ids"]) if "zone_ids" in args else DEFAULT_ZONES)


def _checked(name: str, args: NetworkArgs) -> NetworkArgs:
    """Return the arguments, checked as far as they can be before the zones of the region are known."""
    problems = Problems(f'Network "{name}"')
    args = problems.checked(args, NetworkArgs)
    retention, pinned = args.get("flow_log_retention_days", DEFAULT_RETENTION_DAYS), args.get("zone_ids")
    problems.add(cidr_problem(args["cidr"]), log_retention_problem("flow_log_retention_days", retention))
    problems.add(*endpoint_problems(args.get("endpoints", [])))
    problems.add(*zone_count_problems(_zone_count(args), pinned), *zone_problems(pinned or []))
    problems.raise_if_any()
    return args


def _subnet_of(association: aws.ec2.RouteTableAssociation) -> pulumi.Output[str]:
    """Return the subnet's id from its association, so that its users wait for its routes."""
    return cast(pulumi.Output[str], association.subnet_id)  # optional only for gateways' associations


def _after(subnet_id: pulumi.Output[str], others: Iterable[pulumi.Output[str]]) -> pulumi.Output[str]:
    """Return an id that is known once the others are: no server may boot before what it asks is there."""
    waited = list(others)
    return pulumi.Output.all(subnet_id, *waited).apply(lambda known: cast(str, known[0])) if waited else subnet_id
