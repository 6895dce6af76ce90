"""The edges of the rules about session stores: three services, their defaults, and what a secondary inherits."""

from typing import Any

import pytest
from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.sessions import CLUSTER, DURABLE, SERVERLESS, store

GLOBAL = "elasticache/globalReplicationGroup:GlobalReplicationGroup"


def passes(name: str, *resources: Resource, **config: Any) -> bool:
    verdict = judged(name, *resources, **config)
    return (verdict.messages, verdict.unknown) == ((), None)


def test_a_group_that_says_nothing_has_one_node() -> None:
    assert judged("store-has-replicas", store()).messages


def test_shards_need_replicas_each() -> None:
    assert passes("store-has-replicas", store(numNodeGroups=2.0, replicasPerNodeGroup=1.0))
    assert judged("store-has-replicas", store(numNodeGroups=2.0, replicasPerNodeGroup=0.0)).messages
    assert judged("store-has-replicas", store(numNodeGroups=2.0)).messages


def test_the_poorest_of_shards_that_differ_counts() -> None:
    shards = [{"replicaCount": 2.0}, {"replicaCount": 0.0}]

    assert judged("store-has-replicas", store(nodeGroupConfigurations=shards)).messages


def test_memorydb_has_a_replica_by_default() -> None:
    assert passes("store-has-replicas", resource(DURABLE))
    assert judged("store-has-replicas", resource(DURABLE, numReplicasPerShard=0.0)).messages


def test_a_team_may_ask_for_three_nodes() -> None:
    assert judged("store-has-replicas", store(numCacheClusters=2.0), nodes=3.0).messages
    assert passes("store-has-replicas", store(numCacheClusters=3.0), nodes=3.0)


def test_a_number_of_nodes_that_is_not_known_yet_cannot_be_told() -> None:
    assert judged("store-has-replicas", store(numCacheClusters=UNKNOWN)).unknown == "numCacheClusters"


def test_nothing_is_said_of_subnets_outside_the_stack() -> None:
    group = resource("memorydb/subnetGroup:SubnetGroup", subnetIds=["subnet-1", "subnet-2"])

    assert passes("store-subnets-span-zones", group)


def test_memcached_is_asked_only_what_it_can_do() -> None:
    cache = resource(CLUSTER, engine="memcached", azMode="cross-az", transitEncryptionEnabled=True)

    for name in ("store-is-replicated", "cache-spans-zones", "store-has-snapshots", "store-speaks-tls"):
        assert passes(name, cache), name


def test_a_memcached_cluster_in_plain_text_is_found() -> None:
    assert judged("store-speaks-tls", resource(CLUSTER, engine="memcached")).messages


def test_a_node_of_a_replication_group_is_judged_as_the_group() -> None:
    node = resource(CLUSTER, replicationGroupId="sessions")

    for name in ("store-is-replicated", "cache-spans-zones", "store-has-snapshots", "store-has-its-own-subnets"):
        assert passes(name, node), name


def test_members_of_several_regions_are_not_asked_for_upgrades_that_aws_takes_from_them() -> None:
    primary = store(autoMinorVersionUpgrade=False)
    datastore = resource(GLOBAL, links={"primaryReplicationGroupId": [primary]})

    assert passes("store-takes-minor-upgrades", store(autoMinorVersionUpgrade=False, globalReplicationGroupId=UNKNOWN))
    assert passes("store-takes-minor-upgrades", primary, datastore)
    assert passes(
        "store-takes-minor-upgrades", resource(DURABLE, autoMinorVersionUpgrade=False, multiRegionClusterName=UNKNOWN)
    )
    assert judged("store-takes-minor-upgrades", resource(DURABLE, autoMinorVersionUpgrade=False)).messages


def test_a_secondary_is_not_asked_what_its_primary_decides() -> None:
    secondary = store(globalReplicationGroupId=UNKNOWN)

    for name in ("store-speaks-tls", "store-is-encrypted", "store-asks-who-you-are", "store-engine-supported"):
        assert passes(name, secondary), name


def test_a_secondary_has_nodes_zones_and_a_key_of_its_own() -> None:
    secondary = store(globalReplicationGroupId=UNKNOWN)

    for name in ("store-has-replicas", "store-fails-over", "store-is-multi-az", "store-has-its-own-key"):
        assert judged(name, secondary).messages, name


def test_redis_is_plain_by_default_and_memorydb_is_not() -> None:
    assert judged("store-speaks-tls", store()).messages == ("transitEncryptionEnabled is off",)
    assert passes("store-speaks-tls", resource(DURABLE))
    assert judged("store-speaks-tls", resource(DURABLE, tlsEnabled=False)).messages


def test_the_default_engine_is_not_encrypted_by_default() -> None:
    assert judged("store-is-encrypted", store()).messages
    assert judged("store-is-encrypted", store(engine="valkey", atRestEncryptionEnabled=False)).messages
    assert passes("store-is-encrypted", store(atRestEncryptionEnabled=True))


def test_a_store_without_encryption_is_not_asked_for_a_key_too() -> None:
    assert passes("store-has-its-own-key", store())


@pytest.mark.parametrize(("kind", "key"), [(DURABLE, "kmsKeyArn"), (SERVERLESS, "kmsKeyId")])
def test_other_stores_are_encrypted_with_a_key_of_aws_by_default(kind: str, key: str) -> None:
    known: dict[str, Any] = {key: UNKNOWN}

    assert judged("store-has-its-own-key", resource(kind)).messages
    assert passes("store-has-its-own-key", resource(kind, **known))


@pytest.mark.parametrize("kept", [0.0, 6.0])
def test_snapshots_are_kept_as_long_as_the_team_says(kept: float) -> None:
    assert judged("store-has-snapshots", store(snapshotRetentionLimit=kept), days=7).messages
    assert passes("store-has-snapshots", store(snapshotRetentionLimit=7.0), days=7)


def test_a_serverless_cache_has_no_snapshots_and_no_users_by_default() -> None:
    cache = resource(SERVERLESS, engine="valkey")

    assert judged("store-has-snapshots", cache).messages
    assert judged("store-asks-who-you-are", cache).messages
    assert passes("store-asks-who-you-are", resource(SERVERLESS, engine="memcached"))


def test_a_switch_may_be_a_string() -> None:
    cluster = resource(CLUSTER, engine="redis", autoMinorVersionUpgrade="false")

    assert judged("store-takes-minor-upgrades", cluster).messages


@pytest.mark.parametrize("version", ["6.x", "7.1", "6.2"])
def test_supported_versions_of_redis_pass(version: str) -> None:
    assert passes("store-engine-supported", store(engineVersion=version))


def test_old_versions_and_only_those_of_redis_are_found() -> None:
    assert judged("store-engine-supported", store(engineVersion="5.0.6")).messages
    assert passes("store-engine-supported", store(engine="valkey", engineVersion="7.2"))
    assert passes("store-engine-supported", store())
    assert passes("store-engine-supported", resource(CLUSTER, engine="memcached", engineVersion="1.6.22"))


def test_the_default_subnet_group_is_found_by_its_name() -> None:
    assert judged("store-has-its-own-subnets", store(subnetGroupName="default")).messages


def test_a_password_does_as_well_as_users() -> None:
    assert passes("store-asks-who-you-are", store(authToken=UNKNOWN))


def test_memorydb_lets_everybody_in_by_its_open_list() -> None:
    assert judged("store-asks-who-you-are", resource(DURABLE, aclName="open-access")).messages
    assert passes("store-asks-who-you-are", resource(DURABLE, aclName=UNKNOWN))
