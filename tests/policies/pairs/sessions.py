from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource
from tests.policies.pairs.fleet import subnet

STORE = "elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "elasticache/cluster:Cluster"
DURABLE = "memorydb/cluster:Cluster"
SERVERLESS = "elasticache/serverlessCache:ServerlessCache"


def subnets(*zones: str) -> Resource:
    links = {"subnetIds": [subnet(zone) for zone in zones]}
    return resource("elasticache/subnetGroup:SubnetGroup", subnetIds=[UNKNOWN for _ in zones], links=links)


def store(**props: Any) -> Resource:
    return resource(STORE, **props)


PAIRS = {
    "store-has-replicas": Pair(
        good=store(numCacheClusters=2.0), bad=store(numCacheClusters=1.0), says="numCacheClusters makes 1 node(s)"
    ),
    "store-fails-over": Pair(
        good=store(automaticFailoverEnabled=True), bad=store(), says="automaticFailoverEnabled is off"
    ),
    "store-is-multi-az": Pair(good=store(multiAzEnabled=True), bad=store(), says="multiAzEnabled is off"),
    "store-subnets-span-zones": Pair(
        good=subnets("euw1-az1", "euw1-az2"), bad=subnets("euw1-az1", "euw1-az1"), says="1 zone(s); at least 2"
    ),
    "store-is-replicated": Pair(
        good=resource(CLUSTER, replicationGroupId=UNKNOWN),
        bad=resource(CLUSTER, engine="redis"),
        says="one node and no failover",
    ),
    "cache-spans-zones": Pair(
        good=resource(CLUSTER, engine="memcached", azMode="cross-az"),
        bad=resource(CLUSTER, engine="memcached"),
        says='azMode is "single-az"',
    ),
    "store-has-snapshots": Pair(
        good=store(snapshotRetentionLimit=1.0), bad=store(), says="snapshotRetentionLimit is 0; at least 1"
    ),
    "store-takes-minor-upgrades": Pair(
        good=store(), bad=store(autoMinorVersionUpgrade=False), says="autoMinorVersionUpgrade is off"
    ),
    "store-engine-supported": Pair(
        good=store(engine="redis", engineVersion="6.x"),
        bad=store(engine="redis", engineVersion="5.0.6"),
        says="engineVersion is 5.0.6",
    ),
    "store-has-its-own-subnets": Pair(
        good=store(subnetGroupName=UNKNOWN), bad=store(), says="subnetGroupName is not set"
    ),
    "store-speaks-tls": Pair(
        good=store(transitEncryptionEnabled=True, transitEncryptionMode="required"),
        bad=store(transitEncryptionEnabled=True, transitEncryptionMode="preferred"),
        says='transitEncryptionMode is "preferred"',
    ),
    "store-is-encrypted": Pair(
        good=store(engine="valkey"), bad=store(engine="redis"), says="atRestEncryptionEnabled is off"
    ),
    "store-has-its-own-key": Pair(
        good=store(engine="valkey", kmsKeyId=UNKNOWN), bad=store(engine="valkey"), says="kmsKeyId is not set"
    ),
    "store-asks-who-you-are": Pair(
        good=store(userGroupIds=[UNKNOWN]), bad=store(), says="neither userGroupIds nor authToken"
    ),
}
