"""Promotions wait for the data: until somebody reports that it followed, the roles stay and the service is busy."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network
from tests.rehearsal.emulator.corrections.test_elasticache import Store
from tests.rehearsal.emulator.corrections.test_rds import Aurora, prepared

pytestmark = pytest.mark.xdist_group("emulator-living")

HOME, AWAY = "eu-west-1", "eu-central-1"


def store_in(aws: Client, name: str, region: str) -> Store:
    def there(service: str, _region: str = region) -> Any:
        return aws(service, _region)

    network = Network(there, name)
    made = Store(network, aws("elasticache", region))
    made.prepare(network.subnets)
    return made


@pytest.fixture
def pair(aws: Client, unique: str, living: Emulator) -> tuple[Store, Store, str]:  # noqa: ARG001 (it has to live)
    here, there = store_in(aws, unique, HOME), store_in(aws, unique, AWAY)
    here.create(CacheNodeType="cache.r7g.large")
    made = here.cache.create_global_replication_group(
        GlobalReplicationGroupIdSuffix=unique, PrimaryReplicationGroupId=unique
    )
    world = made["GlobalReplicationGroup"]["GlobalReplicationGroupId"]
    there.cache.create_replication_group(
        ReplicationGroupId=unique,
        ReplicationGroupDescription="away",
        GlobalReplicationGroupId=world,
        NumCacheClusters=3,
        AutomaticFailoverEnabled=True,
        CacheSubnetGroupName=unique,
        SecurityGroupIds=[there.network.group],
        UserGroupIds=[unique],
    )
    return here, there, world


def role(store: Store) -> tuple[str, str]:
    return store.group["Status"], store.group["GlobalReplicationGroupInfo"]["GlobalReplicationGroupMemberRole"]


def wished(emulator: Emulator) -> dict[str, Any]:
    """The only wish."""
    [wish] = emulator.ask("GET", "wishes")
    return dict(wish)


def fulfil(emulator: Emulator, **became: str) -> None:
    emulator.report(promoted=[{"wish": wished(emulator)["number"], **became}])


def test_a_global_failover_changes_the_roles_when_the_data_followed(
    pair: tuple[Store, Store, str], living: Emulator
) -> None:
    here, there, world = pair
    given = {"GlobalReplicationGroupId": world, "PrimaryRegion": AWAY, "PrimaryReplicationGroupId": there.name}
    there.cache.failover_global_replication_group(**given)
    assert role(here) == ("modifying", "PRIMARY")
    assert role(there) == ("modifying", "SECONDARY")
    with pytest.raises(ClientError, match="InvalidGlobalReplicationGroupState"):
        there.cache.failover_global_replication_group(**given)
    ends = {"to_region": AWAY, "to_group": there.name, "from_region": HOME, "from_group": here.name}
    assert wished(living)["details"] == ends
    before = living.ask("GET", "changes")["elasticache"]
    fulfil(living, primary=f"{there.name}-002")
    assert living.ask("GET", "changes")["elasticache"] > before
    assert (role(here), role(there)) == (("available", "SECONDARY"), ("available", "PRIMARY"))
    assert [node["CurrentRole"] for node in there.nodes] == ["replica", "primary", "replica"]


def test_a_store_that_leaves_its_pair_is_a_member_until_it_takes_writes(
    pair: tuple[Store, Store, str], living: Emulator
) -> None:
    _, there, world = pair
    there.cache.disassociate_global_replication_group(
        GlobalReplicationGroupId=world, ReplicationGroupId=there.name, ReplicationGroupRegion=AWAY
    )
    assert role(there) == ("modifying", "SECONDARY")
    assert wished(living)["details"] == {"region": AWAY, "group": there.name}
    fulfil(living)
    assert "GlobalReplicationGroupInfo" not in there.group
    assert there.group["Status"] == "available"


def test_a_test_failover_seats_the_node_that_was_promoted(pair: tuple[Store, Store, str], living: Emulator) -> None:
    here, _, _ = pair
    here.cache.test_failover(ReplicationGroupId=here.name, NodeGroupId="0001")
    assert here.group["Status"] == here.group["NodeGroups"][0]["Status"] == "modifying"
    assert wished(living)["details"] == {"shard": "0001", "primary": f"{here.name}-001"}
    fulfil(living, primary=f"{here.name}-003")
    assert [node["CurrentRole"] for node in here.nodes] == ["replica", "replica", "primary"]


def test_a_primary_that_failed_over_by_itself_and_a_lost_node_are_shown(
    pair: tuple[Store, Store, str], living: Emulator
) -> None:
    here, _, _ = pair
    lost = f"{here.name}-001"
    living.report(
        primaries=[{"service": "elasticache", "region": HOME, "resource": here.name, "node": f"{here.name}-002"}],
        nodes=[{"service": "elasticache", "region": HOME, "id": lost, "state": "lost"}],
    )
    assert [node["CurrentRole"] for node in here.nodes] == ["replica", "primary", "replica"]
    states = {c["CacheClusterId"]: c["CacheNodes"][0]["CacheNodeStatus"] for c in here.clusters}
    assert [states[lost], states[f"{here.name}-002"]] == ["creating", "available"]
    living.report(nodes=[{"service": "elasticache", "region": HOME, "id": lost, "state": "available"}])
    assert {c["CacheNodes"][0]["CacheNodeStatus"] for c in here.clusters} == {"available"}


def test_at_rest_the_roles_change_at_once(pair: tuple[Store, Store, str], living: Emulator) -> None:
    here, there, world = pair
    given = {"GlobalReplicationGroupId": world, "PrimaryRegion": AWAY, "PrimaryReplicationGroupId": there.name}
    there.cache.failover_global_replication_group(**given)
    living.rest()
    assert (role(here), role(there)) == (("available", "SECONDARY"), ("available", "PRIMARY"))
    here.cache.failover_global_replication_group(**{**given, "PrimaryRegion": HOME})
    assert role(here) == ("available", "PRIMARY")


@pytest.fixture
def world(aws: Client, unique: str, living: Emulator) -> tuple[Aurora, Aurora]:  # noqa: ARG001 (it has to live)
    here, there = prepared(aws, unique, HOME), prepared(aws, f"{unique}-away", AWAY)
    arn = here.create()["DBClusterArn"]
    here.add(1)
    here.add(2)
    here.rds.create_global_cluster(GlobalClusterIdentifier=f"{unique}-world", SourceDBClusterIdentifier=arn)
    there.secondary(f"{unique}-world")
    there.add(1)
    there.add(2)
    return here, there


def described(of: Aurora) -> dict[str, Any]:
    [found] = [
        one
        for one in of.rds.describe_global_clusters()["GlobalClusters"]
        if of.cluster["DBClusterArn"] in {member["DBClusterArn"] for member in one["GlobalClusterMembers"]}
    ]
    return dict(found)


@pytest.mark.parametrize(
    ("operation", "status", "loss"),
    [("failover_global_cluster", "failing-over", {"AllowDataLoss": True}), ("switchover_global_cluster", None, {})],
)
def test_a_global_database_fails_over_when_the_data_followed(
    world: tuple[Aurora, Aurora], living: Emulator, operation: str, status: str | None, loss: dict[str, bool]
) -> None:
    here, there = world
    name = described(here)["GlobalClusterIdentifier"]
    target = there.cluster["DBClusterArn"]
    asked = there if loss else here
    given = {"GlobalClusterIdentifier": name, "TargetDbClusterIdentifier": target, **loss}
    answer = getattr(asked.rds, operation)(**given)["GlobalCluster"]
    assert answer["Status"] == (status or "switching-over")
    assert answer["FailoverState"] == {
        "Status": "failing-over",
        "FromDbClusterArn": here.cluster["DBClusterArn"],
        "ToDbClusterArn": target,
        "IsDataLossAllowed": bool(loss),
    }
    assert (here.writers, there.writers) == ([f"{here.name}-1"], [])
    with pytest.raises(ClientError, match="InvalidGlobalClusterStateFault"):
        getattr(asked.rds, operation)(**given)
    fulfil(living, writer=f"{there.name}-2")
    assert (here.writers, there.writers) == ([], [f"{there.name}-2"])
    assert described(there)["Status"] == "available"
    assert "FailoverState" not in described(there)


def test_a_cluster_fails_over_when_the_data_followed(world: tuple[Aurora, Aurora], living: Emulator) -> None:
    here, _ = world
    here.rds.failover_db_cluster(DBClusterIdentifier=here.name)
    assert (here.cluster["Status"], here.writers) == ("failing-over", [f"{here.name}-1"])
    assert wished(living)["details"]["writer"] == f"{here.name}-1"
    fulfil(living)
    assert (here.cluster["Status"], here.writers) == ("available", [f"{here.name}-2"])


def test_a_secondary_that_leaves_is_promoted_when_the_data_followed(
    world: tuple[Aurora, Aurora], living: Emulator
) -> None:
    _, there = world
    name = described(there)["GlobalClusterIdentifier"]
    there.rds.remove_from_global_cluster(
        GlobalClusterIdentifier=name, DbClusterIdentifier=there.cluster["DBClusterArn"]
    )
    assert (there.cluster["Status"], there.writers) == ("promoting", [])
    fulfil(living)
    until(lambda: there.writers == [f"{there.name}-1"])
    assert there.cluster["Status"] == "available"


def test_a_lost_instance_restarts_and_the_new_writer_is_shown(world: tuple[Aurora, Aurora], living: Emulator) -> None:
    here, _ = world
    lost = f"{here.name}-1"
    living.report(
        primaries=[{"service": "rds", "region": HOME, "resource": here.name, "node": f"{here.name}-2"}],
        nodes=[{"service": "rds", "region": HOME, "id": lost, "state": "lost"}],
    )
    assert (here.writers, here.instance(1)["DBInstanceStatus"]) == ([f"{here.name}-2"], "rebooting")
    living.report(nodes=[{"service": "rds", "region": HOME, "id": lost, "state": "available"}])
    assert here.instance(1)["DBInstanceStatus"] == "available"


def test_a_replication_is_deleting_until_the_destination_takes_writes(aws: Client, living: Emulator) -> None:
    here, there = aws("efs", HOME), aws("efs", AWAY)
    source = here.create_file_system(Encrypted=True)["FileSystemId"]
    made = here.create_replication_configuration(SourceFileSystemId=source, Destinations=[{"Region": AWAY}])
    destination = made["Destinations"][0]["FileSystemId"]

    def statuses() -> list[str]:
        found = there.describe_replication_configurations(FileSystemId=destination)["Replications"]
        return [end["Status"] for each in found for end in each["Destinations"]]

    def protection() -> str:
        found = there.describe_file_systems(FileSystemId=destination)["FileSystems"][0]
        return str(found["FileSystemProtection"]["ReplicationOverwriteProtection"])

    living.report(cut=[HOME])
    with pytest.raises(ClientError, match="InternalServerError"):
        there.delete_replication_configuration(SourceFileSystemId=source)
    assert (statuses(), protection()) == (["ENABLED"], "REPLICATING")
    there.delete_replication_configuration(SourceFileSystemId=source, DeletionMode="LOCAL_CONFIGURATION_ONLY")
    assert (statuses(), protection()) == (["DELETING"], "REPLICATING")
    assert wished(living)["details"] == {"source": source, "destination": destination, "local_only": True}
    fulfil(living)
    until(lambda: protection() == "ENABLED")
    with pytest.raises(ClientError, match="ReplicationNotFound"):
        statuses()


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)
