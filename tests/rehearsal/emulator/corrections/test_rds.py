"""Databases: instances over the zones, snapshots that are taken, members of a global cluster with their roles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Client, Network

pytestmark = pytest.mark.xdist_group("emulator-databases")

ELSEWHERE = "eu-central-1"
PASSWORD = "x" * 20


@dataclass
class Aurora:
    """A subnet group, a parameter group and a key of a region, and the cluster that needs them."""

    network: Network
    rds: Any
    key: str

    @property
    def name(self) -> str:
        return self.network.name

    def prepare(self, subnets: list[str]) -> None:
        self.rds.create_db_subnet_group(DBSubnetGroupName=self.name, DBSubnetGroupDescription="test", SubnetIds=subnets)
        self.rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=self.name, DBParameterGroupFamily="aurora-postgresql17", Description="test"
        )

    def create(self, **settings: Any) -> dict[str, Any]:
        given = {
            "DBClusterIdentifier": self.name,
            "Engine": "aurora-postgresql",
            "EngineVersion": "17.7",
            "MasterUsername": "web",
            "MasterUserPassword": PASSWORD,
            "DatabaseName": "web",
            "DBSubnetGroupName": self.name,
            "DBClusterParameterGroupName": self.name,
            "VpcSecurityGroupIds": [self.network.group],
            "StorageEncrypted": True,
            "KmsKeyId": self.key,
            "BackupRetentionPeriod": 7,
            "CopyTagsToSnapshot": True,
            "Tags": [{"Key": "ha-web:backup", "Value": "true"}],
        }
        wanted = {name: value for name, value in {**given, **settings}.items() if value is not None}
        made: dict[str, Any] = self.rds.create_db_cluster(**wanted)["DBCluster"]
        return made

    def secondary(self, world: str, **settings: Any) -> dict[str, Any]:
        none = dict.fromkeys(("MasterUsername", "MasterUserPassword", "DatabaseName"))
        return self.create(**none, GlobalClusterIdentifier=world, **settings)

    def add(self, number: int, **settings: Any) -> dict[str, Any]:
        given = {
            "DBInstanceIdentifier": f"{self.name}-{number}",
            "DBClusterIdentifier": self.name,
            "Engine": "aurora-postgresql",
            "DBInstanceClass": "db.r7g.large",
            "PromotionTier": number,
        }
        made: dict[str, Any] = self.rds.create_db_instance(**{**given, **settings})["DBInstance"]
        return made

    @property
    def cluster(self) -> dict[str, Any]:
        found: dict[str, Any] = self.rds.describe_db_clusters(DBClusterIdentifier=self.name)["DBClusters"][0]
        return found

    @property
    def writers(self) -> list[str]:
        members = self.cluster["DBClusterMembers"]
        return [member["DBInstanceIdentifier"] for member in members if member["IsClusterWriter"]]

    def instance(self, number: int) -> dict[str, Any]:
        name = f"{self.name}-{number}"
        found: dict[str, Any] = self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return found

    def snapshots(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.rds.describe_db_cluster_snapshots(DBClusterIdentifier=self.name)[
            "DBClusterSnapshots"
        ]
        return found


def prepared(aws: Client, name: str, region: str) -> Aurora:
    def there(service: str, _region: str = region) -> Any:
        return aws(service, _region)

    network = Network(there, name)
    made = Aurora(network, aws("rds", region), aws("kms", region).create_key()["KeyMetadata"]["Arn"])
    made.prepare(network.subnets)
    return made


@pytest.fixture
def aurora(aws: Client, unique: str) -> Aurora:
    return prepared(aws, unique, "eu-west-1")


@pytest.fixture
def away(aws: Client, unique: str) -> Aurora:
    return prepared(aws, f"{unique}s", ELSEWHERE)


@pytest.fixture
def world(aurora: Aurora, away: Aurora) -> str:
    """A global cluster: two instances in the primary, two in the secondary."""
    source = aurora.create()["DBClusterArn"]
    aurora.rds.create_global_cluster(GlobalClusterIdentifier=aurora.name, SourceDBClusterIdentifier=source)
    for number in (1, 2):
        aurora.add(number)
    away.secondary(aurora.name)
    for number in (1, 2):
        away.add(number)
    return aurora.name


def roles(rds: Any, world: str) -> dict[str, bool]:
    found = rds.describe_global_clusters(GlobalClusterIdentifier=world)["GlobalClusters"][0]["GlobalClusterMembers"]
    return {member["DBClusterArn"].rpartition(":")[2]: member["IsWriter"] for member in found}


def test_instances_are_spread_over_the_zones_of_the_subnet_group(aurora: Aurora) -> None:
    aurora.create()
    zones = {aurora.add(number)["AvailabilityZone"] for number in (1, 2, 3)}
    found = aurora.network.ec2.describe_subnets(SubnetIds=aurora.network.subnets)["Subnets"]
    assert zones == {subnet["AvailabilityZone"] for subnet in found}
    assert set(aurora.cluster["AvailabilityZones"]) == zones
    assert aurora.cluster["MultiAZ"] is True


def test_an_instance_has_what_its_cluster_has(aurora: Aurora) -> None:
    aurora.create()
    made = aurora.add(1, EnablePerformanceInsights=True, PerformanceInsightsKMSKeyId=aurora.key)
    assert (made["StorageEncrypted"], made["KmsKeyId"]) == (True, aurora.key)
    assert made["PerformanceInsightsKMSKeyId"] == aurora.key
    assert [group["VpcSecurityGroupId"] for group in made["VpcSecurityGroups"]] == [aurora.network.group]
    assert made["DBSubnetGroup"]["DBSubnetGroupName"] == aurora.name
    assert made["BackupRetentionPeriod"] == 7


def test_names_are_as_aws_gives_them_and_stay_when_instances_come(aurora: Aurora) -> None:
    before = aurora.create()
    aurora.add(1)
    for endpoint, start in (("Endpoint", "cluster-"), ("ReaderEndpoint", "cluster-ro-")):
        assert aurora.cluster[endpoint] == before[endpoint]
        assert aurora.cluster[endpoint].startswith(f"{aurora.name}.{start}")
        assert aurora.cluster[endpoint].endswith(".eu-west-1.rds.amazonaws.com")
    assert aurora.instance(1)["Endpoint"]["Address"].startswith(f"{aurora.name}-1.")


def test_settings_are_described_as_they_were_given(aurora: Aurora) -> None:
    aurora.create(EnableCloudwatchLogsExports=["postgresql"], StorageType="aurora-iopt1")
    wanted = {
        "KmsKeyId": aurora.key,
        "StorageEncrypted": True,
        "BackupRetentionPeriod": 7,
        "EnabledCloudwatchLogsExports": ["postgresql"],
        "StorageType": "aurora-iopt1",
        "DBSubnetGroup": aurora.name,
        "DBClusterParameterGroup": aurora.name,
        "CopyTagsToSnapshot": True,
    }
    assert {name: aurora.cluster[name] for name in wanted} == wanted
    assert aurora.cluster["TagList"] == [{"Key": "ha-web:backup", "Value": "true"}]


def test_a_cluster_is_found_by_its_tags_in_its_region_only(aurora: Aurora, aws: Client) -> None:
    arn = aurora.create(Tags=[{"Key": aurora.name, "Value": "x"}])["DBClusterArn"]

    def found(region: str) -> list[str]:
        listed = aws("resourcegroupstaggingapi", region).get_resources(TagFilters=[{"Key": aurora.name}])
        return [each["ResourceARN"] for each in listed["ResourceTagMappingList"]]

    assert (found("eu-west-1"), found(ELSEWHERE)) == ([arn], [])


def test_the_times_of_restore_move_on(aurora: Aurora) -> None:
    aurora.create()
    cluster = aurora.cluster
    assert cluster["ClusterCreateTime"] <= cluster["EarliestRestorableTime"] <= cluster["LatestRestorableTime"]
    assert datetime.now(UTC) - cluster["LatestRestorableTime"] < timedelta(minutes=6)


def test_a_failover_promotes_the_next_in_order_and_names_stay(aurora: Aurora) -> None:
    aurora.create()
    for number in (1, 3, 2):
        aurora.add(number)
    endpoint = aurora.cluster["Endpoint"]
    assert aurora.writers == [f"{aurora.name}-1"]
    aurora.rds.failover_db_cluster(DBClusterIdentifier=aurora.name)
    assert aurora.writers == [f"{aurora.name}-2"]
    assert aurora.cluster["Endpoint"] == endpoint


def test_a_reader_takes_over_when_the_writer_is_deleted(aurora: Aurora) -> None:
    aurora.create()
    for number in (1, 3, 2):
        aurora.add(number)
    aurora.rds.delete_db_instance(DBInstanceIdentifier=f"{aurora.name}-1")
    assert aurora.writers == [f"{aurora.name}-2"]


def test_a_change_reaches_an_instance_and_its_place_in_the_order(aurora: Aurora) -> None:
    aurora.create()
    aurora.add(1)
    change = {"PromotionTier": 9, "AutoMinorVersionUpgrade": False, "EnablePerformanceInsights": True}
    aurora.rds.modify_db_instance(DBInstanceIdentifier=f"{aurora.name}-1", ApplyImmediately=True, **change)
    found = aurora.instance(1)
    assert (found["PromotionTier"], found["AutoMinorVersionUpgrade"]) == (9, False)
    assert found["PerformanceInsightsEnabled"] is True
    assert aurora.cluster["DBClusterMembers"][0]["PromotionTier"] == 9


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"VpcSecurityGroupIds": ["sg-1"]}, "InvalidParameterValue"),
        ({"DBSubnetGroupName": "none"}, "DBSubnetGroupNotFoundFault"),
        ({"DBClusterParameterGroupName": "none"}, "DBClusterParameterGroupNotFound"),
        ({"KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/none"}, "KMSKeyNotAccessibleFault"),
        ({"BackupRetentionPeriod": 0}, "InvalidParameterValue"),
        ({"BackupRetentionPeriod": 36}, "InvalidParameterValue"),
        ({"EngineVersion": "99.1"}, "InvalidParameterCombination"),
        ({"MasterUsername": None}, "InvalidParameterValue"),
        ({"MasterUserPassword": "with/slash"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "x" * 42}, "InvalidParameterValue"),
        ({"EnableGlobalWriteForwarding": True}, "InvalidParameterCombination"),
        ({"GlobalClusterIdentifier": "none"}, "GlobalClusterNotFoundFault"),
    ],
)
def test_what_aws_refuses_is_refused(
    aurora: Aurora, refused: Callable[..., str], wrong: dict[str, Any], code: str
) -> None:
    assert refused(aurora.create, **wrong) == code
    assert refused(aurora.rds.describe_db_clusters, DBClusterIdentifier=aurora.name) == "DBClusterNotFoundFault"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"DBClusterIdentifier": "none"}, "DBClusterNotFoundFault"),
        ({"DBInstanceClass": "db.huge"}, "InvalidParameterValue"),
        ({"AvailabilityZone": "eu-west-1x"}, "InvalidVPCNetworkStateFault"),
        ({"DBSubnetGroupName": "other"}, "InvalidParameterCombination"),
    ],
)
def test_an_instance_that_aws_refuses_is_refused(
    aurora: Aurora, refused: Callable[..., str], wrong: dict[str, Any], code: str
) -> None:
    aurora.create()
    assert refused(aurora.add, number=1, **wrong) == code


def test_a_subnet_group_spans_zones_and_takes_subnets_that_exist(aurora: Aurora, refused: Callable[..., str]) -> None:
    create = aurora.rds.create_db_subnet_group
    wanted = {"DBSubnetGroupName": f"{aurora.name}x", "DBSubnetGroupDescription": "x"}
    assert refused(create, **wanted, SubnetIds=["subnet-1"]) == "InvalidSubnet"
    one = aurora.network.subnets[:1]
    assert refused(create, **wanted, SubnetIds=one) == "DBSubnetGroupDoesNotCoverEnoughAZs"
    again = {**wanted, "DBSubnetGroupName": aurora.name}
    assert refused(create, **again, SubnetIds=aurora.network.subnets) == "DBSubnetGroupAlreadyExists"


def test_what_a_database_stands_on_stays(aurora: Aurora, refused: Callable[..., str]) -> None:
    aurora.create()
    aurora.add(1)
    ec2, rds = aurora.network.ec2, aurora.rds
    assert refused(ec2.delete_security_group, GroupId=aurora.network.group) == "DependencyViolation"
    assert refused(ec2.delete_subnet, SubnetId=aurora.network.subnets[0]) == "DependencyViolation"
    subnets, parameters = {"DBSubnetGroupName": aurora.name}, {"DBClusterParameterGroupName": aurora.name}
    assert refused(rds.delete_db_subnet_group, **subnets) == "InvalidDBSubnetGroupStateFault"
    assert refused(rds.delete_db_cluster_parameter_group, **parameters) == "InvalidDBParameterGroupState"
    rds.delete_db_instance(DBInstanceIdentifier=f"{aurora.name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=aurora.name, SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(**subnets)
    rds.delete_db_cluster_parameter_group(**parameters)
    ec2.delete_security_group(GroupId=aurora.network.group)
    assert aurora.snapshots() == []


def test_a_final_snapshot_is_taken_with_the_tags_and_its_name_only_once(
    aurora: Aurora, refused: Callable[..., str]
) -> None:
    aurora.create()
    delete = {"DBClusterIdentifier": aurora.name, "FinalDBSnapshotIdentifier": f"{aurora.name}-final"}
    assert refused(aurora.rds.delete_db_cluster, DBClusterIdentifier=aurora.name) == "InvalidParameterCombination"
    aurora.rds.delete_db_cluster(**delete)
    [snapshot] = aurora.snapshots()
    assert (snapshot["DBClusterSnapshotIdentifier"], snapshot["KmsKeyId"]) == (f"{aurora.name}-final", aurora.key)
    assert snapshot["TagList"] == [{"Key": "ha-web:backup", "Value": "true"}]
    aurora.create()
    assert refused(aurora.rds.delete_db_cluster, **delete) == "DBClusterSnapshotAlreadyExistsFault"
    assert aurora.cluster


def test_a_protected_cluster_or_one_with_instances_stays(aurora: Aurora, refused: Callable[..., str]) -> None:
    aurora.create(DeletionProtection=True)
    delete = {"DBClusterIdentifier": aurora.name, "SkipFinalSnapshot": True}
    assert refused(aurora.rds.delete_db_cluster, **delete) == "InvalidParameterCombination"
    aurora.rds.modify_db_cluster(DBClusterIdentifier=aurora.name, DeletionProtection=False)
    aurora.add(1)
    assert refused(aurora.rds.delete_db_cluster, **delete) == "InvalidDBClusterStateFault"


def test_a_global_cluster_is_the_same_from_both_regions(aurora: Aurora, away: Aurora, world: str) -> None:
    assert roles(aurora.rds, world) == roles(away.rds, world) == {aurora.name: True, away.name: False}
    found = away.rds.describe_global_clusters(
        Filters=[{"Name": "db-cluster-id", "Values": [away.cluster["DBClusterArn"]]}]
    )["GlobalClusters"]
    assert [each["GlobalClusterIdentifier"] for each in found] == [world]
    assert (found[0]["StorageEncrypted"], found[0]["DatabaseName"]) == (True, "web")
    other = [{"Name": "db-cluster-id", "Values": ["none"]}]
    assert away.rds.describe_global_clusters(Filters=other)["GlobalClusters"] == []


def test_all_instances_of_a_secondary_are_readers(aurora: Aurora, away: Aurora, world: str) -> None:
    assert (aurora.writers, away.writers) == ([f"{world}-1"], [])
    assert away.cluster["ReplicationSourceIdentifier"] == aurora.cluster["DBClusterArn"]
    assert "ReplicationSourceIdentifier" not in aurora.cluster
    assert away.cluster["DatabaseName"] == "web"


@pytest.mark.parametrize(
    ("operation", "how"), [("failover_global_cluster", {"AllowDataLoss": True}), ("switchover_global_cluster", {})]
)
def test_a_promotion_exchanges_the_roles_of_clusters_and_instances(
    aurora: Aurora, away: Aurora, world: str, operation: str, how: dict[str, Any]
) -> None:
    target = away.cluster["DBClusterArn"]
    asked = aurora if operation == "switchover_global_cluster" else away
    answer = getattr(asked.rds, operation)(GlobalClusterIdentifier=world, TargetDbClusterIdentifier=target, **how)
    assert answer["GlobalCluster"]["FailoverState"]["ToDbClusterArn"] == target
    assert roles(away.rds, world) == {aurora.name: False, away.name: True}
    assert (aurora.writers, away.writers) == ([], [f"{away.name}-1"])
    assert aurora.cluster["ReplicationSourceIdentifier"] == target
    assert "ReplicationSourceIdentifier" not in away.cluster


def test_a_switchover_is_asked_of_the_primarys_region(
    aurora: Aurora, away: Aurora, world: str, refused: Callable[..., str]
) -> None:
    target = {"GlobalClusterIdentifier": world, "TargetDbClusterIdentifier": away.cluster["DBClusterArn"]}
    assert refused(away.rds.switchover_global_cluster, **target) == "InvalidGlobalClusterStateFault"
    assert refused(aurora.rds.switchover_global_cluster, **target) == ""


def test_a_failover_inside_a_secondary_is_refused(away: Aurora, world: str, refused: Callable[..., str]) -> None:
    assert roles(away.rds, world)[away.name] is False
    assert refused(away.rds.failover_db_cluster, DBClusterIdentifier=away.name) == "InvalidDBClusterStateFault"


def test_a_secondary_without_instances_is_not_promoted(
    aurora: Aurora, away: Aurora, world: str, refused: Callable[..., str]
) -> None:
    for number in (1, 2):
        away.rds.delete_db_instance(DBInstanceIdentifier=f"{away.name}-{number}")
    target = {"GlobalClusterIdentifier": world, "TargetDbClusterIdentifier": away.cluster["DBClusterArn"]}
    failover = away.rds.failover_global_cluster
    assert refused(failover, **target, AllowDataLoss=True) == "InvalidDBClusterStateFault"
    assert roles(aurora.rds, world)[aurora.name] is True


def test_members_of_a_global_cluster_are_not_deleted_and_the_primary_keeps_an_instance(
    aurora: Aurora, away: Aurora, world: str, refused: Callable[..., str]
) -> None:
    assert world
    for one in (aurora, away):
        delete = {"DBClusterIdentifier": one.name, "SkipFinalSnapshot": True}
        assert refused(one.rds.delete_db_cluster, **delete) == "InvalidDBClusterStateFault"
    aurora.rds.delete_db_instance(DBInstanceIdentifier=f"{aurora.name}-2")
    last = {"DBInstanceIdentifier": f"{aurora.name}-1"}
    assert refused(aurora.rds.delete_db_instance, **last) == "InvalidDBClusterStateFault"


def test_a_secondary_that_leaves_writes_by_itself_and_the_primary_leaves_last(
    aurora: Aurora, away: Aurora, world: str, refused: Callable[..., str]
) -> None:
    def leave(one: Aurora) -> str:
        cluster = {"GlobalClusterIdentifier": world, "DbClusterIdentifier": one.cluster["DBClusterArn"]}
        return refused(one.rds.remove_from_global_cluster, **cluster)

    assert leave(aurora) == "InvalidGlobalClusterStateFault"
    assert refused(aurora.rds.delete_global_cluster, GlobalClusterIdentifier=world) == "InvalidGlobalClusterStateFault"
    assert (leave(away), leave(aurora)) == ("", "")
    assert (aurora.writers, away.writers) == ([f"{world}-1"], [f"{away.name}-1"])
    aurora.rds.delete_global_cluster(GlobalClusterIdentifier=world)
    assert "GlobalClusterIdentifier" not in away.cluster


def test_writes_are_handed_on_by_a_secondary_that_is_asked_to(aurora: Aurora, away: Aurora, world: str) -> None:
    def forwarding() -> tuple[str, str]:
        return aurora.cluster["GlobalWriteForwardingStatus"], away.cluster["GlobalWriteForwardingStatus"]

    assert forwarding() == ("disabled", "disabled")
    away.rds.modify_db_cluster(DBClusterIdentifier=away.name, EnableGlobalWriteForwarding=True)
    assert forwarding() == ("disabled", "enabled")
    target = away.cluster["DBClusterArn"]
    aurora.rds.switchover_global_cluster(GlobalClusterIdentifier=world, TargetDbClusterIdentifier=target)
    assert forwarding() == ("disabled", "disabled")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"KmsKeyId": None}, "InvalidParameterCombination"),
        ({"EngineVersion": "17.9"}, "InvalidParameterValue"),
        ({"Engine": "aurora-mysql", "EngineVersion": None}, "InvalidParameterValue"),
    ],
)
def test_a_secondary_that_aws_refuses_is_refused(
    aurora: Aurora, away: Aurora, refused: Callable[..., str], wrong: dict[str, Any], code: str
) -> None:
    source = aurora.create()["DBClusterArn"]
    aurora.rds.create_global_cluster(GlobalClusterIdentifier=aurora.name, SourceDBClusterIdentifier=source)
    assert refused(away.secondary, world=aurora.name, **wrong) == code
    named = {"MasterUsername": "web", "MasterUserPassword": PASSWORD}
    given = {"DBClusterIdentifier": away.name, "Engine": "aurora-postgresql", "KmsKeyId": away.key}
    world = {"GlobalClusterIdentifier": aurora.name, "StorageEncrypted": True}
    assert refused(away.rds.create_db_cluster, **given, **world, **named) == "InvalidParameterCombination"


def test_burstable_classes_are_not_in_a_global_cluster(
    aurora: Aurora, away: Aurora, world: str, refused: Callable[..., str]
) -> None:
    assert refused(away.add, number=3, DBInstanceClass="db.t4g.medium") == "InvalidParameterCombination"
    change = {"DBInstanceIdentifier": f"{world}-1", "DBInstanceClass": "db.t4g.medium"}
    assert refused(aurora.rds.modify_db_instance, **change) == "InvalidParameterCombination"


def test_a_cluster_with_burstable_instances_cannot_become_global(aurora: Aurora, refused: Callable[..., str]) -> None:
    source = aurora.create()["DBClusterArn"]
    aurora.add(1, DBInstanceClass="db.t4g.medium")
    given = {"GlobalClusterIdentifier": aurora.name, "SourceDBClusterIdentifier": source}
    assert refused(aurora.rds.create_global_cluster, **given) == "InvalidParameterCombination"


def test_a_class_can_be_ordered_in_each_zone(aws: Client) -> None:
    asked = {"Engine": "aurora-postgresql", "EngineVersion": "17.7", "DBInstanceClass": "db.r7g.large"}
    [offer] = aws("rds").describe_orderable_db_instance_options(**asked)["OrderableDBInstanceOptions"]
    zones = [zone["ZoneName"] for zone in aws("ec2").describe_availability_zones()["AvailabilityZones"]]
    assert [zone["Name"] for zone in offer["AvailabilityZones"]] == zones
    assert {name: offer[name] for name in asked} == asked
