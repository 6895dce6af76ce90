"""Resources of a Database and a GlobalDatabase."""

import json
from typing import Any, cast

import pulumi
import pytest
from ha_web import BACKUP_TAG, ConfigurationError, Database, DatabaseArgs, GlobalDatabase, GlobalDatabaseArgs
from ha_web.core.credentials import PASSWORD_LENGTH, replica_arn

from tests.components.made import Made, Resource, make
from tests.components.regional import assert_region_reaches_everything
from tests.components.secrets import DRAWN, VERSION, secret_arn

SECRET = "aws:secretsmanager/secret:Secret"
CLUSTER = "aws:rds/cluster:Cluster"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
GLOBAL = "aws:rds/globalCluster:GlobalCluster"
GROUP = "aws:ec2/securityGroup:SecurityGroup"

SECRET_ARN = secret_arn("data")
REPLICA_ARN = secret_arn("data", "eu-central-1")
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1"
OUTPUTS = {
    CLUSTER: {
        "endpoint": "data.cluster-abc.eu-west-1.rds.amazonaws.com",
        "readerEndpoint": "data.cluster-ro-abc.eu-west-1.rds.amazonaws.com",
        "clusterResourceId": "cluster-ABC",
        "clusterIdentifier": "data-cluster-1",
    },
    INSTANCE: {"identifier": "data-instance"},
    GLOBAL: {"engineVersionActual": "17.7", "endpoint": "data.global-abc.global.rds.amazonaws.com"},
}
SECONDARY: dict[str, Any] = {"global_cluster_id": "shop-data", "secret_arn": REPLICA_ARN, "engine_version": "17.9"}


def full(**args: Any) -> DatabaseArgs:
    return cast(DatabaseArgs, {"vpc_id": "vpc-1", "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"], **args})


def database(kept: str | None = None, preview: bool = False, **args: Any) -> Made[Database]:
    """A database; `kept` is the secret's value that an earlier run left in the state."""
    version = {"secretArn": SECRET_ARN, **({"secretString": kept} if kept else {})}
    return make(
        lambda: Database("data", full(**{"region": "eu-west-1", **args})),
        answers=DRAWN,
        outputs={**OUTPUTS, VERSION: version},
        preview=preview,
    )


def secondary(**args: Any) -> Made[Database]:
    return database(**{"region": "eu-central-1", "key_arn": KEY_ARN, "secondary_of": SECONDARY, **args})


def rule(made: Made[Database], direction: str) -> Resource:
    return made.one(f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule")


def test_a_writer_and_a_reader_stand_in_two_zones_and_the_order_of_promotion_is_known() -> None:
    made = database()
    instances = made.all(INSTANCE)
    assert [each["availabilityZone"] for each in instances] == ["eu-west-1a", "eu-west-1b"]
    assert [each["promotionTier"] for each in instances] == [0, 1]
    assert {each["engine"] for each in instances} == {made.one(CLUSTER)["engine"]} == {"aurora-postgresql"}


AT = "2026-11-29T10:15:00Z"


@pytest.mark.parametrize(
    ("restored", "argument", "value"),
    [
        ({"snapshot_arn": "arn:snapshot"}, "snapshotIdentifier", "arn:snapshot"),
        (
            {"source_cluster_id": "old", "time": AT},
            "restoreToPointInTime",
            {"sourceClusterIdentifier": "old", "restoreToTime": AT, "restoreType": "full-copy"},
        ),
    ],
)
def test_a_restored_cluster_has_the_name_and_version_of_its_backup_and_a_password_of_its_own(
    restored: dict[str, str], argument: str, value: object
) -> None:
    cluster = database(restored_from=restored).one(CLUSTER)
    assert cluster[argument] == value
    assert not {"databaseName", "engineVersion"} & cluster.inputs.keys()
    assert cluster["masterPassword"]


@pytest.mark.parametrize(
    ("restored", "line"),
    [
        ({"time": AT}, "restored_from has time; give snapshot_arn, or source_cluster_id and time"),
        (
            {"source_cluster_id": "old", "time": "10:15"},
            'restored_from.time is "10:15"; write a time in UTC, like 2026-11-29T10:15:00Z',
        ),
    ],
)
def test_a_backup_that_cannot_be_told_is_refused(restored: dict[str, str], line: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        database(restored_from=restored)
    assert str(refused.value) == f'Database "data": {line}'


def test_the_fourth_instance_shares_the_first_ones_zone() -> None:
    zones = [each["availabilityZone"] for each in database(instances=4).all(INSTANCE)]
    assert zones == ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a"]


def test_an_instance_stays_in_its_zone_whatever_zones_join() -> None:
    assert {tuple(each.options["ignore_changes"]) for each in database().all(INSTANCE)} == {("availabilityZone",)}


def test_readers_come_after_the_writer_and_go_before_it() -> None:
    first, second, third = database(instances=3).all(INSTANCE)
    assert not any(urn.endswith("data-instance-1") for urn in first.options["depends_on"])
    for reader in (second, third):
        assert any(urn.endswith("data-instance-1") for urn in reader.options["depends_on"])


def test_everything_is_encrypted_at_rest_with_one_key_of_its_own() -> None:
    made = database()
    cluster, key = made.one(CLUSTER), made.one("aws:kms/key:Key")
    assert cluster["storageEncrypted"] is True
    assert key["enableKeyRotation"] is True
    insights = {each["performanceInsightsKmsKeyId"] for each in made.all(INSTANCE)}
    assert insights == {made.outputs["key_arn"]} == {cluster["kmsKeyId"]} == {made.one(SECRET)["kmsKeyId"]}


def test_the_databases_own_key_stays_for_its_final_snapshot() -> None:
    assert database().one("aws:kms/key:Key").options["retain_on_delete"] is True


def test_a_key_that_is_given_is_used_everywhere_and_none_is_made() -> None:
    made = database(key_arn=KEY_ARN)
    assert made.all("aws:kms/key:Key") == []
    assert made.one(CLUSTER)["kmsKeyId"] == made.one(SECRET)["kmsKeyId"] == made.outputs["key_arn"] == KEY_ARN


def test_connections_without_tls_are_refused() -> None:
    parameters = database().one("aws:rds/clusterParameterGroup:ClusterParameterGroup")
    assert parameters["family"] == "aurora-postgresql17"
    assert parameters["parameters"] == [{"name": "rds.force_ssl", "value": "1"}]


def test_the_parameters_are_of_the_versions_family() -> None:
    parameters = database(engine_version="16.9").one("aws:rds/clusterParameterGroup:ClusterParameterGroup")
    assert parameters["family"] == "aurora-postgresql16"


def test_only_carriers_of_the_client_group_reach_the_instances_and_only_their_port() -> None:
    made = database()
    instances, clients = made.outputs["security_group_id"], made.outputs["client_security_group_id"]
    inward, outward = rule(made, "Ingress"), rule(made, "Egress")
    assert made.one(CLUSTER)["vpcSecurityGroupIds"] == [instances]
    assert (inward["securityGroupId"], inward["referencedSecurityGroupId"]) == (instances, clients)
    assert (outward["securityGroupId"], outward["referencedSecurityGroupId"]) == (clients, instances)
    for way in (inward, outward):
        assert (way["ipProtocol"], way["fromPort"], way["toPort"]) == ("tcp", 5432, 5432)
        assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & way.inputs.keys()
    assert not any("ingress" in group or "egress" in group for group in made.all(GROUP))
    assert {each["publiclyAccessible"] for each in made.all(INSTANCE)} == {False}


def test_the_master_user_has_the_password_of_the_secret_not_the_one_drawn_this_time() -> None:
    cluster = database(kept=json.dumps({"username": "web", "password": "kept-from-the-first-run"})).one(CLUSTER)
    assert (cluster["masterUsername"], cluster["masterPassword"]) == ("web", "kept-from-the-first-run")


def test_a_password_drawn_later_never_replaces_the_first() -> None:
    assert database().one(VERSION).options["ignore_changes"] == ["secretString"]


def test_the_password_is_a_secret_wherever_it_goes() -> None:
    made = database()
    assert "secretString" in made.one(VERSION).secrets
    assert "masterPassword" in made.one(CLUSTER).secrets
    leaks = [
        r.name
        for r in made.resources
        if "x" * PASSWORD_LENGTH in str({k: v for k, v in r.inputs.items() if k not in r.secrets})
    ]
    assert leaks == []


def test_the_secret_holds_user_name_and_password_and_nothing_else() -> None:
    made = database()
    assert json.loads(made.one(VERSION)["secretString"]) == {"username": "web", "password": "x" * PASSWORD_LENGTH}
    assert made.outputs["secret_arn"] == SECRET_ARN
    assert "manageMasterUserPassword" not in made.one(CLUSTER)


def test_the_secret_is_known_in_the_other_regions_under_their_own_keys() -> None:
    made = database(secret_replicas={"eu-central-1": "arn:there", "eu-north-1": "arn:north"})
    assert made.one(SECRET)["replicas"] == [
        {"region": "eu-central-1", "kmsKeyId": "arn:there"},
        {"region": "eu-north-1", "kmsKeyId": "arn:north"},
    ]
    assert "replicas" not in database().one(SECRET)


def test_a_replica_is_found_under_the_same_name_in_its_region() -> None:
    assert replica_arn(SECRET_ARN, "eu-central-1") == REPLICA_ARN


def test_any_second_of_the_last_two_weeks_can_be_restored() -> None:
    assert database().one(CLUSTER)["backupRetentionPeriod"] == 14
    assert database(backup_retention_days=35).one(CLUSTER)["backupRetentionPeriod"] == 35


def test_deletion_is_refused_unless_the_caller_takes_the_protection_off() -> None:
    assert database().one(CLUSTER)["deletionProtection"] is True
    assert database(deletion_protection=False).one(CLUSTER)["deletionProtection"] is False


@pytest.mark.parametrize("made", [database, secondary])
def test_a_deleted_cluster_always_leaves_a_snapshot_with_its_tags(made: Any) -> None:
    cluster = made(deletion_protection=False).one(CLUSTER)
    assert cluster["skipFinalSnapshot"] is False
    assert cluster["finalSnapshotIdentifier"].startswith("data-final-")
    assert cluster["copyTagsToSnapshot"] is True


def test_a_database_that_is_made_again_leaves_another_snapshot() -> None:
    subnets = "aws:rds/subnetGroup:SubnetGroup"

    def name(subnet_group: str, **args: Any) -> str:
        made = make(
            lambda: Database("data", full(region="eu-west-1", **args)),
            answers=DRAWN,
            outputs={**OUTPUTS, VERSION: {"secretArn": SECRET_ARN}, subnets: {"name": subnet_group}},
        )
        return str(made.one(CLUSTER)["finalSnapshotIdentifier"])

    assert name("data-subnets-1") == name("data-subnets-1")
    assert len({name("data-subnets-1"), name("data-subnets-2"), name("data-subnets-1", key_arn=KEY_ARN)}) == 3
    assert name("data-subnets-1", database_name="shop") != name("data-subnets-1")


def test_what_a_failover_an_upgrade_or_a_backup_plan_changes_outside_of_pulumi_is_ignored() -> None:
    moved = ["engineVersion", "globalClusterIdentifier", "replicationSourceIdentifier"]
    moved += ["backupRetentionPeriod", "preferredBackupWindow"]
    moved += ["restoreToPointInTime", "snapshotIdentifier"]  # of a cluster that exists, its beginning matters no more
    for made in (database(), secondary()):
        assert made.one(CLUSTER).options["ignore_changes"] == moved


def test_servers_may_also_enter_by_iam_and_the_log_and_insights_are_on() -> None:
    made = database()
    cluster = made.one(CLUSTER)
    assert cluster["iamDatabaseAuthenticationEnabled"] is True
    assert cluster["enabledCloudwatchLogsExports"] == ["postgresql"]
    assert {each["performanceInsightsEnabled"] for each in made.all(INSTANCE)} == {True}
    assert {each["autoMinorVersionUpgrade"] for each in made.all(INSTANCE)} == {True}


def test_a_change_happens_when_the_update_says_so() -> None:
    made = database()
    assert {each["applyImmediately"] for each in [made.one(CLUSTER), *made.all(INSTANCE)]} == {True}


def test_it_is_tagged_as_holding_state_once() -> None:
    made = database(tags={"team": "web"})
    assert made.one(CLUSTER)["tags"] == {"team": "web", "Name": "data-cluster", BACKUP_TAG: "true"}
    assert [each.name for each in made.children if BACKUP_TAG in (each.get("tags") or {})] == ["data-cluster"]


def test_a_secondary_has_its_own_key_and_no_credentials() -> None:
    made = secondary()
    cluster = made.one(CLUSTER)
    assert cluster["globalClusterIdentifier"] == "shop-data"
    assert (cluster["storageEncrypted"], cluster["kmsKeyId"]) == (True, KEY_ARN)
    assert (
        not {"masterUsername", "masterPassword", "databaseName", "enableGlobalWriteForwarding"} & cluster.inputs.keys()
    )
    assert made.all(SECRET) == []
    assert made.outputs["secret_arn"] == REPLICA_ARN


def test_a_secondary_is_made_in_the_version_that_the_primary_has_by_now() -> None:
    assert secondary().one(CLUSTER)["engineVersion"] == "17.9"
    plain = {key: value for key, value in SECONDARY.items() if key != "engine_version"}
    assert "engineVersion" not in secondary(secondary_of=plain).one(CLUSTER)


def test_a_secondary_survives_a_zone_too() -> None:
    zones = [each["availabilityZone"] for each in secondary().all(INSTANCE)]
    assert zones == ["eu-central-1a", "eu-central-1b"]


def test_a_secondary_hands_writes_on_if_asked_to() -> None:
    assert secondary(write_forwarding=True).one(CLUSTER)["enableGlobalWriteForwarding"] is True


def test_a_primary_is_not_told_to_hand_writes_on_which_aws_takes_from_members_only() -> None:
    assert "enableGlobalWriteForwarding" not in database(write_forwarding=True).one(CLUSTER)


def test_the_outputs_are_what_an_application_needs() -> None:
    outputs = database().outputs
    assert outputs["endpoint"].startswith("data.cluster-abc")
    assert outputs["reader_endpoint"].startswith("data.cluster-ro-")
    assert (outputs["port"], outputs["database_name"]) == (5432, "app")
    assert outputs["cluster_arn"].startswith("arn:aws:rds:eu-west-1:")
    assert outputs["cluster_id"] == "data-cluster-1"
    assert outputs["resource_id"] == "cluster-ABC"
    assert outputs["instance_ids"] == ["data-instance"] * 2


def test_every_output_is_registered() -> None:
    made = database()
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("Database::data")]
    assert set(registered) == set(Database.__annotations__)


def test_a_first_preview_knows_what_is_to_be_made() -> None:
    made = database(preview=True)
    assert (len(made.all(CLUSTER)), len(made.all(INSTANCE))) == (1, 2)


def test_every_child_is_the_databases_own() -> None:
    assert {child.parent.split("::")[-1] for child in database().children} == {"data"}


def test_protecting_the_component_protects_all_that_it_made() -> None:
    made = make(
        lambda: Database("data", full(), pulumi.ResourceOptions(protect=True)),
        answers=DRAWN,
        outputs={**OUTPUTS, VERSION: {"secretArn": SECRET_ARN}},
    )
    assert {child.options["protect"] for child in made.children} == {True}


def test_the_region_reaches_every_child() -> None:
    assert_region_reaches_everything(
        lambda region: Database("data", full(region=region)),
        answers=DRAWN,
        outputs={**OUTPUTS, VERSION: {"secretArn": SECRET_ARN}},
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"instances": 1}, 'Database "data": instances is 1; surviving a zone needs at least 2'),
        (
            {"subnet_ids": ["subnet-a"]},
            'Database "data": subnet_ids has 1; surviving a zone needs subnets in at least 2',
        ),
        (
            {"instance_clas": "x"},
            'Database "data": instance_clas is unknown; the nearest known one is instance_class',
        ),
        (
            {"write_forwarding": True, "engine_version": "15.3"},
            'Database "data": write_forwarding is true; engine_version "15.3" lacks it, 14.9, 15.4, 16.1 or a later '
            "minor has it",
        ),
        (
            {"secondary_of": SECONDARY, "database_name": "shop"},
            'Database "data": database_name is given with secondary_of; a secondary has the primary\'s',
        ),
        ({"secondary_of": {"secret_arn": "x"}}, 'Database "data": secondary_of.global_cluster_id is missing'),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        database(**args)
    assert str(refused.value) == message


def test_a_class_that_cannot_be_in_a_global_database_is_refused_for_a_secondary_only() -> None:
    assert database(instance_class="db.t4g.medium").all(INSTANCE)
    with pytest.raises(ConfigurationError, match=r'instance_class is "db.t4g.medium"; a global database takes'):
        secondary(instance_class="db.t4g.medium")


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        database(instances=99, backup_retention_days=0, subnet_ids=[])
    assert len(str(refused.value).splitlines()) == 3


def joined(**args: Any) -> Made[GlobalDatabase]:
    given: Any = {"source_cluster_arn": "arn:primary", "region": "eu-west-1", **args}
    return make(lambda: GlobalDatabase("data-global", given), outputs=OUTPUTS)


def test_a_global_database_is_made_of_its_primary_and_lets_its_members_go() -> None:
    cluster = joined().one(GLOBAL)
    assert cluster["sourceDbClusterIdentifier"] == "arn:primary"
    assert cluster["forceDestroy"] is True
    assert "deletionProtection" not in cluster


def test_its_primary_is_looked_at_when_it_is_made_and_never_again() -> None:
    assert joined().one(GLOBAL).options["ignore_changes"] == ["sourceDbClusterIdentifier"]


def test_global_databases_of_two_projects_or_stacks_in_one_account_do_not_collide() -> None:
    assert joined().one(GLOBAL)["globalClusterIdentifier"] == "test-test-data-global"  # project and stack


def test_a_global_database_tells_what_secondaries_and_failovers_need() -> None:
    outputs = joined().outputs
    assert outputs["global_cluster_id"] == "data-global-global-id"
    assert outputs["engine_version"] == "17.7"
    assert outputs["writer_endpoint"].endswith(".global.rds.amazonaws.com")


def test_the_region_of_a_global_database_reaches_its_child() -> None:
    def build(region: str | None) -> GlobalDatabase:
        return GlobalDatabase("g", cast(GlobalDatabaseArgs, {"source_cluster_arn": "arn:primary", "region": region}))

    assert_region_reaches_everything(build, outputs=OUTPUTS)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"instance_class": "db.t4g.medium"}, 'instance_class is "db.t4g.medium"; a global database takes db.r5'),
        ({"engine_version": "12.22"}, 'engine_version is "12.22"; a global database takes 13.4'),
        ({"sorce_cluster_arn": "x"}, "sorce_cluster_arn is unknown; the nearest known one is source_cluster_arn"),
    ],
)
def test_what_cannot_be_global_is_refused_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        joined(**args)
    assert f'GlobalDatabase "data-global": {message}' in str(refused.value)
