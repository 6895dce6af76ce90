"""The topology in a stack's state: regions, their zones and what is deployed in each."""

from dataclasses import dataclass, field
from typing import Any

Resource = dict[str, Any]


@dataclass(frozen=True)
class Zone:
    """One availability zone of a region."""

    id: str
    tiers: dict[str, str]
    """CIDR of the zone's subnet in each tier: public, servers, data."""
    nat: bool


@dataclass(frozen=True)
class Place:
    """One region of the site."""

    role: str
    region: str
    cidr: str
    balancer: str
    waf: bool
    servers: str
    data: str
    vault: str
    zones: list[Zone] = field(default_factory=list)


@dataclass(frozen=True)
class Topology:
    """The whole site."""

    domain: str
    records: str
    places: list[Place]


def topology(resources: list[Resource], domain: str) -> Topology:
    """Read the topology out of the resources of `pulumi stack export`."""
    vpcs = _of(resources, "aws:ec2/vpc:Vpc")
    places = [_place(resources, vpc) for vpc in vpcs]
    places.sort(key=lambda place: place.role != "primary")
    failover = any(r["inputs"].get("failoverRoutingPolicies") for r in _of(resources, "aws:route53/record:Record"))
    checks = len(_of(resources, "aws:route53/healthCheck:HealthCheck"))
    return Topology(domain, f"failover records, {checks} health checks" if failover else "alias records", places)


def _of(resources: list[Resource], kind: str, region: str | None = None) -> list[Resource]:
    found = [r for r in resources if r["type"] == kind]
    return [r for r in found if region is None or r["outputs"].get("region") == region]


def _place(resources: list[Resource], vpc: Resource) -> Place:
    region = vpc["outputs"]["region"]
    inside = vpc["parent"].split("::")[-2].split("$")
    role = vpc["outputs"].get("tags", {}).get("ha-web:role") or inside[-1]
    [balancer, *_] = _of(resources, "aws:lb/loadBalancer:LoadBalancer", region)
    [fleet, *_] = _of(resources, "aws:autoscaling/group:Group", region)
    vaults = _of(resources, "aws:backup/vault:Vault", region)
    group = fleet["inputs"]
    return Place(
        role=role,
        region=region,
        cidr=vpc["inputs"]["cidrBlock"],
        balancer=f"{balancer['inputs'].get('loadBalancerType', 'application')} load balancer",
        waf=bool(_of(resources, "aws:wafv2/webAclAssociation:WebAclAssociation", region)),
        servers=f"Auto Scaling group, {group['minSize']} to {group['maxSize']} servers",
        data="; ".join(filter(None, [_sessions(resources, region), _data(resources, region)])),
        vault=vaults[0]["outputs"]["name"] if vaults else "",
        zones=_zones(resources, region),
    )


def _sessions(resources: list[Resource], region: str) -> str:
    """The store of the region's sessions: a replication group, or a durable one."""
    for store in _of(resources, "aws:memorydb/cluster:Cluster", region):
        given = store["inputs"]
        return f"MemoryDB, {int(given['numReplicasPerShard']) + 1} nodes, {given['nodeType']}"
    [store, *_] = _of(resources, "aws:elasticache/replicationGroup:ReplicationGroup", region)
    given = store["inputs"]
    kind = given.get("nodeType", "following the primary")
    return f"Valkey, {int(given['numCacheClusters'])} nodes, {kind}"


def _data(resources: list[Resource], region: str) -> str:
    """Other resources that hold data in the region."""
    instances = _of(resources, "aws:rds/clusterInstance:ClusterInstance", region)
    found = [f"Aurora, {len(instances)} instances, {instances[0]['inputs']['instanceClass']}"] if instances else []
    found += ["EFS"] if _of(resources, "aws:efs/fileSystem:FileSystem", region) else []
    return "; ".join(found)


def _zones(resources: list[Resource], region: str) -> list[Zone]:
    nats = {nat["inputs"].get("subnetId") for nat in _of(resources, "aws:ec2/natGateway:NatGateway", region)}
    zones: dict[str, dict[str, str]] = {}
    with_nat = set()
    for subnet in _of(resources, "aws:ec2/subnet:Subnet", region):
        zone = subnet["inputs"]["availabilityZoneId"]
        name = subnet["urn"].split("::")[-1]
        tier = next(t for t in ("public", "server", "data") if f"-{t}" in name)
        zones.setdefault(zone, {})[tier] = subnet["inputs"]["cidrBlock"]
        if subnet["id"] in nats:
            with_nat.add(zone)
    return [Zone(zone, tiers, zone in with_nat) for zone, tiers in sorted(zones.items())]
