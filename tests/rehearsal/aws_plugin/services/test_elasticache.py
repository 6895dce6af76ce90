"""ElastiCache in the emulated plugin: groups of subnets, parameters, users and nodes, as AWS would have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.aws_plugin.services.elasticache.group_steps import is_downgrade, leaves_valkey, short_version
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client, Network
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
USER = "aws:elasticache/user:User"
USERS = "aws:elasticache/userGroup:UserGroup"
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"

PASSWORD = "sixteen-or-more-characters"
ENTERS_WITH_PASSWORD = {"type": "password", "passwords": [PASSWORD]}
SLOW = {"destination": "log", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


@pytest.fixture
def subnets(program: Program, network: Network, unique: str) -> Resource:
    return program.up(SUBNETS, unique, subnetIds=network.subnets)


@pytest.fixture
def parameters(program: Program, unique: str) -> Resource:
    wanted = [{"name": "maxmemory-policy", "value": "volatile-lru"}, {"name": "timeout", "value": "300"}]
    return program.up(PARAMETERS, unique, family="valkey8", parameters=wanted)


def user_of(program: Program, name: str, **more: Any) -> Resource:
    args = {"userName": name, "engine": "valkey", "accessString": "on ~* +@all"}
    return program.up(USER, userId=name, **{**args, "authenticationMode": ENTERS_WITH_PASSWORD, **more})


@pytest.fixture
def user(program: Program, unique: str) -> Resource:
    return user_of(program, unique)


@pytest.fixture
def users(program: Program, user: Resource) -> Resource:
    return program.up(USERS, userGroupId=f"{user.id}s", engine="valkey", userIds=[user.id])


def put_up(program: Program, aws: Client, network: Network, name: str) -> Resource:
    """A replication group as the session store has it."""
    wanted = [{"name": "timeout", "value": "300"}]
    user = user_of(program, f"{name}u")
    return program.up(
        GROUP,
        name,
        description="sessions",
        engine="valkey",
        engineVersion="8.0",
        nodeType="cache.t4g.micro",
        port=6379,
        numCacheClusters=2,
        automaticFailoverEnabled=True,
        multiAzEnabled=True,
        subnetGroupName=program.up(SUBNETS, name, subnetIds=network.subnets).id,
        securityGroupIds=[network.group],
        parameterGroupName=program.up(PARAMETERS, name, family="valkey8", parameters=wanted).id,
        userGroupIds=[program.up(USERS, userGroupId=f"{name}s", engine="valkey", userIds=[user.id]).id],
        transitEncryptionEnabled=True,
        transitEncryptionMode="required",
        atRestEncryptionEnabled=True,
        kmsKeyId=aws("kms").create_key()["KeyMetadata"]["Arn"],
        snapshotRetentionLimit=7,
        snapshotWindow="03:00-04:00",
        maintenanceWindow="sun:04:30-sun:05:30",
        applyImmediately=True,
        tags={"a": "1"},
    )


@pytest.fixture
def group(program: Program, aws: Client, network: Network, unique: str) -> Resource:
    return put_up(program, aws, network, unique)


@pytest.fixture(scope="module")
def standing(program: Program, aws: Client) -> Resource:
    """A replication group that no test changes."""
    return put_up(program, aws, Network(aws, "standing"), "standing")


def described(aws: Client, group: Resource) -> dict[str, Any]:
    found: dict[str, Any] = aws("elasticache").describe_replication_groups(ReplicationGroupId=group.id)[
        "ReplicationGroups"
    ][0]
    return found


def node(aws: Client, group: Resource) -> dict[str, Any]:
    name = described(aws, group)["MemberClusters"][0]
    found: dict[str, Any] = aws("elasticache").describe_cache_clusters(CacheClusterId=name)["CacheClusters"][0]
    return found


def test_a_subnet_group_is_made_changed_and_replaced_under_another_name(
    aws: Client, network: Network, subnets: Resource
) -> None:
    assert subnets.state["vpcId"] == network.vpc
    assert subnets.id == subnets.id.lower()
    assert subnets.settled()
    assert subnets.update(subnetIds=network.subnets[:2], description="two", tags={"a": "1"})
    found = aws("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName=subnets.id)["CacheSubnetGroups"][0]
    assert {each["SubnetIdentifier"] for each in found["Subnets"]} == set(network.subnets[:2])
    assert subnets.settled()
    assert subnets.changes(name="other") == {"name": "UPDATE_REPLACE"}
    subnets.delete()
    assert subnets.gone()


def test_a_parameter_that_is_removed_is_as_the_family_has_it(aws: Client, parameters: Resource) -> None:
    assert parameters.settled()
    parameters.update(parameters=[{"name": "timeout", "value": "400"}])
    request = {"CacheParameterGroupName": parameters.id, "Source": "user"}
    found = aws("elasticache").describe_cache_parameters(**request)["Parameters"]
    assert {each["ParameterName"]: each["ParameterValue"] for each in found} == {"timeout": "400"}
    assert parameters.settled()
    parameters.update(parameters=None)
    assert aws("elasticache").describe_cache_parameters(**request)["Parameters"] == []
    assert parameters.settled()


def test_another_family_replaces_a_parameter_group(parameters: Resource) -> None:
    assert parameters.changes(family="valkey7") == {"family": "UPDATE_REPLACE"}


def test_parameters_that_somebody_else_set_are_drift(aws: Client, parameters: Resource) -> None:
    for name, value in (("timeout", "1"), ("tcp-keepalive", "100")):
        aws("elasticache").modify_cache_parameter_group(
            CacheParameterGroupName=parameters.id,
            ParameterNameValues=[{"ParameterName": name, "ParameterValue": value}],
        )
    assert parameters.read() == {"parameters[1].value": "UPDATE", "parameters[2]": "DELETE"}


def test_parameters_drift_also_where_the_program_names_none(program: Program, aws: Client, unique: str) -> None:
    bare = program.up(PARAMETERS, unique, family="valkey8")
    aws("elasticache").modify_cache_parameter_group(
        CacheParameterGroupName=bare.id, ParameterNameValues=[{"ParameterName": "timeout", "ParameterValue": "1"}]
    )
    assert bare.read() == {"parameters": "DELETE"}


def test_a_user_is_made_changed_in_place_and_replaced_under_another_name(aws: Client, user: Resource) -> None:
    assert user.settled()
    assert user.update(accessString="on ~s:* +get") == {"accessString": "UPDATE"}
    user.update(authenticationMode={"type": "iam"})
    found = aws("elasticache").describe_users(UserId=user.id)["Users"][0]
    assert (found["AccessString"], found["Authentication"]["Type"]) == ("on ~s:* +get", "iam")
    assert user.settled()
    user.update(authenticationMode={"type": "no-password-required"})
    assert user.settled()
    assert user.changes(userName="other") == {"userName": "UPDATE_REPLACE"}
    user.delete()
    assert user.gone()


def test_drift_of_a_user_is_read(aws: Client, user: Resource) -> None:
    aws("elasticache").modify_user(UserId=user.id, AccessString="off", AuthenticationMode={"Type": "iam"})
    assert user.read() == {"accessString": "UPDATE", "authenticationMode.type": "UPDATE"}


@pytest.mark.parametrize("args", [{}, {"passwords": [PASSWORD], "authenticationMode": ENTERS_WITH_PASSWORD}])
def test_a_user_enters_in_exactly_one_way(program: Program, args: dict[str, Any]) -> None:
    given = {"userId": "u", "userName": "u", "engine": "valkey", "accessString": "on", **args}
    assert "exactly one of" in program.resource(USER).refusals(given)[0][1]


def test_members_of_a_user_group_are_exchanged_in_place(
    program: Program, aws: Client, users: Resource, unique: str
) -> None:
    assert users.settled()
    other = user_of(program, f"{unique}o")
    users.update(userIds=[other.id])
    found = aws("elasticache").describe_user_groups(UserGroupId=users.id)["UserGroups"][0]
    assert found["UserIds"] == [other.id]
    assert users.settled()
    aws("elasticache").modify_user_group(UserGroupId=users.id, UserIdsToAdd=[unique])
    assert users.read() == {"userIds[1]": "DELETE"}


def test_a_replication_group_is_at_aws_as_the_program_says(aws: Client, standing: Resource) -> None:
    found, first = described(aws, standing), node(aws, standing)
    assert found["Status"] == "available"
    assert (found["AutomaticFailover"], found["MultiAZ"]) == ("enabled", "enabled")
    assert (found["TransitEncryptionEnabled"], found["AtRestEncryptionEnabled"]) == (True, True)
    assert found["KmsKeyId"] == standing.inputs["kmsKeyId"]
    assert found["UserGroupIds"] == standing.inputs["userGroupIds"]
    assert (first["EngineVersion"], first["PreferredMaintenanceWindow"]) == ("8.0", "sun:04:30-sun:05:30")
    assert [each["SecurityGroupId"] for each in first["SecurityGroups"]] == standing.inputs["securityGroupIds"]
    assert len({each["PreferredAvailabilityZone"] for each in found["NodeGroups"][0]["NodeGroupMembers"]}) == 2


def test_a_replication_group_tells_where_it_is_reached_and_settles(aws: Client, standing: Resource) -> None:
    endpoints = described(aws, standing)["NodeGroups"][0]
    assert standing.state["primaryEndpointAddress"] == endpoints["PrimaryEndpoint"]["Address"]
    assert standing.state["readerEndpointAddress"] == endpoints["ReaderEndpoint"]["Address"]
    assert standing.state["memberClusters"] == [f"{standing.id}-001", f"{standing.id}-002"]
    assert standing.state["engineVersionActual"] == "8.0"
    assert standing.state["arn"] == described(aws, standing)["ARN"]
    assert standing.settled()


def test_nodes_are_added_and_taken_away_one_by_one(aws: Client, group: Resource) -> None:
    for nodes in (4, 3):
        assert group.update(numCacheClusters=nodes) == {"numCacheClusters": "UPDATE"}
        assert len(described(aws, group)["MemberClusters"]) == nodes
        assert len(group.state["memberClusters"]) == nodes
        assert group.settled()


def test_settings_of_a_replication_group_change_in_place(aws: Client, group: Resource) -> None:
    for argument, value, member, seen in (
        ("description", "other", "Description", "other"),
        ("nodeType", "cache.m7g.large", "CacheNodeType", "cache.m7g.large"),
        ("snapshotRetentionLimit", 9, "SnapshotRetentionLimit", 9),
        ("snapshotWindow", "05:00-06:00", "SnapshotWindow", "05:00-06:00"),
        ("multiAzEnabled", False, "MultiAZ", "disabled"),
    ):
        assert group.update(**{argument: value}) == {argument: "UPDATE"}
        assert described(aws, group)[member] == seen
    assert group.settled()


def test_settings_of_its_nodes_change_in_place(aws: Client, network: Network, group: Resource) -> None:
    other = network.security_group("other")
    group.update(securityGroupIds=[other], maintenanceWindow="mon:04:30-mon:05:30", engineVersion="8.2")
    found = node(aws, group)
    assert [each["SecurityGroupId"] for each in found["SecurityGroups"]] == [other]
    assert (found["PreferredMaintenanceWindow"], found["EngineVersion"]) == ("mon:04:30-mon:05:30", "8.2")
    assert group.state["engineVersionActual"] == "8.2"
    assert group.settled()


def test_user_groups_of_a_replication_group_are_exchanged(program: Program, aws: Client, group: Resource) -> None:
    other = program.up(USERS, userGroupId=f"{group.id}o", engine="valkey")
    group.update(userGroupIds=[other.id])
    assert described(aws, group)["UserGroupIds"] == [other.id]
    assert group.settled()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"engine": "redis"}, "UPDATE_REPLACE"),
        ({"engineVersion": "7.2"}, "UPDATE_REPLACE"),
        ({"port": 6380}, "UPDATE_REPLACE"),
        ({"kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/other"}, "UPDATE_REPLACE"),
        ({"atRestEncryptionEnabled": False}, "UPDATE_REPLACE"),
        ({"subnetGroupName": "other"}, "UPDATE_REPLACE"),
        ({"numNodeGroups": 3, "numCacheClusters": None}, "ADD"),
    ],
)
def test_what_elasticache_cannot_change_replaces_the_group(group: Resource, changed: dict[str, Any], kind: str) -> None:
    assert group.changes(**changed) == {next(iter(changed)): kind}


def test_arguments_that_only_the_provider_looks_at_change_nothing_at_aws(aws: Client, group: Resource) -> None:
    before = described(aws, group)
    assert group.update(finalSnapshotIdentifier="last", applyImmediately=False) == {
        "applyImmediately": "UPDATE",
        "finalSnapshotIdentifier": "ADD",
    }
    assert described(aws, group) == before


def test_drift_of_a_replication_group_is_read(aws: Client, group: Resource) -> None:
    aws("elasticache").increase_replica_count(ReplicationGroupId=group.id, NewReplicaCount=2, ApplyImmediately=True)
    aws("elasticache").modify_replication_group(ReplicationGroupId=group.id, ReplicationGroupDescription="by hand")
    assert group.read() == {"description": "UPDATE", "numCacheClusters": "UPDATE"}
    assert len(group.state["memberClusters"]) == 3


def test_a_deleted_replication_group_is_gone_with_its_nodes(aws: Client, group: Resource) -> None:
    group.delete()
    assert group.gone()
    left = aws("elasticache").describe_cache_clusters()["CacheClusters"]
    assert group.id not in {each.get("ReplicationGroupId") for each in left}


def test_shards_have_one_address_and_replicas_each(program: Program, aws: Client, unique: str) -> None:
    cluster = program.up(
        GROUP,
        unique,
        description="shards",
        engine="valkey",
        nodeType="cache.t4g.micro",
        numNodeGroups=3,
        replicasPerNodeGroup=1,
        automaticFailoverEnabled=True,
        transitEncryptionEnabled=True,
        authToken=PASSWORD,
    )
    assert cluster.state["configurationEndpointAddress"]
    assert "primaryEndpointAddress" not in cluster.state
    assert cluster.settled()
    cluster.update(replicasPerNodeGroup=2)
    assert {len(each["NodeGroupMembers"]) for each in described(aws, cluster)["NodeGroups"]} == {3}
    cluster.update(authToken=f"{PASSWORD}2")
    assert cluster.settled()


def test_logs_are_delivered_where_the_program_says(program: Program, aws: Client, unique: str) -> None:
    logged = program.up(GROUP, unique, description="d", nodeType="cache.t4g.micro", logDeliveryConfigurations=[SLOW])
    found = described(aws, logged)["LogDeliveryConfigurations"][0]
    assert found["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"] == "log"
    assert logged.settled()


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({}, "nodeType"),
        ({"nodeType": "x", "multiAzEnabled": True}, "multiAzEnabled"),
        ({"nodeType": "x", "automaticFailoverEnabled": True, "numCacheClusters": 1}, "numCacheClusters"),
        ({"nodeType": "x", "userGroupIds": ["u"]}, "userGroupIds"),
        ({"nodeType": "x", "numCacheClusters": 2, "numNodeGroups": 3}, "numNodeGroups"),
        ({"nodeType": "x", "transitEncryptionMode": "maybe"}, "transitEncryptionMode"),
        ({"nodeType": "x", "nodes": 2}, "nodes"),
    ],
)
def test_contradictions_are_refused_at_preview(program: Program, args: dict[str, Any], path: str) -> None:
    assert [each[0] for each in program.resource(GROUP).refusals({"description": "d", **args})] == [path]


AWAY = "eu-central-1"
LARGE = {"engine": "valkey", "nodeType": "cache.m7g.large", "numCacheClusters": 2, "automaticFailoverEnabled": True}


@pytest.fixture
def world(program: Program, unique: str) -> tuple[Resource, Resource, Resource]:
    """A primary, its global datastore, and a secondary in another region."""
    primary = program.up(GROUP, f"{unique}-here", description="d", **LARGE)
    made = program.up(GLOBAL, globalReplicationGroupIdSuffix=unique, primaryReplicationGroupId=primary.id)
    joined = program.up(
        *(GROUP, f"{unique}-away"),
        **{"description": "d", "globalReplicationGroupId": made.id, "numCacheClusters": 2, "region": AWAY},
    )
    return primary, made, joined


def roles(aws: Client, name: str) -> dict[str, str]:
    """The role of each region's member."""
    found = aws("elasticache").describe_global_replication_groups(GlobalReplicationGroupId=name, ShowMemberInfo=True)
    return {each["ReplicationGroupRegion"]: each["Role"] for each in found["GlobalReplicationGroups"][0]["Members"]}


def test_a_global_datastore_is_made_of_a_store_and_another_region_joins(
    world: tuple[Resource, Resource, Resource], aws: Client
) -> None:
    primary, made, joined = world
    assert made.id.startswith("gxeiz-")
    assert all(each.settled() for each in world)
    assert joined.state["nodeType"] == "cache.m7g.large"
    assert roles(aws, made.id) == {REGION: "PRIMARY", AWAY: "SECONDARY"}
    assert primary.read() == {}


def test_a_promotion_outside_of_the_program_exchanges_the_roles(
    world: tuple[Resource, Resource, Resource], aws: Client
) -> None:
    primary, made, joined = world
    client = aws("elasticache", AWAY)
    target = {"PrimaryRegion": AWAY, "PrimaryReplicationGroupId": joined.id}
    client.failover_global_replication_group(GlobalReplicationGroupId=made.id, **target)
    assert roles(aws, made.id) == {REGION: "SECONDARY", AWAY: "PRIMARY"}
    assert (primary.read(), joined.read()) == ({}, {})
    assert made.read() == {"primaryReplicationGroupId": "UPDATE_REPLACE"}  # what GlobalSessionStore ignores


def test_a_secondary_leaves_before_it_is_deleted_and_the_primary_stays(
    world: tuple[Resource, Resource, Resource],
) -> None:
    primary, made, joined = world
    joined.delete()
    assert joined.gone()
    made.delete()
    assert made.gone()
    assert primary.settled()


def test_a_secondary_that_a_failover_let_go_is_deleted_all_the_same(
    world: tuple[Resource, Resource, Resource], aws: Client
) -> None:
    _, made, joined = world
    aws("elasticache").disassociate_global_replication_group(
        GlobalReplicationGroupId=made.id, ReplicationGroupId=joined.id, ReplicationGroupRegion=AWAY
    )
    joined.delete()
    assert joined.gone()


def test_members_and_roles_are_guarded_as_aws_does(
    world: tuple[Resource, Resource, Resource], program: Program, aws: Client, refused: Callable[..., str], unique: str
) -> None:
    primary, made, joined = world
    here, away = aws("elasticache"), aws("elasticache", AWAY)
    whole = {"GlobalReplicationGroupId": made.id}
    assert refused(away.delete_replication_group, ReplicationGroupId=joined.id) == "InvalidReplicationGroupState"
    member = {"ReplicationGroupId": primary.id, "ReplicationGroupRegion": REGION}
    assert refused(here.disassociate_global_replication_group, **whole, **member) == "InvalidParameterValue"
    stranger = {"PrimaryRegion": AWAY, "PrimaryReplicationGroupId": "nobody"}
    assert refused(away.failover_global_replication_group, **whole, **stranger) == "InvalidParameterValue"
    deletion = {**whole, "RetainPrimaryReplicationGroup": True}
    assert refused(here.delete_global_replication_group, **deletion) == "InvalidGlobalReplicationGroupState"
    small = program.up(GROUP, f"{unique}-small", description="d", **{**LARGE, "nodeType": "cache.t4g.small"})
    given = {"GlobalReplicationGroupIdSuffix": "x", "PrimaryReplicationGroupId": small.id}
    assert refused(here.create_global_replication_group, **given) == "InvalidParameterValue"


def test_members_lose_automatic_minor_upgrades_and_are_modified_through_the_datastore_only(
    world: tuple[Resource, Resource, Resource], aws: Client, refused: Callable[..., str]
) -> None:
    primary, made, joined = world
    here, away = aws("elasticache"), aws("elasticache", AWAY)
    for store, client in ((primary, here), (joined, away)):
        change = {"ReplicationGroupId": store.id, "ApplyImmediately": True}
        [group] = client.describe_replication_groups(ReplicationGroupId=store.id)["ReplicationGroups"]
        assert group["AutoMinorVersionUpgrade"] is False
        for settled in ({"AutoMinorVersionUpgrade": True}, {"CacheNodeType": "cache.r7g.large"}):
            assert refused(client.modify_replication_group, **change, **settled) == "InvalidParameterValue"
        assert refused(client.modify_replication_group, **change, SnapshotWindow="01:00-02:00") == ""
    here.modify_global_replication_group(
        GlobalReplicationGroupId=made.id, ApplyImmediately=True, CacheNodeType="cache.r7g.large"
    )
    node = away.describe_cache_clusters(CacheClusterId=f"{joined.id}-001")["CacheClusters"][0]
    assert node["CacheNodeType"] == "cache.r7g.large"


@pytest.mark.parametrize("argument", ["nodeType", "engineVersion", "parameterGroupName", "transitEncryptionMode"])
def test_a_secondary_is_not_told_what_is_its_primarys(program: Program, argument: str) -> None:
    given = {"description": "d", "globalReplicationGroupId": "gxeiz-x", argument: "required"}
    assert argument in [path for path, _ in program.resource(GROUP).refusals(given)]


@pytest.mark.parametrize(
    ("old", "new", "down"),
    [
        ("8.0", "8.2", False),
        ("8.2", "8.0", True),
        ("8.10", "8.2", True),
        ("7.x", "8.0", False),
        ("8.2", "8", False),
        (None, "8.0", False),
    ],
)
def test_a_version_is_older_or_not(old: str | None, new: str, down: bool) -> None:
    assert is_downgrade(old, new) is down


def test_only_the_way_back_from_valkey_needs_another_group() -> None:
    assert leaves_valkey("valkey", "redis")
    assert not leaves_valkey("redis", "valkey")


@pytest.mark.parametrize(("actual", "given"), [("8.2.0", "8.2"), ("7.1.0", "7.1"), ("5.0.6", "5.0.6")])
def test_versions_are_read_as_they_are_given(actual: str, given: str) -> None:
    assert short_version(actual) == given
