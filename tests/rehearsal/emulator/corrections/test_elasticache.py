"""The session store: nodes over the zones, users with passwords, parameters that exist."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-sessions")

SECRET = "a" * 32


@dataclass
class Store:
    """A subnet group, a parameter group and a user group, and the replication group that needs them."""

    network: Any
    cache: Any

    @property
    def name(self) -> str:
        return str(self.network.name)

    def prepare(self, subnets: list[str]) -> None:
        self.cache.create_cache_subnet_group(
            CacheSubnetGroupName=self.name, CacheSubnetGroupDescription="test", SubnetIds=subnets
        )
        self.cache.create_cache_parameter_group(
            CacheParameterGroupName=self.name, CacheParameterGroupFamily="valkey8", Description="test"
        )
        mode = {"Type": "password", "Passwords": [SECRET]}
        self.cache.create_user(
            UserId=self.name, UserName="app", Engine="valkey", AccessString="on ~* +@all", AuthenticationMode=mode
        )
        self.cache.create_user_group(UserGroupId=self.name, Engine="valkey", UserIds=[self.name])

    def create(self, **settings: Any) -> dict[str, Any]:
        given = {
            "ReplicationGroupId": self.name,
            "ReplicationGroupDescription": "test",
            "Engine": "valkey",
            "EngineVersion": "8.0",
            "CacheNodeType": "cache.t4g.small",
            "NumCacheClusters": 3,
            "AutomaticFailoverEnabled": True,
            "MultiAZEnabled": True,
            "CacheSubnetGroupName": self.name,
            "CacheParameterGroupName": self.name,
            "SecurityGroupIds": [self.network.group],
            "TransitEncryptionEnabled": True,
            "AtRestEncryptionEnabled": True,
            "UserGroupIds": [self.name],
            "SnapshotRetentionLimit": 7,
            "Tags": [{"Key": "ha-web:backup", "Value": "true"}],
        }
        made = self.cache.create_replication_group(**{**given, **settings})
        group: dict[str, Any] = made["ReplicationGroup"]
        return group

    @property
    def group(self) -> dict[str, Any]:
        found = self.cache.describe_replication_groups(ReplicationGroupId=self.name)["ReplicationGroups"]
        group: dict[str, Any] = found[0]
        return group

    @property
    def nodes(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self.group["NodeGroups"][0]["NodeGroupMembers"]
        return nodes

    @property
    def clusters(self) -> list[dict[str, Any]]:
        found = self.cache.describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]
        return [cluster for cluster in found if cluster.get("ReplicationGroupId") == self.name]


@pytest.fixture
def store(network: Any, aws: Callable[..., Any]) -> Store:
    made = Store(network, aws("elasticache"))
    made.prepare(network.subnets)
    return made


def test_nodes_are_spread_over_the_zones_of_the_subnet_group(network: Any, aws: Callable[..., Any]) -> None:
    store = Store(network, aws("elasticache"))
    store.prepare(network.subnets[1:])
    store.create()
    found = network.ec2.describe_subnets(SubnetIds=network.subnets[1:])["Subnets"]
    zones = {subnet["AvailabilityZone"] for subnet in found}
    assert {node["PreferredAvailabilityZone"] for node in store.nodes} == zones
    assert {cluster["PreferredAvailabilityZone"] for cluster in store.clusters} == zones


def test_nodes_and_endpoints_are_named_as_aws_names_them(store: Store) -> None:
    made = store.create()
    assert made["MemberClusters"] == [f"{store.name}-00{n}" for n in (1, 2, 3)]
    shard = store.group["NodeGroups"][0]
    primary, reader = shard["PrimaryEndpoint"], shard["ReaderEndpoint"]
    assert primary["Address"].startswith(f"master.{store.name}.")
    assert reader["Address"].startswith(f"replica.{store.name}.")
    assert primary["Address"].endswith(".euw1.cache.amazonaws.com")
    assert (primary["Port"], reader["Port"]) == (6379, 6379)
    assert [cluster["CacheClusterId"] for cluster in store.clusters] == made["MemberClusters"]


def test_settings_are_described_as_they_were_given(store: Store, aws: Callable[..., Any]) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    store.create(KmsKeyId=key, SnapshotWindow="03:00-04:00")
    wanted = {
        "KmsKeyId": key,
        "MultiAZ": "enabled",
        "AutomaticFailover": "enabled",
        "TransitEncryptionEnabled": True,
        "AtRestEncryptionEnabled": True,
        "SnapshotRetentionLimit": 7,
        "SnapshotWindow": "03:00-04:00",
        "UserGroupIds": [store.name],
        "Engine": "valkey",
    }
    assert {name: store.group[name] for name in wanted} == wanted


def test_a_change_reaches_the_nodes(store: Store) -> None:
    store.create()
    other = store.network.security_group("other")
    store.cache.modify_replication_group(
        ReplicationGroupId=store.name,
        ApplyImmediately=True,
        CacheNodeType="cache.t4g.medium",
        SecurityGroupIds=[other],
        PreferredMaintenanceWindow="mon:01:00-mon:02:00",
    )
    for cluster in store.clusters:
        assert cluster["CacheNodeType"] == "cache.t4g.medium"
        assert [group["SecurityGroupId"] for group in cluster["SecurityGroups"]] == [other]
        assert cluster["PreferredMaintenanceWindow"] == "mon:01:00-mon:02:00"


def test_replicas_come_and_go_with_their_clusters(store: Store) -> None:
    store.create(NumCacheClusters=2)
    change = {"ReplicationGroupId": store.name, "ApplyImmediately": True}
    store.cache.increase_replica_count(**change, NewReplicaCount=2)
    assert len({cluster["PreferredAvailabilityZone"] for cluster in store.clusters}) == 3
    store.cache.decrease_replica_count(**change, NewReplicaCount=1)
    assert len(store.clusters) == 2


def test_a_failover_promotes_a_replica_in_another_zone(store: Store) -> None:
    store.create()
    before = {node["CacheClusterId"]: node for node in store.nodes}
    endpoint = store.group["NodeGroups"][0]["PrimaryEndpoint"]
    store.cache.test_failover(ReplicationGroupId=store.name, NodeGroupId="0001")
    after = {node["CacheClusterId"]: node["CurrentRole"] for node in store.nodes}
    old = next(name for name, node in before.items() if node["CurrentRole"] == "primary")
    new = next(name for name, role in after.items() if role == "primary")
    assert list(after.values()).count("primary") == 1
    assert before[old]["PreferredAvailabilityZone"] != before[new]["PreferredAvailabilityZone"]
    assert store.group["NodeGroups"][0]["PrimaryEndpoint"] == endpoint


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"SecurityGroupIds": ["sg-1"]}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "none"}, "CacheSubnetGroupNotFoundFault"),
        ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound"),
        ({"UserGroupIds": ["none"]}, "UserGroupNotFound"),
        ({"CacheNodeType": "cache.huge"}, "InvalidParameterValue"),
        ({"EngineVersion": "99"}, "InvalidParameterCombination"),
        ({"KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/none"}, "InvalidParameterValue"),
        ({"NumCacheClusters": 1}, "InvalidParameterValue"),
        ({"AutomaticFailoverEnabled": False}, "InvalidParameterCombination"),
        ({"TransitEncryptionEnabled": False}, "InvalidParameterCombination"),
    ],
)
def test_what_aws_refuses_is_refused(
    store: Store, refused: Callable[..., str], wrong: dict[str, Any], code: str
) -> None:
    assert refused(store.create, **wrong) == code
    assert refused(store.cache.describe_replication_groups, ReplicationGroupId=store.name) != ""


def test_what_a_store_stands_on_stays(store: Store, refused: Callable[..., str]) -> None:
    store.create()
    cache, ec2 = store.cache, store.network.ec2
    assert refused(ec2.delete_security_group, GroupId=store.network.group) == "DependencyViolation"
    assert refused(ec2.delete_subnet, SubnetId=store.network.subnets[0]) == "DependencyViolation"
    assert refused(cache.delete_user_group, UserGroupId=store.name) == "InvalidUserGroupState"
    group = {"CacheParameterGroupName": store.name}
    assert refused(cache.delete_cache_parameter_group, **group) == "InvalidCacheParameterGroupState"
    cache.delete_replication_group(ReplicationGroupId=store.name)
    cache.delete_user_group(UserGroupId=store.name)
    cache.delete_user(UserId=store.name)
    cache.delete_cache_parameter_group(**group)
    cache.delete_cache_subnet_group(CacheSubnetGroupName=store.name)
    ec2.delete_security_group(GroupId=store.network.group)
    assert store.clusters == []


def test_a_users_password_is_counted_and_must_be_long_enough(store: Store, refused: Callable[..., str]) -> None:
    user = store.cache.describe_users(UserId=store.name)["Users"][0]
    assert user["Authentication"] == {"Type": "password", "PasswordCount": 1}
    short = {"Type": "password", "Passwords": ["short"]}
    assert refused(store.cache.modify_user, UserId=store.name, AuthenticationMode=short) == "InvalidParameterValue"
    two = {"Type": "password", "Passwords": [SECRET, SECRET[::-1] + "b"]}
    store.cache.modify_user(UserId=store.name, AuthenticationMode=two)
    assert store.cache.describe_users(UserId=store.name)["Users"][0]["Authentication"]["PasswordCount"] == 2


def test_parameters_that_valkey_lacks_are_refused_and_set_ones_are_told_apart(
    store: Store, refused: Callable[..., str]
) -> None:
    def change(name: str, value: str) -> str:
        pair = [{"ParameterName": name, "ParameterValue": value}]
        return refused(
            store.cache.modify_cache_parameter_group, CacheParameterGroupName=store.name, ParameterNameValues=pair
        )

    assert change("no-such-thing", "1") == "InvalidParameterValue"
    assert change("maxmemory-policy", "sometimes") == "InvalidParameterValue"
    assert change("maxmemory-policy", "volatile-lru") == ""
    assert change("tcp-keepalive", "60") == ""
    mine = store.cache.describe_cache_parameters(CacheParameterGroupName=store.name, Source="user")["Parameters"]
    assert {p["ParameterName"]: p["ParameterValue"] for p in mine} == {
        "maxmemory-policy": "volatile-lru",
        "tcp-keepalive": "60",
    }


def test_a_subnet_group_takes_subnets_that_exist(store: Store, refused: Callable[..., str]) -> None:
    wanted = {"CacheSubnetGroupName": "other", "CacheSubnetGroupDescription": "x", "SubnetIds": ["subnet-1"]}
    assert refused(store.cache.create_cache_subnet_group, **wanted) == "InvalidSubnet"
