"""RDS in the emulated plugin: Aurora clusters and their instances, alone and in a global cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.provider.lifecycle import Lifecycle
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client, Network, clients
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource, clients_of

SUBNETS = "aws:rds/subnetGroup:SubnetGroup"
PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
CLUSTER = "aws:rds/cluster:Cluster"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
GLOBAL = "aws:rds/globalCluster:GlobalCluster"

ELSEWHERE = "eu-central-1"
PASSWORD = "x" * 40


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


@dataclass
class Away:
    """A program of the other region, and clients and a network there."""

    emulator: Emulator
    name: str

    @property
    def aws(self) -> Client:
        return clients(self.emulator, home=ELSEWHERE)

    def up(self, token: str, name: str, /, **args: Any) -> Resource:
        return Resource(Lifecycle(clients_of(self.emulator), REGION), token, name).create({"region": ELSEWHERE, **args})


@pytest.fixture
def away(emulator: Emulator, unique: str) -> Away:
    return Away(emulator, f"{unique}s")


def cluster_args(aws: Client, network: Network, subnets: str, **more: Any) -> dict[str, Any]:
    given = {
        "engine": "aurora-postgresql",
        "engineVersion": "17.7",
        "port": 5432,
        "dbSubnetGroupName": subnets,
        "vpcSecurityGroupIds": [network.group],
        "iamDatabaseAuthenticationEnabled": True,
        "storageEncrypted": True,
        "kmsKeyId": aws("kms").create_key()["KeyMetadata"]["Arn"],
        "backupRetentionPeriod": 7,
        "preferredBackupWindow": "03:00-04:00",
        "preferredMaintenanceWindow": "sun:06:00-sun:07:00",
        "copyTagsToSnapshot": True,
        "deletionProtection": False,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": f"{network.name}-final",
        "enabledCloudwatchLogsExports": ["postgresql"],
        "applyImmediately": True,
        "tags": {"a": "1"},
    }
    return {**given, **more}


def put_up(program: Program, aws: Client, network: Network, **more: Any) -> Resource:
    """A cluster as the database has it."""
    name = network.name
    subnets = program.up(SUBNETS, name, subnetIds=network.subnets)
    parameters = program.up(
        PARAMETERS, name, family="aurora-postgresql17", parameters=[{"name": "rds.force_ssl", "value": "1"}]
    )
    own = {"databaseName": "web", "masterUsername": "web", "masterPassword": PASSWORD}
    args = cluster_args(aws, network, subnets.id, dbClusterParameterGroupName=parameters.id, **own)
    return program.up(CLUSTER, name, **{**args, **more})


def instance_of(program: Program | Away, cluster: Resource, name: str, **more: Any) -> Resource:
    args = {"clusterIdentifier": cluster.id, "engine": "aurora-postgresql", "instanceClass": "db.r7g.large"}
    return program.up(INSTANCE, name, **{**args, "applyImmediately": True, **more})


@pytest.fixture
def cluster(program: Program, aws: Client, network: Network) -> Resource:
    return put_up(program, aws, network)


@pytest.fixture
def writer(program: Program, cluster: Resource, unique: str) -> Resource:
    return instance_of(program, cluster, f"{unique}a")


def described(aws: Client, cluster: Resource) -> dict[str, Any]:
    found: dict[str, Any] = aws("rds").describe_db_clusters(DBClusterIdentifier=cluster.id)["DBClusters"][0]
    return found


def test_a_subnet_group_is_made_changed_and_replaced_under_another_name(
    program: Program, aws: Client, network: Network, unique: str
) -> None:
    subnets = program.up(SUBNETS, unique, subnetIds=network.subnets)
    assert subnets.state["vpcId"] == network.vpc
    assert subnets.settled()
    assert subnets.update(subnetIds=network.subnets[:2], description="two", tags={"a": "1"})
    found = aws("rds").describe_db_subnet_groups(DBSubnetGroupName=subnets.id)["DBSubnetGroups"][0]
    assert {each["SubnetIdentifier"] for each in found["Subnets"]} == set(network.subnets[:2])
    assert subnets.settled()
    subnets.update(description="other")
    assert subnets.settled()
    assert subnets.changes(name="other") == {"name": "UPDATE_REPLACE"}
    subnets.delete()
    assert subnets.gone()


def test_a_parameter_that_is_removed_is_as_the_family_has_it(program: Program, aws: Client, unique: str) -> None:
    wanted = [{"name": "rds.force_ssl", "value": "1"}, {"name": "work_mem", "value": "8192"}]
    parameters = program.up(PARAMETERS, unique, family="aurora-postgresql17", parameters=wanted)
    assert parameters.settled()
    parameters.update(parameters=[{"name": "rds.force_ssl", "value": "1"}])
    request = {"DBClusterParameterGroupName": parameters.id, "Source": "user"}
    found = aws("rds").describe_db_cluster_parameters(**request)["Parameters"]
    assert {each["ParameterName"]: each["ParameterValue"] for each in found} == {"rds.force_ssl": "1"}
    assert parameters.settled()
    aws("rds").modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=parameters.id,
        Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}],
    )
    assert parameters.read() == {"parameters[0].value": "UPDATE"}
    assert parameters.changes(family="aurora-postgresql16") == {"family": "UPDATE_REPLACE"}


def test_a_cluster_is_at_aws_as_the_program_says_and_settles(aws: Client, cluster: Resource) -> None:
    found = described(aws, cluster)
    assert (found["StorageEncrypted"], found["KmsKeyId"]) == (True, cluster.inputs["kmsKeyId"])
    assert (found["BackupRetentionPeriod"], found["IAMDatabaseAuthenticationEnabled"]) == (7, True)
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert {each["VpcSecurityGroupId"] for each in found["VpcSecurityGroups"]} == {
        *cluster.inputs["vpcSecurityGroupIds"]
    }
    assert cluster.state["endpoint"] == found["Endpoint"]
    assert cluster.state["readerEndpoint"] == found["ReaderEndpoint"]
    assert cluster.state["arn"] == found["DBClusterArn"]
    assert cluster.settled()


def test_settings_of_a_cluster_change_in_place(aws: Client, cluster: Resource, network: Network) -> None:
    other = network.security_group("other")
    for argument, value, member, seen in (
        ("backupRetentionPeriod", 35, "BackupRetentionPeriod", 35),
        ("deletionProtection", True, "DeletionProtection", True),
        ("copyTagsToSnapshot", False, "CopyTagsToSnapshot", False),
        ("preferredMaintenanceWindow", "mon:06:00-mon:07:00", "PreferredMaintenanceWindow", "mon:06:00-mon:07:00"),
        ("engineVersion", "17.9", "EngineVersion", "17.9"),
    ):
        assert cluster.update(**{argument: value}) == {argument: "UPDATE"}
        assert described(aws, cluster)[member] == seen
    cluster.update(vpcSecurityGroupIds=[other], enabledCloudwatchLogsExports=["iam-db-auth-error"])
    found = described(aws, cluster)
    assert [each["VpcSecurityGroupId"] for each in found["VpcSecurityGroups"]] == [other]
    assert found["EnabledCloudwatchLogsExports"] == ["iam-db-auth-error"]
    assert cluster.settled()


@pytest.mark.parametrize(
    "changed",
    [
        {"databaseName": "shop"},
        {"dbSubnetGroupName": "other"},
        {"engine": "aurora-mysql"},
        {"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/other"},
        {"masterUsername": "root"},
    ],
)
def test_what_rds_cannot_change_replaces_the_cluster(cluster: Resource, changed: dict[str, Any]) -> None:
    assert cluster.changes(**changed) == {next(iter(changed)): "UPDATE_REPLACE"}


def test_arguments_that_only_the_provider_looks_at_change_nothing_at_aws(aws: Client, cluster: Resource) -> None:
    before = described(aws, cluster)
    assert cluster.update(finalSnapshotIdentifier="last", applyImmediately=False) == {
        "applyImmediately": "UPDATE",
        "finalSnapshotIdentifier": "UPDATE",
    }
    after = described(aws, cluster)
    moving = {"EarliestRestorableTime", "LatestRestorableTime"}
    assert {k: v for k, v in after.items() if k not in moving} == {k: v for k, v in before.items() if k not in moving}


def test_drift_of_a_cluster_is_read(aws: Client, cluster: Resource) -> None:
    change = {"DBClusterIdentifier": cluster.id, "BackupRetentionPeriod": 1, "DeletionProtection": True}
    aws("rds").modify_db_cluster(**change)
    assert cluster.read() == {"backupRetentionPeriod": "UPDATE", "deletionProtection": "UPDATE"}


def test_a_deleted_cluster_leaves_its_snapshot(aws: Client, cluster: Resource) -> None:
    cluster.delete()
    assert cluster.gone()
    last = cluster.inputs["finalSnapshotIdentifier"]
    found = aws("rds").describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=last)["DBClusterSnapshots"][0]
    assert (found["DBClusterIdentifier"], found["Status"]) == (cluster.id, "available")


def test_a_cluster_whose_last_snapshot_has_no_name_is_not_deleted(
    program: Program, aws: Client, network: Network
) -> None:
    cluster = put_up(program, aws, network, finalSnapshotIdentifier=None)
    with pytest.raises(RuntimeError, match="finalSnapshotIdentifier is required"):
        cluster.delete()
    assert described(aws, cluster)


def test_a_protected_cluster_is_not_deleted(program: Program, aws: Client, network: Network) -> None:
    cluster = put_up(program, aws, network, deletionProtection=True)
    with pytest.raises(Exception, match="protected Cluster"):
        cluster.delete()
    assert not cluster.gone()


def test_the_first_instance_writes_and_every_instance_settles(
    program: Program, aws: Client, cluster: Resource, writer: Resource, unique: str
) -> None:
    reader = instance_of(program, cluster, f"{unique}b", promotionTier=1, performanceInsightsEnabled=True)
    assert (writer.state["writer"], reader.state["writer"]) == (True, False)
    assert writer.state["availabilityZone"] != reader.state["availabilityZone"]
    assert writer.state["endpoint"].endswith(".eu-west-1.rds.amazonaws.com")
    assert writer.settled()
    assert reader.settled()
    assert reader.update(instanceClass="db.r7g.xlarge", promotionTier=2, performanceInsightsEnabled=False)
    found = aws("rds").describe_db_instances(DBInstanceIdentifier=reader.id)["DBInstances"][0]
    assert (found["DBInstanceClass"], found["PromotionTier"]) == ("db.r7g.xlarge", 2)
    assert found["PerformanceInsightsEnabled"] is False
    assert reader.settled()
    assert reader.changes(availabilityZone="eu-west-1x") == {"availabilityZone": "ADD_REPLACE"}


def test_a_failover_inside_the_cluster_changes_no_argument(
    program: Program, aws: Client, cluster: Resource, writer: Resource, unique: str
) -> None:
    reader = instance_of(program, cluster, f"{unique}b", promotionTier=1)
    aws("rds").failover_db_cluster(DBClusterIdentifier=cluster.id)
    assert (writer.read(), reader.read(), cluster.read()) == ({}, {}, {})
    assert (writer.state["writer"], reader.state["writer"]) == (False, True)


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"masterPassword": "x", "manageMasterUserPassword": True}, "manageMasterUserPassword"),
        ({"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/x"}, "kmsKeyId"),
    ],
)
def test_contradictions_are_refused_at_preview(program: Program, args: dict[str, Any], path: str) -> None:
    assert [failed for failed, _ in program.resource(CLUSTER).refusals({"engine": "aurora-postgresql", **args})] == [
        path
    ]


def test_a_global_cluster_with_a_source_has_to_say_whether_it_lets_it_go(program: Program) -> None:
    given = {"globalClusterIdentifier": "g", "sourceDbClusterIdentifier": "arn"}
    assert program.resource(GLOBAL).refusals(given) == [("sourceDbClusterIdentifier", "needs forceDestroy")]


@dataclass
class World:
    """A primary with its writer, a global cluster, and a secondary with a reader in the other region."""

    primary: Resource
    world: Resource
    secondary: Resource
    instances: list[Resource]

    def roles(self, aws: Client) -> dict[str, bool]:
        found = aws("rds").describe_global_clusters(GlobalClusterIdentifier=self.world.id)["GlobalClusters"][0]
        return {each["DBClusterArn"]: each["IsWriter"] for each in found["GlobalClusterMembers"]}


@pytest.fixture
def world(program: Program, away: Away, cluster: Resource, writer: Resource) -> World:
    made = program.up(
        GLOBAL,
        away.name,
        globalClusterIdentifier=away.name,
        sourceDbClusterIdentifier=cluster.state["arn"],
        forceDestroy=True,
    )
    there = Network(away.aws, away.name)
    subnets = away.up(SUBNETS, away.name, subnetIds=there.subnets)
    args = cluster_args(away.aws, there, subnets.id, globalClusterIdentifier=made.id)
    secondary = away.up(CLUSTER, away.name, **args, enableGlobalWriteForwarding=True)
    return World(cluster, made, secondary, [writer, instance_of(away, secondary, f"{away.name}a")])


def test_a_global_cluster_has_members_of_both_regions_and_settles(aws: Client, away: Away, world: World) -> None:
    assert world.roles(aws) == world.roles(away.aws)
    assert world.roles(aws) == {world.primary.state["arn"]: True, world.secondary.state["arn"]: False}
    assert world.world.state["storageEncrypted"] is True
    assert world.world.state["engineVersionActual"] == "17.7"
    assert world.world.state["endpoint"].endswith(".global.rds.amazonaws.com")
    assert world.world.settled()
    assert world.instances[1].state["writer"] is False


def test_a_member_drifts_by_what_a_program_does_not_say(world: World) -> None:
    """Why the component ignores these two, as the provider's documentation asks for."""
    assert world.primary.read() == {"globalClusterIdentifier": "DELETE"}
    assert world.secondary.read() == {"replicationSourceIdentifier": "DELETE"}


def test_a_cluster_cannot_change_its_global_cluster_or_replicate_another(world: World) -> None:
    with pytest.raises(RuntimeError, match="can't be added to an existing global cluster"):
        world.secondary.update(globalClusterIdentifier="other")
    with pytest.raises(RuntimeError, match="promoting to standalone is not supported"):
        world.secondary.update(replicationSourceIdentifier="arn:other")


def test_a_secondary_leaves_when_the_program_says_so(aws: Client, away: Away, world: World) -> None:
    world.secondary.update(globalClusterIdentifier=None)
    assert world.roles(aws) == {world.primary.state["arn"]: True}
    members = described(away.aws, world.secondary)["DBClusterMembers"]
    assert [each["IsClusterWriter"] for each in members] == [True]


def test_a_deleted_secondary_is_taken_out_first_and_leaves_its_snapshot(aws: Client, away: Away, world: World) -> None:
    world.instances[1].delete()
    world.secondary.delete()
    assert world.secondary.gone()
    assert world.roles(aws) == {world.primary.state["arn"]: True}
    assert away.aws("rds").describe_db_cluster_snapshots(
        DBClusterSnapshotIdentifier=world.secondary.inputs["finalSnapshotIdentifier"]
    )["DBClusterSnapshots"]


def test_a_deleted_global_cluster_lets_its_members_go_on(aws: Client, away: Away, world: World) -> None:
    world.world.read()
    world.world.delete()
    assert world.world.gone()
    for there, member in ((aws, world.primary), (away.aws, world.secondary)):
        found = described(there, member)
        assert "GlobalClusterIdentifier" not in found
        assert [each["IsClusterWriter"] for each in found["DBClusterMembers"]] == [True]


def test_a_cluster_that_has_become_the_primary_is_not_taken_out(away: Away, world: World) -> None:
    target = {"GlobalClusterIdentifier": world.world.id, "TargetDbClusterIdentifier": world.secondary.state["arn"]}
    away.aws("rds").failover_global_cluster(**target, AllowDataLoss=True)
    with pytest.raises(Exception, match="InvalidGlobalClusterStateFault"):
        world.secondary.delete()
    assert described(away.aws, world.secondary)["GlobalClusterIdentifier"] == world.world.id


def test_a_cluster_is_restored_beside_its_source_to_a_time_within_its_recovery(
    program: Program, aws: Client, network: Network
) -> None:
    source = put_up(program, aws, network)
    described = aws("rds").describe_db_clusters(DBClusterIdentifier=source.id)["DBClusters"][0]
    at = described["LatestRestorableTime"].strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = {"sourceClusterIdentifier": source.id, "restoreToTime": at, "restoreType": "full-copy"}
    given = {name: source.inputs[name] for name in ("dbSubnetGroupName", "kmsKeyId", "vpcSecurityGroupIds")}
    more = {"engine": "aurora-postgresql", "storageEncrypted": True, "masterPassword": "y" * 40}
    more |= {"backupRetentionPeriod": 7, "skipFinalSnapshot": True, "applyImmediately": True}
    restored = program.up(CLUSTER, f"{network.name}r", **given, **more, restoreToPointInTime=wanted)
    found = aws("rds").describe_db_clusters(DBClusterIdentifier=restored.id)["DBClusters"][0]
    assert (found["EngineVersion"], found["BackupRetentionPeriod"]) == (described["EngineVersion"], 7)
    assert restored.settled()
    assert aws("rds").describe_db_clusters(DBClusterIdentifier=source.id)["DBClusters"][0]["Status"] == "available"
    late = {**wanted, "restoreToTime": "2100-01-01T00:00:00Z"}
    with pytest.raises(CallError, match="cannot be restored to a time"):
        program.up(CLUSTER, f"{network.name}l", **given, **more, restoreToPointInTime=late)
    restored.delete()


def test_a_cluster_begins_with_a_snapshot(program: Program, aws: Client, network: Network) -> None:
    source = put_up(program, aws, network)
    names = {"DBClusterSnapshotIdentifier": f"{network.name}-snapshot", "DBClusterIdentifier": source.id}
    snapshot = aws("rds").create_db_cluster_snapshot(**names)["DBClusterSnapshot"]["DBClusterSnapshotArn"]
    given = {name: source.inputs[name] for name in ("dbSubnetGroupName", "kmsKeyId", "vpcSecurityGroupIds")}
    more = {"engine": "aurora-postgresql", "storageEncrypted": True, "masterPassword": "y" * 40}
    restored = program.up(
        CLUSTER, f"{network.name}r", **given, **more, skipFinalSnapshot=True, snapshotIdentifier=snapshot
    )
    assert restored.settled()
    assert restored.changes(snapshotIdentifier="another") == {"snapshotIdentifier": "UPDATE_REPLACE"}
    restored.delete()
