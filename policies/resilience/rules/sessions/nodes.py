"""Session stores that survive the loss of a node, a zone, or their data."""

from collections.abc import Iterator

from resilience.aws.placement import count_of_zones
from resilience.aws.stores import STORES, in_several_regions, is_member, is_memcached
from resilience.aws.types import (
    CACHE_CLUSTER,
    CACHE_SUBNET_GROUPS,
    MEMORYDB_CLUSTER,
    REPLICATION_GROUP,
    SERVERLESS_CACHE,
)
from resilience.aws.values import amount, is_on
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

MULTI_AZ = well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system")


@RULES.rule(
    "store-has-replicas",
    "A session store has a second node at least, in each of its shards.",
    Severity.HIGH,
    MULTI_AZ,
    REPLICATION_GROUP,
    MEMORYDB_CLUSTER,
    nodes=Setting(2, "the fewest nodes of a shard, its primary among them", {"minimum": 2}),
)
def has_replicas(store: Resource, config: Config) -> Iterator[str]:
    """MemoryDB's default is one replica, ElastiCache's none."""
    path, nodes = nodes_of(store)
    if nodes < config["nodes"]:
        yield f"{path} makes {nodes} node(s) a shard; at least {config['nodes']:g} are needed"


def nodes_of(store: Resource) -> tuple[str, float]:
    """The number of nodes in a shard, and the property that sets it."""
    if store.type == MEMORYDB_CLUSTER:
        return "numReplicasPerShard", 1 + amount(store, "numReplicasPerShard", 1)
    shards = "nodeGroupConfigurations"
    if store.has(shards) and store.count(shards):
        counts = [amount(store, f"{shards}.{number}.replicaCount") for number in range(store.count(shards))]
        return shards, 1 + min(counts)
    for path in ("replicasPerNodeGroup", "clusterMode.replicasPerNodeGroup"):
        if store.has(path):
            return path, 1 + amount(store, path)
    if store.has("numNodeGroups"):
        return "replicasPerNodeGroup (not set)", 1
    return "numCacheClusters", amount(store, "numCacheClusters") or amount(store, "numberCacheClusters", 1)


@RULES.stack_rule(
    "store-subnets-span-zones",
    "The subnets of a session store are in two zones at least.",
    Severity.HIGH,
    MULTI_AZ,
    *CACHE_SUBNET_GROUPS,
    zones=Setting(2, "the fewest zones", {"minimum": 2}),
)
def subnets_span_zones(subnets: Resource, _: Stack, config: Config) -> Iterator[str]:
    """Nodes can only be spread over the zones that their subnet group has."""
    zones = count_of_zones(subnets, "subnetIds")
    if zones is not None and zones < config["zones"]:
        yield f"subnetIds are in {zones} zone(s); at least {config['zones']:g} are needed"


@RULES.rule(
    "store-is-replicated",
    "A Redis or Valkey store is a replication group, not a cluster of one node.",
    Severity.HIGH,
    MULTI_AZ,
    CACHE_CLUSTER,
)
def is_replicated(store: Resource, _: Config) -> Iterator[str]:
    """A cluster that belongs to a replication group is one of its nodes."""
    if not is_member(store) and not is_memcached(store):
        yield "it has one node and no failover; use aws.elasticache.ReplicationGroup"


@RULES.rule(
    "cache-spans-zones",
    "The nodes of a Memcached cluster are spread over zones.",
    Severity.MEDIUM,
    MULTI_AZ,
    CACHE_CLUSTER,
)
def cache_spans_zones(store: Resource, _: Config) -> Iterator[str]:
    """The data of a lost node is gone either way; the other nodes go on serving."""
    if not is_member(store) and is_memcached(store) and store.get("azMode", "single-az") != "cross-az":
        yield f'azMode is "{store.get("azMode", "single-az")}"; "cross-az" with two nodes or more survives a zone'


@RULES.rule(
    "store-has-snapshots",
    "A session store is backed up by daily snapshots.",
    Severity.HIGH,
    security_hub("ElastiCache.1"),
    *STORES,
    SERVERLESS_CACHE,
    days=Setting(1, "how long a snapshot is kept at least, in days", {"minimum": 1, "maximum": 35}),
)
def has_snapshots(store: Resource, config: Config) -> Iterator[str]:
    """Memcached has none."""
    if is_member(store) or (store.type in (CACHE_CLUSTER, SERVERLESS_CACHE) and is_memcached(store)):
        return
    if (kept := amount(store, "snapshotRetentionLimit")) < config["days"]:
        yield f"snapshotRetentionLimit is {kept}; at least {config['days']:g} day(s) are needed"


@RULES.stack_rule(
    "store-takes-minor-upgrades",
    "A session store takes minor versions by itself.",
    Severity.MEDIUM,
    security_hub("ElastiCache.2"),
    *STORES,
)
def takes_minor_upgrades(store: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """AWS's default. Security fixes come as minor versions. Members of several regions are upgraded by hand."""
    if not in_several_regions(store, stack) and not is_on(store, "autoMinorVersionUpgrade", default=True):
        yield "autoMinorVersionUpgrade is off; security fixes wait for a person"


@RULES.rule(
    "store-engine-supported",
    "The engine of a session store is still supported by AWS.",
    Severity.MEDIUM,
    well_architected("SEC06-BP01", "sec_protect_compute_vulnerability_management"),
    REPLICATION_GROUP,
    CACHE_CLUSTER,
    redis=Setting(6, "the oldest major version of Redis OSS; 5 left standard support in January 2026", {"minimum": 1}),
)
def engine_supported(store: Resource, config: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html"""
    if not store.has("engineVersion") or store.get("engine", "redis") != "redis":
        return
    version = str(store.get("engineVersion"))
    major = version.partition(".")[0]
    if major.isdigit() and int(major) < config["redis"]:
        yield f"engineVersion is {version}; at least Redis OSS {config['redis']:g}, or Valkey, is needed"


@RULES.rule(
    "store-has-its-own-subnets",
    "A session store is in subnets that were made for it.",
    Severity.HIGH,
    security_hub("ElastiCache.7"),
    *STORES,
)
def has_its_own_subnets(store: Resource, _: Config) -> Iterator[str]:
    """The default group has the default VPC's subnets, which are public."""
    path = "subnetGroupName"
    if is_member(store):
        return
    if not store.has(path):
        yield f"{path} is not set, which means the default group with the default VPC's public subnets"
    elif is_known(store, path) and store.get(path) == "default":
        yield f'{path} is "default", the group with the default VPC\'s public subnets'
