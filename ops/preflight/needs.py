"""What a stack needs of an account, in the terms of AWS's quotas and offers. No SDK here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """What the stack needs in one Region, now or, where the cluster is rebuilt after a failover, then."""

    role: str
    region: str
    has_cluster: bool
    """False in a Region that only holds copies of backups: then the needs are those of a recovery there."""
    zones: int
    pinned: tuple[str, ...] | None
    """The zones that the settings name, by id."""
    instance_type: str
    minimum: int
    """Servers that always run; after a failover in the standby, the primary's."""
    refreshing: int
    """Servers while an instance refresh launches new ones before it ends the old ones."""
    maximum: int
    zonal_gateways: int
    """NAT gateways that are each in one zone, with an Elastic IP."""
    addresses: int
    """Elastic IPs of the NAT gateways; a regional one takes one in each zone that servers are in."""
    balancer: str
    """`application` or `network`."""
    rules: int
    """Most rules of one direction and address family in a security group of ours."""
    durable: bool
    node_type: str
    node_instance_type: str
    """The EC2 instance type that the node type is named after; empty where it is named after none."""
    nodes: int
    database_class: str | None
    instances: int
    """Database instances, with the one of a restore test."""
    serving_instances: int
    runs: int
    """Runs of the failover's functions at once."""
    backed_up: tuple[str, ...]
    """Kinds of resources that backup plans select, in AWS Backup's names."""
    restore_tests: bool
    audit: bool
    certificate: str | None


@dataclass(frozen=True)
class Site:
    """A stack, its name in DNS, and its Regions."""

    stack: str
    domain: str
    zone: str
    in_route53: bool
    """False where Cloudflare has the name's zone, and Route 53 none."""
    delegates: bool
    """True where the program itself delegates the hosted zone, in Cloudflare's zone above it."""
    requests_certificates: bool
    places: tuple[Place, ...]
    accounts: tuple[str, ...] = ()
    """Ids of the accounts that the provider may work in; empty: any."""

    @property
    def regions(self) -> list[str]:
        """The Regions, the primary's first."""
        return [place.region for place in self.places]
