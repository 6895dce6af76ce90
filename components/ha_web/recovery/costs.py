"""Monthly costs of a site at rest, and the additional costs of each strategy.

Without usage: users' requests, data through NAT, replication between regions, I/O of the database, restore tests, AWS
Config, and logs.
"""

from dataclasses import dataclass

from ha_web.dns.health_checks import METRICS_REGION
from ha_web.recovery.facts import Edge, Facts, Failover
from ha_web.recovery.prices import A_MONTH, AN_HOUR, AS_OF, HOURS, of_type
from ha_web.recovery.strategy import Strategy

ALARMS = 30
"""Number in each region, about: by zones, session nodes and what is watched."""

KEYS = 3
"""Keys of a region: sessions, vault, topic. A database and files have one each."""

FUNCTION_GIB, FUNCTION_RUNS = 0.25, 2
"""Memory of the failover function, and how many of its runs check the primary at any time."""

DAYS = HOURS / 24
"""Days in a month."""

CHECK_REQUESTS = 4
"""Millions of requests a month that Route 53's checkers send to a load balancer, with its fast interval.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html"""

CHECKS = 4
"""Route 53's health checks for two regions: one for each, one for the switch and one for its canary."""

IMAGE_GIB = 8
SMALLEST_MULTI_REGION_NODE = "db.r7g.xlarge"
"""Multi-region clusters take R7g nodes from xlarge.
https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html"""


@dataclass(frozen=True)
class Cost:
    """US dollars a month by item, and the types that the price table doesn't have."""

    items: dict[str, float]
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Return the sum of all items with a known price."""
        return sum(self.items.values())

    @property
    def text(self) -> str:
        """Return the total in words, rounded: `about $1,230`."""
        step = 10 if self.total >= 100 else 1
        amount = f"about ${round(self.total / step) * step:,.0f}"
        return amount if not self.unknown else f"{amount}, and {', '.join(self.unknown)} (no price known)"


def region_cost(facts: Facts, region: str, servers: int) -> Cost:
    """Return the costs of a cluster in a region with so many servers."""
    sizes = facts.sizes
    node = node_type(facts)
    hourly = {
        "servers": (of_type("server", sizes.instance_type, region), servers, sizes.instance_type),
        "sessions": (of_type("memory" if facts.durable else "cache", node, region), facts.session_nodes, node),
    }
    if facts.database:
        price = of_type("database", sizes.database_class, region)
        hourly["database"] = (price, facts.database_instances, sizes.database_class)
    items = {name: price * count * HOURS for name, (price, count, _) in hourly.items() if price is not None}
    unknown = tuple(what for price, count, what in hourly.values() if price is None and count)
    addresses = sizes.nat_gateways + facts.zones
    items |= {
        "disks and metrics": servers * (sizes.disk_size * _month("disk", region) + _month("monitoring", region)),
        "NAT": sizes.nat_gateways * _hour("nat", region),
        "balancer": _hour("balancer", region),
        "addresses": addresses * _hour("address", region),
        "keys, secrets, alarms": _small_things(facts, region),
    }
    if sizes.endpoints:
        items["endpoints"] = sizes.endpoints * facts.zones * _hour("endpoint", region)
    if sizes.waf:
        items["web ACL"] = _month("waf", region)
    if facts.database:
        items["rows"] = sizes.database_gib * _month("rows", region)
        items["database backups"] = _own_snapshots(facts) * sizes.database_gib * _month("rows-backup", region)
    if facts.storage:
        items["files"] = sizes.storage_gib * _month("files", region)
        items["file backups"] = sizes.storage_gib * _month("files-backup", region)
    return Cost(items, unknown)


def strategy_cost(facts: Facts, strategy: Strategy) -> Cost:
    """Return the monthly costs of a strategy beyond those of a single region."""
    first = facts.sizes.regions[0]
    site = facts.with_strategy(strategy)
    second = second_region_cost(site)
    alone, beside = region_cost(facts.with_strategy(None), first, 0), region_cost(site, first, 0)
    dearer = beside.items.get("sessions", 0) - alone.items.get("sessions", 0)
    items = second.items | ({"sessions in the first region": dearer} if dearer else {})
    return Cost(items, second.unknown)


def second_region_cost(site: Facts) -> Cost:
    """Return the monthly costs of the second region, with the copies and health checks that it needs."""
    second = site.sizes.regions[1]
    items = {"copied backups and image": _copies(site, second)}
    if not site.has_cluster:
        return Cost(items | {"keys and secrets": _keys_and_secrets(site, second)})
    there = region_cost(site, second, site.standby_minimum)
    items |= there.items | _reserved(site, second)
    unknown = there.unknown
    if site.edge is Edge.ROUTE53:
        checks, topic = CHECKS * _month("check", second), _month("key", METRICS_REGION)
        items["health checks and their topic"] = checks + _checked_requests(site, second) + topic
    else:
        unknown = (*unknown, "Cloudflare's load balancing")
    if site.needs_promotion and site.acts is Failover.AUTOMATIC:
        items["automation"] = FUNCTION_RUNS * FUNCTION_GIB * _month("automation", second)
    if site.needs_promotion and site.acts is Failover.REGION_SWITCH:
        items["plan of Region switch"] = _month("plan", second)
    return Cost({name: amount for name, amount in items.items() if amount}, unknown)


def _reserved(site: Facts, region: str) -> dict[str, float]:
    """Return the costs of reserved capacity beyond what runs: of servers, and of the load balancer."""
    idle = max(0, site.reserved - site.standby_minimum)
    hourly = of_type("server", site.sizes.instance_type, region)
    return {
        "reserved servers": idle * (hourly or 0) * HOURS,
        "reserved balancer capacity": site.balancer_units * _hour("capacity unit", region),
    }


def _checked_requests(site: Facts, region: str) -> float:
    """Return what the web ACLs of two regions charge for the health checkers' requests."""
    return 2 * CHECK_REQUESTS * _month("requests", region) if site.sizes.waf else 0


def _own_snapshots(facts: Facts) -> float:
    """Return how many snapshots of the database are charged, each in full: those older than point-in-time recovery.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-storage-backup.html
    """
    sizes = facts.sizes
    return max(0, sizes.daily_days - sizes.point_in_time_days) + _monthly(facts)


def _monthly(facts: Facts) -> float:
    return facts.sizes.monthly_days / DAYS


def site_cost(site: Facts) -> Cost:
    """Return the monthly costs of the whole site, by region and item: `primary: servers`, `standby: NAT`."""
    first = region_cost(site, site.sizes.regions[0], site.minimum)
    second = second_region_cost(site) if site.strategy else Cost({})
    items = {f"primary: {name}": amount for name, amount in first.items.items() if amount}
    if site.sizes.dashboard:
        items["primary: dashboard"] = _month("dashboard", site.sizes.regions[0])
    items |= {f"standby: {name}": amount for name, amount in second.items.items()}
    return Cost(items, tuple(dict.fromkeys(first.unknown + second.unknown)))


def cost_summary(cost: Cost) -> dict[str, object]:
    """Return the stack output `monthly_cost`, for JSON: US dollars, types without a price, date of the prices."""
    return {
        "total": round(cost.total, 2),
        "items": {name: round(amount, 2) for name, amount in cost.items.items()},
        "unknown": [*cost.unknown],
        "prices": f"list prices of {AS_OF}",
    }


def node_type(facts: Facts) -> str:
    """Return the session store's node type: for MemoryDB that of the same size, over two regions at least an xlarge."""
    node = facts.sizes.node_type
    if not facts.durable:
        return node
    node = node.replace("cache.", "db.")
    if not facts.has_cluster:
        return node.replace(".m7g.", ".r7g.").replace(".m6g.", ".r7g.")
    large_enough = node.startswith("db.r7g.") and node.endswith("xlarge")
    return node if large_enough else SMALLEST_MULTI_REGION_NODE


def _copies(facts: Facts, region: str) -> float:
    """Return the costs of the copies: of the database each in full, of the files one, without the daily changes."""
    rows = 0.0
    if facts.database:
        kept = facts.sizes.daily_days + _monthly(facts)
        a_month = HOURS * 3_600 / facts.database_copy_interval
        rows = facts.sizes.database_gib * (kept * _month("rows-backup", region) + a_month * _month("transfer", region))
    files = facts.sizes.storage_gib * _month("files-backup", region) if facts.storage else 0
    return rows + files + IMAGE_GIB * _month("image", region)


def _keys_and_secrets(facts: Facts, region: str) -> float:
    """Return the costs of the keys, with those of database and files, and of the secrets (sessions, database)."""
    keys, secrets = KEYS + facts.database + facts.storage, 1 + facts.database
    return keys * _month("key", region) + secrets * _month("secret", region)


def _small_things(facts: Facts, region: str) -> float:
    return _keys_and_secrets(facts, region) + ALARMS * _month("alarm", region)


def _hour(name: str, region: str) -> float:
    """Return the monthly price of what is paid by the hour."""
    return AN_HOUR[name].in_region(region) * HOURS


def _month(name: str, region: str) -> float:
    return A_MONTH[name].in_region(region)
