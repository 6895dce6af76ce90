"""Resources of a DurableSessionStore: alone, in a multi-Region cluster, and in a second region."""

import json
from typing import Any, cast

import pulumi
import pytest
from ha_web import (
    BACKUP_TAG,
    Alarms,
    AlarmsArgs,
    ConfigurationError,
    DurableSessionStore,
    DurableSessionStoreArgs,
    SessionStore,
)
from ha_web.core.credentials import PASSWORD_LENGTH
from ha_web.sessions.common import CLUSTER_ACCESS_STRING

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything
from tests.components.secrets import DRAWN, VERSION, secret_arn

SECRET = "aws:secretsmanager/secret:Secret"
CLUSTER = "aws:memorydb/cluster:Cluster"
USER = "aws:memorydb/user:User"
PARAMETERS = "aws:memorydb/parameterGroup:ParameterGroup"

SECRET_ARN = secret_arn("sessions")
ADDRESS = "clustercfg.sessions.abc123.memorydb.eu-west-1.amazonaws.com"
OUTPUTS: dict[str, dict[str, Any]] = {
    VERSION: {"secretArn": SECRET_ARN},
    CLUSTER: {"clusterEndpoints": [{"address": ADDRESS, "port": 6379}]},
}
OTHER = {
    "secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other",
    "password": "the-primary-regions-password",
    "user_name": "test-test-other",
}
MEMBER: dict[str, Any] = {"multi_region_cluster_name": "virxk-sessions"}


def full(**args: Any) -> DurableSessionStoreArgs:
    return cast(DurableSessionStoreArgs, {"vpc_id": "vpc-1", "subnet_ids": ["subnet-a", "subnet-b"], **args})


def store(preview: bool = False, **args: Any) -> Made[DurableSessionStore]:
    return make(
        lambda: DurableSessionStore("sessions", full(region="eu-west-1", **args)),
        answers=DRAWN,
        outputs=OUTPUTS,
        preview=preview,
    )


def refusal(**args: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        store(**args)
    return str(refused.value)


def test_one_shard_with_a_replica_goes_on_without_a_zone() -> None:
    cluster = store().one(CLUSTER)
    assert (cluster["numShards"], cluster["numReplicasPerShard"]) == (1, 1)
    assert (cluster["engine"], cluster["engineVersion"]) == ("valkey", "7.2")
    assert store(nodes=3.0).one(CLUSTER)["numReplicasPerShard"] == 2


def test_everything_is_encrypted_on_the_way_and_at_rest_with_a_customer_key() -> None:
    made = store()
    cluster = made.one(CLUSTER)
    assert cluster["tlsEnabled"] is True
    assert made.one("aws:kms/key:Key")["enableKeyRotation"] is True
    assert made.outputs["key_arn"] == cluster["kmsKeyArn"] == made.one(SECRET)["kmsKeyId"]


def test_a_given_key_is_the_only_one() -> None:
    made = store(key_arn="arn:aws:kms:eu-west-1:123456789012:key/mrk-1")
    assert made.all("aws:kms/key:Key") == []
    assert {made.outputs["key_arn"], made.one(CLUSTER)["kmsKeyArn"], made.one(SECRET)["kmsKeyId"]} == {
        "arn:aws:kms:eu-west-1:123456789012:key/mrk-1"
    }


def test_only_carriers_of_the_client_group_reach_the_nodes() -> None:
    made = store()
    inward = made.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert made.one(CLUSTER)["securityGroupIds"] == [made.outputs["security_group_id"]] == [inward["securityGroupId"]]
    assert inward["referencedSecurityGroupId"] == made.outputs["client_security_group_id"]
    assert (inward["fromPort"], inward["toPort"]) == (6379, 6379)
    assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & inward.inputs.keys()


def test_the_one_user_has_the_least_rights_and_nobody_enters_unnamed() -> None:
    made = store()
    user, acl = made.one(USER), made.one("aws:memorydb/acl:Acl")
    assert (user["userName"], user["accessString"]) == (made.outputs["user_name"], CLUSTER_ACCESS_STRING)
    assert user["authenticationMode"] == {"type": "password", "passwords": ["x" * PASSWORD_LENGTH]}
    assert acl["userNames"] == [user["userName"]]
    assert made.one(CLUSTER)["aclName"] == acl.state["name"]


def test_the_user_has_a_name_of_its_own_in_the_account_and_the_secret_says_which() -> None:
    """MemoryDB's user names are unique in an account and region: two stacks must not both be `sessions`."""
    made = store()
    assert made.outputs["user_name"] == "test-test-sessions"  # project and stack are both called test
    assert json.loads(made.one(VERSION)["secretString"]) == {
        "username": "test-test-sessions",
        "password": "x" * PASSWORD_LENGTH,
    }


def test_the_password_is_a_secret_wherever_it_goes() -> None:
    made = store()
    assert "secretString" in made.one(VERSION).secrets
    assert "authenticationMode" in made.one(USER).secrets
    leaks = [
        r.name
        for r in made.resources
        if "x" * PASSWORD_LENGTH in str({k: v for k, v in r.inputs.items() if k not in r.secrets})
    ]
    assert leaks == []


def test_the_secret_is_where_the_second_region_needs_it() -> None:
    key = "arn:aws:kms:eu-central-1:123456789012:key/mrk-1"
    secret = store(secret_replicas={"eu-central-1": key}).one(SECRET)
    assert secret["replicas"] == [{"region": "eu-central-1", "kmsKeyId": key}]
    assert "replicas" not in store().one(SECRET)


def test_the_second_regions_store_has_the_firsts_user_and_password_and_no_secret_of_its_own() -> None:
    made = store(secondary_of=OTHER)
    assert (made.all(SECRET), made.all(VERSION), made.calls) == ([], [], [])
    user = made.one(USER)
    assert (user["userName"], user["authenticationMode"]["passwords"]) == (
        "test-test-other",
        ["the-primary-regions-password"],
    )
    assert "authenticationMode" in user.secrets
    outputs = made.outputs
    assert (outputs["secret_arn"], outputs["user_name"]) == (OTHER["secret_arn"], "test-test-other")
    assert outputs["password"] == "the-primary-regions-password"


def test_a_member_of_a_multi_region_cluster_joins_it_with_what_it_demands() -> None:
    made = store(**MEMBER)
    cluster = made.one(CLUSTER)
    assert cluster["multiRegionClusterName"] == "virxk-sessions" == made.outputs["multi_region_cluster_name"]
    assert (cluster["engineVersion"], cluster["nodeType"]) == ("7.3", "db.r7g.xlarge")
    assert made.all(PARAMETERS) == []
    assert "parameterGroupName" not in cluster


def test_what_the_multi_region_cluster_changes_in_its_members_is_no_difference() -> None:
    upgrades = "autoMinorVersionUpgrade"
    member = store(**MEMBER).one(CLUSTER)
    assert member.options["ignore_changes"] == ["engineVersion", "nodeType", "numShards", upgrades]
    assert upgrades not in member
    assert store().one(CLUSTER).options["ignore_changes"] == ["engineVersion", upgrades]


def test_the_engine_refuses_to_replace_a_protected_store_by_one_that_joins_other_regions() -> None:
    assert store(deletion_protection=True, **MEMBER).one(CLUSTER).options["protect"] is True
    assert not store().one(CLUSTER).options["protect"]


def test_alone_it_evicts_idle_sessions_and_frees_dead_connections() -> None:
    made = store()
    parameters = made.one(PARAMETERS)
    assert parameters["family"] == "memorydb_valkey7"
    assert {p["name"]: p["value"] for p in parameters["parameters"]} == {
        "maxmemory-policy": "volatile-lru",
        "tcp-keepalive": "60",
    }
    assert made.one(CLUSTER)["parameterGroupName"] == parameters.state["name"]


def test_it_is_tagged_as_holding_state_and_keeps_snapshots_for_a_week() -> None:
    cluster = store(tags={"team": "web"}).one(CLUSTER)
    assert cluster["tags"] == {"team": "web", "Name": "sessions-cluster", BACKUP_TAG: "true"}
    assert cluster["snapshotRetentionLimit"] == 7
    assert "finalSnapshotName" not in cluster


def test_the_callers_sizes_windows_and_topic_reach_the_cluster() -> None:
    cluster = store(
        node_type="db.t4g.small",
        snapshot_retention_days=14,
        snapshot_window="01:00-02:00",
        maintenance_window="mon:02:00-mon:03:00",
        notification_topic_arn="arn:aws:sns:eu-west-1:123456789012:events",
        final_snapshot_name="last",
    ).one(CLUSTER)
    assert (cluster["nodeType"], cluster["snapshotRetentionLimit"]) == ("db.t4g.small", 14)
    assert (cluster["snapshotWindow"], cluster["maintenanceWindow"]) == ("01:00-02:00", "mon:02:00-mon:03:00")
    assert cluster["snsTopicArn"] == "arn:aws:sns:eu-west-1:123456789012:events"
    assert cluster["finalSnapshotName"] == "last"


def test_node_ids_are_named_after_the_cluster() -> None:
    made = store(nodes=3)
    name = made.one(CLUSTER).state["name"]
    assert made.outputs["node_ids"] == [f"{name}-0001-00{number}" for number in (1, 2, 3)]


def test_its_nodes_can_be_watched() -> None:
    def watched() -> Alarms:
        sessions = DurableSessionStore("sessions", full())
        nodes = {"session_cluster_name": sessions.cluster_name, "node_ids": [*sessions.node_ids]}
        balancer = {"load_balancer_arn_suffix": "app/a/1", "target_group_arn_suffix": "targetgroup/b/2"}
        return Alarms("watch", cast(AlarmsArgs, {**balancer, "zone_names": ["eu-west-1a"], **nodes}))

    made = make(watched, answers=DRAWN, outputs=OUTPUTS)
    alarm, cluster = made.named("watch-session-cpu-2"), made.one(CLUSTER)
    assert alarm["namespace"] == "AWS/MemoryDB"
    name = cluster.state["name"]
    assert alarm["dimensions"] == {"ClusterName": name, "NodeName": f"{name}-0001-002"}


def test_a_cluster_can_use_either_store() -> None:
    """But for what names the group itself, and the reader endpoint, which MemoryDB doesn't have."""
    own = {"replication_group_id", "reader_endpoint", "global_replication_group_id"}
    assert set(SessionStore.__annotations__) - own <= set(DurableSessionStore.__annotations__)
    assert store().outputs["primary_endpoint"] == ADDRESS


def test_every_output_is_registered() -> None:
    [registered] = [v for urn, v in store().registered.items() if urn.endswith("DurableSessionStore::sessions")]
    assert set(registered) == set(DurableSessionStore.__annotations__)


def test_a_first_preview_knows_what_is_to_be_made() -> None:
    made = store(preview=True)
    assert len(made.all(CLUSTER)) == len(made.all(USER)) == 1


def test_every_child_is_the_stores_own_and_protected_with_it() -> None:
    made = make(
        lambda: DurableSessionStore("sessions", full(), pulumi.ResourceOptions(protect=True)),
        answers=DRAWN,
        outputs=OUTPUTS,
    )
    assert {child.parent.split("::")[-1] for child in made.children} == {"sessions"}
    assert {child.options["protect"] for child in made.children} == {True}


@pytest.mark.parametrize("more", [{}, {"secondary_of": OTHER, **MEMBER}])
def test_the_region_reaches_every_child(more: dict[str, Any]) -> None:
    assert_region_reaches_everything(
        lambda region: DurableSessionStore("sessions", full(region=region, **more)), answers=DRAWN, outputs=OUTPUTS
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"nodes": 1}, "nodes is 1; surviving a zone needs at least 2"),
        ({"nodes": 7}, "nodes is 7; a shard has at most 6"),
        ({"subnet_ids": ["subnet-a"]}, "subnet_ids has 1; surviving a zone needs subnets in at least 2"),
        ({"snapshot_retention_days": 36}, "snapshot_retention_days is 36; snapshots are kept 1 to 35 days"),
        (
            {"node_type": "cache.m7g.large"},
            'node_type is "cache.m7g.large"; MemoryDB has db.t4g.small and medium, db.r6g, db.r6gd and db.r7g from '
            "large",
        ),
        (
            {"node_type": "db.r7g.large", **MEMBER},
            'node_type is "db.r7g.large"; MemoryDB Multi-Region has db.r7g.xlarge, db.r7g.2xlarge, db.r7g.4xlarge, '
            "db.r7g.8xlarge, db.r7g.12xlarge, db.r7g.16xlarge",
        ),
        (
            {"secret_replicas": {"eu-central-1": "key"}, "secondary_of": OTHER},
            "secret_replicas is given with secondary_of; a second region's store has no secret of its own",
        ),
        ({"node_typ": "x"}, "node_typ is unknown; the nearest known one is node_type"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    assert refusal(**args) == f'DurableSessionStore "sessions": {message}'


def test_a_name_that_leaves_no_room_for_the_automatic_part_is_refused() -> None:
    long = "sessions-of-a-long-winded"
    with pytest.raises(ConfigurationError, match="the name has 25 characters; at most 24 fit"):
        make(lambda: DurableSessionStore(long, full()), answers=DRAWN, outputs=OUTPUTS)


def test_all_problems_are_told_at_once() -> None:
    assert len(refusal(nodes=9, snapshot_retention_days=0, subnet_ids=[], snapshot_window="x").splitlines()) == 4
