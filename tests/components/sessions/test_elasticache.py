"""Resources of a SessionStore."""

import json
from typing import Any, cast

import pulumi
import pytest
from ha_web import BACKUP_TAG, ConfigurationError, SessionStore, SessionStoreArgs
from ha_web.core.credentials import PASSWORD_LENGTH
from ha_web.sessions.common import ACCESS_STRING

from tests.components.made import Made, Resource, make
from tests.components.regional import assert_region_reaches_everything
from tests.components.secrets import DRAWN, RANDOM, VERSION, secret_arn

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"

SECRET_ARN = secret_arn("sessions")

SECONDARY = {
    "global_replication_group_id": "gxeiz-sessions",
    "secret_arn": secret_arn("sessions", "eu-central-1"),
    "password": "p" * 64,
}


def full(**args: Any) -> SessionStoreArgs:
    return cast(SessionStoreArgs, {"vpc_id": "vpc-1", "subnet_ids": ["subnet-a", "subnet-b"], **args})


def store(kept: str | None = None, preview: bool = False, **args: Any) -> Made[SessionStore]:
    """A store; `kept` is the secret's value that an earlier run left in the state."""
    version = {"secretArn": SECRET_ARN, **({"secretString": kept} if kept else {})}
    return make(
        lambda: SessionStore("sessions", full(region="eu-west-1", **args)),
        answers=DRAWN,
        outputs={VERSION: version},
        preview=preview,
    )


def rule(made: Made[SessionStore], direction: str) -> Resource:
    return made.one(f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule")


def test_two_nodes_in_two_zones_fail_over_by_themselves() -> None:
    group = store().one(GROUP)
    assert (group["numCacheClusters"], group["multiAzEnabled"], group["automaticFailoverEnabled"]) == (2, True, True)
    assert (group["engine"], group["engineVersion"]) == ("valkey", "8.2")


def test_everything_is_encrypted_on_the_way_and_at_rest_with_the_stores_own_key() -> None:
    made = store()
    group, key = made.one(GROUP), made.one("aws:kms/key:Key")
    assert (group["transitEncryptionEnabled"], group["transitEncryptionMode"]) == (True, "required")
    assert group["atRestEncryptionEnabled"] is True
    assert key["enableKeyRotation"] is True
    assert made.outputs["key_arn"] == group["kmsKeyId"] == made.one("aws:secretsmanager/secret:Secret")["kmsKeyId"]


def test_only_carriers_of_the_client_group_reach_the_nodes_and_only_their_port() -> None:
    made = store()
    nodes, clients = made.outputs["security_group_id"], made.outputs["client_security_group_id"]
    inward, outward = rule(made, "Ingress"), rule(made, "Egress")
    assert made.one(GROUP)["securityGroupIds"] == [nodes]
    assert (inward["securityGroupId"], inward["referencedSecurityGroupId"]) == (nodes, clients)
    assert (outward["securityGroupId"], outward["referencedSecurityGroupId"]) == (clients, nodes)
    for way in (inward, outward):
        assert (way["ipProtocol"], way["fromPort"], way["toPort"]) == ("tcp", 6379, 6379)
        assert not {"cidrIpv4", "cidrIpv6", "prefixListId"} & way.inputs.keys()
    assert not any("ingress" in g or "egress" in g for g in made.all("aws:ec2/securityGroup:SecurityGroup"))


def test_the_user_has_the_password_of_the_secret_not_the_one_drawn_this_time() -> None:
    made = store(kept=json.dumps({"username": "sessions", "password": "kept-from-the-first-run"}))
    assert made.one(USER)["authenticationMode"] == {"type": "password", "passwords": ["kept-from-the-first-run"]}


def test_a_password_drawn_later_never_replaces_the_first() -> None:
    assert store().one(VERSION).options["ignore_changes"] == ["secretString"]


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


def test_the_secret_holds_name_and_password_in_letters_and_digits() -> None:
    made = store()
    assert json.loads(made.one(VERSION)["secretString"]) == {"username": "sessions", "password": "x" * PASSWORD_LENGTH}
    [call] = [call for call in made.calls if call.token == RANDOM]
    assert call.args["excludePunctuation"] is True
    assert made.outputs["secret_arn"] == SECRET_ARN


def test_the_one_user_has_the_least_rights_and_nobody_enters_unnamed() -> None:
    made = store()
    user, users = made.one(USER), made.one("aws:elasticache/userGroup:UserGroup")
    assert (user["userName"], user["accessString"]) == (made.outputs["user_name"], ACCESS_STRING)
    assert users["userIds"] == [user["userId"]]
    assert made.one(GROUP)["userGroupIds"] == [users["userGroupId"]]
    assert {user["engine"], users["engine"]} == {"valkey"}
    assert "noPasswordRequired" not in user


def test_users_of_two_projects_or_stacks_in_one_account_do_not_collide() -> None:
    assert store().one(USER)["userId"] == "test-test-sessions-user"  # project and stack are both called test


def test_snapshots_are_kept_a_week_and_end_with_the_store_unless_a_last_one_is_named() -> None:
    assert store().one(GROUP)["snapshotRetentionLimit"] == 7
    assert "finalSnapshotIdentifier" not in store().one(GROUP)
    assert store(final_snapshot_name="last").one(GROUP)["finalSnapshotIdentifier"] == "last"


def test_the_parameter_group_evicts_idle_sessions_and_frees_dead_connections() -> None:
    made = store()
    parameters = made.one("aws:elasticache/parameterGroup:ParameterGroup")
    assert parameters["family"] == "valkey8"
    assert {p["name"]: p["value"] for p in parameters["parameters"]} == {
        "maxmemory-policy": "volatile-lru",
        "tcp-keepalive": "60",
    }


def test_with_three_nodes_a_primary_that_is_cut_off_from_its_replicas_refuses_writes() -> None:
    [*_, to_write, max_lag] = store(nodes=3).one("aws:elasticache/parameterGroup:ParameterGroup")["parameters"]
    assert to_write == {"name": "min-replicas-to-write", "value": "1"}
    assert max_lag == {"name": "min-replicas-max-lag", "value": "5"}


def test_an_engine_that_aws_upgraded_is_no_downgrade_that_replaces_the_store() -> None:
    group = store().one(GROUP)
    assert group["autoMinorVersionUpgrade"] is True
    assert {"engineVersion", "parameterGroupName"} <= {*group.options["ignore_changes"]}


@pytest.mark.parametrize("member", [{"in_global_datastore": True}, {"secondary_of": SECONDARY}])
def test_no_member_of_a_global_datastore_is_told_to_take_minor_upgrades_which_aws_refuses_there(
    member: dict[str, Any],
) -> None:
    group = store(**member).one(GROUP)
    assert "autoMinorVersionUpgrade" not in group
    assert "autoMinorVersionUpgrade" in group.options["ignore_changes"]


def test_a_store_that_leaves_a_global_datastore_is_not_told_so_while_it_is_still_in_it() -> None:
    assert "autoMinorVersionUpgrade" in store().one(GROUP).options["ignore_changes"]


def test_a_secondary_is_told_nothing_that_is_its_primarys() -> None:
    group = store(secondary_of=SECONDARY, key_arn="arn:key").one(GROUP)
    assert group["globalReplicationGroupId"] == "gxeiz-sessions"
    assert not group.inputs.keys() & {
        *("nodeType", "engine", "engineVersion", "parameterGroupName", "numNodeGroups"),
        *("atRestEncryptionEnabled", "transitEncryptionEnabled", "transitEncryptionMode"),
    }
    assert (group["numCacheClusters"], group["multiAzEnabled"], group["kmsKeyId"]) == (2, True, "arn:key")


def test_a_secondary_that_a_failover_let_go_is_not_replaced_by_the_next_refresh() -> None:
    assert "globalReplicationGroupId" in store(secondary_of=SECONDARY).one(GROUP).options["ignore_changes"]


def test_clients_of_a_secondary_use_the_primarys_user_and_password() -> None:
    made = store(secondary_of=SECONDARY)
    user = made.one(USER)
    assert (user["userName"], user["authenticationMode"]["passwords"]) == ("sessions", ["p" * 64])
    assert not made.all(VERSION)
    assert made.outputs["secret_arn"] == SECONDARY["secret_arn"]


def test_the_secret_is_replicated_with_each_regions_own_key() -> None:
    secret = store(secret_replicas={"eu-central-1": "arn:there"}).one("aws:secretsmanager/secret:Secret")
    assert secret["replicas"] == [{"region": "eu-central-1", "kmsKeyId": "arn:there"}]


def test_the_stores_own_key_stays_for_its_final_snapshot() -> None:
    assert store().one("aws:kms/key:Key").options["retain_on_delete"] is True


def test_a_key_that_is_given_encrypts_all_and_none_is_made() -> None:
    made = store(key_arn="arn:given")
    assert not made.all("aws:kms/key:Key")
    assert made.one(GROUP)["kmsKeyId"] == made.one("aws:secretsmanager/secret:Secret")["kmsKeyId"] == "arn:given"


def test_the_primary_of_a_global_datastore_is_scaled_by_that() -> None:
    group = store(in_global_datastore=True).one(GROUP)
    assert "nodeType" in group.options["ignore_changes"]


def test_a_change_happens_when_the_update_says_so() -> None:
    assert store().one(GROUP)["applyImmediately"] is True


def test_it_is_tagged_as_holding_state() -> None:
    assert store(tags={"team": "web"}).one(GROUP)["tags"] == {
        "team": "web",
        "Name": "sessions-group",
        BACKUP_TAG: "true",
    }


def test_the_callers_sizes_windows_and_topic_reach_the_group() -> None:
    group = store(
        nodes=3,
        node_type="cache.r7g.large",
        snapshot_retention_days=14,
        snapshot_window="01:00-02:00",
        maintenance_window="mon:02:00-mon:03:00",
        notification_topic_arn="arn:aws:sns:eu-west-1:123456789012:events",
    ).one(GROUP)
    assert (group["numCacheClusters"], group["nodeType"]) == (3, "cache.r7g.large")
    assert (group["snapshotRetentionLimit"], group["snapshotWindow"]) == (14, "01:00-02:00")
    assert group["maintenanceWindow"] == "mon:02:00-mon:03:00"
    assert group["notificationTopicArn"] == "arn:aws:sns:eu-west-1:123456789012:events"


def test_node_ids_are_as_many_as_nodes_and_named_after_the_group() -> None:
    assert store(nodes=3.0).outputs["node_ids"] == [f"sessions-group-id-00{number}" for number in (1, 2, 3)]


def test_the_outputs_are_what_an_application_needs() -> None:
    outputs = store().outputs
    assert outputs["primary_endpoint"].startswith("master.")
    assert outputs["reader_endpoint"].startswith("replica.")
    assert outputs["port"] == 6379
    assert outputs["replication_group_id"] == "sessions-group-id"


def test_every_output_is_registered() -> None:
    made = store()
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("SessionStore::sessions")]
    assert set(registered) == set(SessionStore.__annotations__)


def test_a_first_preview_knows_what_is_to_be_made() -> None:
    made = store(preview=True)
    assert len(made.all(GROUP)) == len(made.all(USER)) == 1


def test_every_child_is_the_stores_own() -> None:
    assert {child.parent.split("::")[-1] for child in store().children} == {"sessions"}


def test_protecting_the_component_protects_all_that_it_made() -> None:
    made = make(
        lambda: SessionStore("sessions", full(), pulumi.ResourceOptions(protect=True)),
        answers=DRAWN,
        outputs={VERSION: {"secretArn": SECRET_ARN}},
    )
    assert {child.options["protect"] for child in made.children} == {True}


def test_the_region_reaches_every_child() -> None:
    assert_region_reaches_everything(
        lambda region: SessionStore("sessions", full(region=region)),
        answers=DRAWN,
        outputs={VERSION: {"secretArn": SECRET_ARN}},
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"nodes": 1}, 'SessionStore "sessions": nodes is 1; surviving a zone needs at least 2'),
        (
            {"subnet_ids": ["subnet-a"]},
            'SessionStore "sessions": subnet_ids has 1; surviving a zone needs subnets in at least 2',
        ),
        ({"node_typ": "x"}, 'SessionStore "sessions": node_typ is unknown; the nearest known one is node_type'),
        ({"nodes": "two"}, 'SessionStore "sessions": nodes is "two"; it must be a whole number'),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        store(**args)
    assert str(refused.value) == message


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        store(nodes=9, snapshot_retention_days=0, subnet_ids=[])
    assert len(str(refused.value).splitlines()) == 3
