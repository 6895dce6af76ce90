"""MemoryDB in the emulated plugin and the emulated AWS: users, groups, clusters, and what joins regions."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client, Network
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

SUBNETS = "aws:memorydb/subnetGroup:SubnetGroup"
PARAMETERS = "aws:memorydb/parameterGroup:ParameterGroup"
USER = "aws:memorydb/user:User"
ACL = "aws:memorydb/acl:Acl"
CLUSTER = "aws:memorydb/cluster:Cluster"
WORLD = "aws:memorydb/multiRegionCluster:MultiRegionCluster"

PASSWORD = "sixteen-or-more-characters"
POLICY = {"name": "maxmemory-policy", "value": "volatile-lru"}
Refused = Callable[..., str]


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


def user_of(program: Program, name: str, **more: Any) -> Resource:
    mode = {"type": "password", "passwords": [PASSWORD]}
    return program.up(
        USER, name, **{"userName": name, "accessString": "on ~* +@all", "authenticationMode": mode, **more}
    )


@pytest.fixture
def user(program: Program, unique: str) -> Resource:
    return user_of(program, unique)


@pytest.fixture
def acl(program: Program, user: Resource) -> Resource:
    return program.up(ACL, f"{user.id}l", userNames=[user.id])


@pytest.fixture
def parameters(program: Program, unique: str) -> Resource:
    wanted = [POLICY, {"name": "timeout", "value": "300"}]
    return program.up(PARAMETERS, unique, family="memorydb_valkey7", parameters=wanted)


def put_up(program: Program, aws: Client, network: Network, name: str, **more: Any) -> Resource:
    """A cluster as the durable session store has it."""
    return program.up(
        CLUSTER,
        name,
        **{
            "description": "sessions",
            "engine": "valkey",
            "engineVersion": "7.2",
            "nodeType": "db.r7g.xlarge",
            "port": 6379,
            "numShards": 1,
            "numReplicasPerShard": 1,
            "subnetGroupName": program.up(SUBNETS, name, subnetIds=network.subnets).id,
            "securityGroupIds": [network.group],
            "aclName": program.up(ACL, name, userNames=[user_of(program, f"{name}u").id]).id,
            "tlsEnabled": True,
            "kmsKeyArn": aws("kms").create_key()["KeyMetadata"]["Arn"],
            "snapshotRetentionLimit": 7,
            "snapshotWindow": "03:00-04:00",
            "maintenanceWindow": "sun:04:30-sun:05:30",
            "tags": {"a": "1"},
            **more,
        },
    )


@pytest.fixture
def cluster(program: Program, aws: Client, network: Network, unique: str) -> Resource:
    return put_up(program, aws, network, unique)


@pytest.fixture(scope="module")
def place(aws: Client) -> Network:
    """A network that no test changes."""
    return Network(aws, "memorydb-standing")


@pytest.fixture(scope="module")
def standing(program: Program, aws: Client, place: Network) -> Resource:
    """A cluster that no test changes."""
    wanted = program.up(PARAMETERS, place.name, family="memorydb_valkey7", parameters=[POLICY]).id
    return put_up(program, aws, place, place.name, parameterGroupName=wanted)


def described(aws: Client, cluster: Resource) -> dict[str, Any]:
    found: dict[str, Any] = aws("memorydb").describe_clusters(ClusterName=cluster.id, ShowShardDetails=True)[
        "Clusters"
    ][0]
    return found


def test_a_subnet_group_is_made_changed_in_place_and_taken_down(
    program: Program, aws: Client, network: Network, unique: str
) -> None:
    subnets = program.up(SUBNETS, unique, subnetIds=network.subnets[:2])
    assert subnets.settled()
    assert subnets.state["vpcId"] == network.vpc
    assert list(subnets.update(subnetIds=network.subnets)) == ["subnetIds[2]"]
    found = aws("memorydb").describe_subnet_groups(SubnetGroupName=subnets.id)["SubnetGroups"][0]
    assert sorted(each["Identifier"] for each in found["Subnets"]) == sorted(network.subnets)
    assert subnets.settled()
    subnets.delete()
    assert subnets.gone()


def test_parameters_are_set_and_reset_in_place(aws: Client, parameters: Resource) -> None:
    assert parameters.settled()
    parameters.update(parameters=[POLICY])
    found = aws("memorydb").describe_parameters(ParameterGroupName=parameters.id)["Parameters"]
    values = {each["Name"]: each["Value"] for each in found}
    assert (values["maxmemory-policy"], values["timeout"]) == ("volatile-lru", "0")
    assert parameters.settled()
    parameters.update(parameters=None)
    assert parameters.settled()


def test_parameters_that_somebody_else_set_are_drift(aws: Client, parameters: Resource) -> None:
    for name, value in (("timeout", "1"), ("tcp-keepalive", "100")):
        aws("memorydb").update_parameter_group(
            ParameterGroupName=parameters.id, ParameterNameValues=[{"ParameterName": name, "ParameterValue": value}]
        )
    assert set((parameters.read() or {}).values()) == {"DELETE", "UPDATE"}


def test_another_family_replaces_a_parameter_group(parameters: Resource) -> None:
    assert parameters.changes(family="memorydb_redis7") == {"family": "UPDATE_REPLACE"}


def test_a_user_is_made_changed_in_place_and_replaced_under_another_name(aws: Client, user: Resource) -> None:
    assert user.settled()
    assert user.update(accessString="on ~s:* +get") == {"accessString": "UPDATE"}
    user.update(authenticationMode={"type": "iam"})
    found = aws("memorydb").describe_users(UserName=user.id)["Users"][0]
    assert (found["AccessString"], found["Authentication"]["Type"]) == ("on ~s:* +get", "iam")
    assert user.settled()
    assert user.changes(userName="other") == {"userName": "UPDATE_REPLACE"}
    user.delete()
    assert user.gone()


def test_users_of_a_list_are_exchanged_in_place_and_drift_is_read(
    program: Program, aws: Client, acl: Resource, unique: str
) -> None:
    assert acl.settled()
    other = user_of(program, f"{unique}o")
    acl.update(userNames=[other.id])
    assert aws("memorydb").describe_acls(ACLName=acl.id)["ACLs"][0]["UserNames"] == [other.id]
    assert aws("memorydb").describe_users(UserName=other.id)["Users"][0]["ACLNames"] == [acl.id]
    assert acl.settled()
    aws("memorydb").update_acl(ACLName=acl.id, UserNamesToAdd=[unique])
    assert acl.read() == {"userNames[1]": "DELETE"}


def test_a_cluster_is_at_aws_as_the_program_says(aws: Client, standing: Resource) -> None:
    found = described(aws, standing)
    assert (found["Status"], found["AvailabilityMode"]) == ("available", "multiaz")
    assert (found["Engine"], found["EngineVersion"], found["NumberOfShards"]) == ("valkey", "7.2", 1)
    assert (found["TLSEnabled"], found["KmsKeyId"]) == (True, standing.inputs["kmsKeyArn"])
    assert found["ACLName"] == standing.inputs["aclName"]
    nodes = found["Shards"][0]["Nodes"]
    assert [node["Name"] for node in nodes] == [f"{standing.id}-0001-001", f"{standing.id}-0001-002"]
    assert len({node["AvailabilityZone"] for node in nodes}) == 2
    assert found["Shards"][0]["Slots"] == "0-16383"


def test_a_cluster_tells_where_it_is_reached_and_settles(aws: Client, standing: Resource) -> None:
    found = described(aws, standing)
    [endpoint] = standing.state["clusterEndpoints"]
    assert (endpoint["address"], endpoint["port"]) == (found["ClusterEndpoint"]["Address"], 6379)
    assert endpoint["address"].startswith("clustercfg.")
    assert [node["name"] for node in standing.state["shards"][0]["nodes"]] == [
        f"{standing.id}-0001-001",
        f"{standing.id}-0001-002",
    ]
    assert standing.state["arn"] == found["ARN"]
    assert standing.settled()


def test_nodes_are_added_and_taken_away(aws: Client, cluster: Resource) -> None:
    for replicas in (2, 1):
        assert cluster.update(numReplicasPerShard=replicas) == {"numReplicasPerShard": "UPDATE"}
        nodes = described(aws, cluster)["Shards"][0]["Nodes"]
        assert len(nodes) == replicas + 1 == len({node["AvailabilityZone"] for node in nodes})
        assert cluster.settled()


def test_settings_of_a_cluster_change_in_place(
    program: Program, aws: Client, network: Network, cluster: Resource, unique: str
) -> None:
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    other = program.up(ACL, f"{unique}o", userNames=[f"{unique}u"])
    for argument, value, member in (
        ("description", "other", "Description"),
        ("nodeType", "db.r7g.2xlarge", "NodeType"),
        ("snapshotRetentionLimit", 9, "SnapshotRetentionLimit"),
        ("maintenanceWindow", "mon:04:30-mon:05:30", "MaintenanceWindow"),
        ("engineVersion", "7.3", "EngineVersion"),
        ("snsTopicArn", topic, "SnsTopicArn"),
        ("aclName", other.id, "ACLName"),
    ):
        assert list(cluster.update(**{argument: value})) == [argument]
        assert described(aws, cluster)[member] == value
        assert cluster.settled()
    group = network.security_group("other")
    cluster.update(securityGroupIds=[group], snsTopicArn=None)
    assert [each["SecurityGroupId"] for each in described(aws, cluster)["SecurityGroups"]] == [group]
    assert cluster.settled()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"engineVersion": "7.1"}, "UPDATE"),  # which MemoryDB refuses then
        ({"port": 6380}, "UPDATE_REPLACE"),
        ({"kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/other"}, "UPDATE_REPLACE"),
        ({"subnetGroupName": "other"}, "UPDATE_REPLACE"),
        ({"autoMinorVersionUpgrade": False}, "UPDATE_REPLACE"),
        ({"multiRegionClusterName": "other", "parameterGroupName": None}, "ADD_REPLACE"),
    ],
)
def test_what_memorydb_cannot_change_replaces_the_cluster(
    standing: Resource, changed: dict[str, Any], kind: str
) -> None:
    assert standing.changes(**changed)[next(iter(changed))] == kind


def test_drift_of_a_cluster_is_read(aws: Client, cluster: Resource) -> None:
    aws("memorydb").update_cluster(
        ClusterName=cluster.id, Description="by hand", ReplicaConfiguration={"ReplicaCount": 2}
    )
    assert cluster.read() == {"description": "UPDATE", "numReplicasPerShard": "UPDATE"}


def test_a_last_snapshot_is_only_the_providers_business(aws: Client, cluster: Resource) -> None:
    before = described(aws, cluster)
    assert cluster.update(finalSnapshotName="last") == {"finalSnapshotName": "ADD"}
    assert described(aws, cluster) == before
    cluster.delete()
    assert cluster.gone()


def test_tags_are_set_and_changed(aws: Client, cluster: Resource) -> None:
    cluster.update(tags={"b": "2"})
    found = aws("memorydb").list_tags(ResourceArn=cluster.state["arn"])["TagList"]
    assert {tag["Key"]: tag["Value"] for tag in found} == {"b": "2", "project": "rehearsed"}


def test_regions_join_one_by_one_and_leave_before_what_they_joined(
    program: Program, aws: Client, network: Network, unique: str, refused: Refused
) -> None:
    world = program.up(
        WORLD, multiRegionClusterNameSuffix=unique, nodeType="db.r7g.xlarge", engine="valkey", numShards=1
    )
    assert world.settled()
    name = world.state["multiRegionClusterName"]
    assert name == world.id
    assert name.endswith(f"-{unique}")
    assert world.state["arn"] == f"arn:aws:memorydb::123456789012:multiregioncluster/{name}"
    member = {"multiRegionClusterName": name, "engineVersion": "7.3"}
    here = put_up(program, aws, network, unique, **member)
    assert here.settled()
    there = {
        "ClusterName": unique,
        "NodeType": "db.r7g.xlarge",
        "ACLName": "open-access",
        "MultiRegionClusterName": name,
    }
    far = aws("memorydb", "eu-central-1")
    subnet = aws("ec2", "eu-central-1").describe_subnets()["Subnets"][0]["SubnetId"]
    far.create_subnet_group(SubnetGroupName=unique, SubnetIds=[subnet])
    joined = far.create_cluster(**there, SubnetGroupName=unique)["Cluster"]
    assert (joined["EngineVersion"], joined["MultiRegionClusterName"]) == ("7.3", name)
    request = {"MultiRegionClusterName": name, "ShowClusterDetails": True}
    found = far.describe_multi_region_clusters(**request)["MultiRegionClusters"][0]
    assert [each["Region"] for each in found["Clusters"]] == [REGION, "eu-central-1"]

    # Size belongs to all: changed at the multi-Region cluster, refused at a member.
    change = {"ClusterName": unique, "NodeType": "db.r7g.2xlarge"}
    assert refused(far.update_cluster, **change) == "InvalidParameterCombinationException"
    aws("memorydb").update_multi_region_cluster(MultiRegionClusterName=name, NodeType="db.r7g.2xlarge")
    assert described(aws, here)["NodeType"] == "db.r7g.2xlarge"

    away = aws("memorydb").delete_multi_region_cluster
    assert refused(away, MultiRegionClusterName=name) == "InvalidMultiRegionClusterStateFault"
    here.delete()
    assert refused(far.delete_cluster, ClusterName=unique) == "InvalidParameterCombinationException"
    # The others are updating after that; the real provider doesn't wait for it.
    last = {"ClusterName": unique, "MultiRegionClusterName": name}
    assert refused(far.delete_cluster, **last) == "InvalidClusterStateFault"
    while far.describe_multi_region_clusters(**request)["MultiRegionClusters"][0]["Status"] == "updating":
        time.sleep(0.1)
    far.delete_cluster(**last)
    world.delete()
    assert world.gone()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"multiRegionClusterNameSuffix": "other"}, "UPDATE_REPLACE"),
        ({"tlsEnabled": False}, "ADD_REPLACE"),
        ({"engine": "redis"}, "UPDATE"),  # the real provider sends nothing, so that it differs again
        ({"nodeType": "db.r7g.2xlarge"}, "UPDATE_REPLACE"),  # MemoryDB scales in place, the real provider doesn't
    ],
)
def test_what_joins_regions_is_replaced_where_the_real_provider_does(
    program: Program, unique: str, changed: dict[str, Any], kind: str
) -> None:
    world = program.up(WORLD, multiRegionClusterNameSuffix=unique, nodeType="db.r7g.xlarge", engine="valkey")
    assert world.changes(**changed)[next(iter(changed))] == kind


def test_what_joins_regions_is_refused_in_other_sizes_versions_and_regions(
    aws: Client, unique: str, refused: Refused
) -> None:
    given = {"MultiRegionClusterNameSuffix": unique, "NodeType": "db.r7g.xlarge"}
    make = aws("memorydb").create_multi_region_cluster
    for wrong in ({"NodeType": "db.r7g.large"}, {"EngineVersion": "7.2"}, {"Engine": "redis"}):
        assert refused(make, **{**given, **wrong}) == "InvalidParameterValueException"
    assert (
        refused(aws("memorydb", "eu-north-1").create_multi_region_cluster, **given) == "InvalidParameterValueException"
    )


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ACLName": "none"}, "ACLNotFoundFault"),
        ({"SubnetGroupName": "none"}, "SubnetGroupNotFoundFault"),
        ({"ParameterGroupName": "none"}, "ParameterGroupNotFoundFault"),
        ({"MultiRegionClusterName": "none"}, "MultiRegionClusterNotFoundFault"),
        ({"NodeType": "cache.m7g.large"}, "InvalidParameterValueException"),
        ({"EngineVersion": "6.0"}, "InvalidParameterValueException"),
        ({"SecurityGroupIds": ["sg-none"]}, "InvalidParameterValueException"),
        ({"KmsKeyId": "none"}, "InvalidParameterValueException"),
        ({"TLSEnabled": False}, "InvalidParameterCombinationException"),
    ],
)
def test_a_cluster_of_what_there_is_not_is_refused(
    aws: Client, standing: Resource, unique: str, wrong: dict[str, Any], code: str, refused: Refused
) -> None:
    given = {"ClusterName": f"{unique}o", "NodeType": "db.r7g.large", "Engine": "valkey"}
    given |= {"ACLName": standing.inputs["aclName"], "SubnetGroupName": standing.inputs["subnetGroupName"]}
    assert refused(aws("memorydb").create_cluster, **{**given, **wrong}) == code


def test_what_a_cluster_stands_on_stays(aws: Client, place: Network, standing: Resource, refused: Refused) -> None:
    memorydb, inputs = aws("memorydb"), standing.inputs
    assert refused(memorydb.delete_acl, ACLName=inputs["aclName"]) == "InvalidACLStateFault"
    given = {"SubnetGroupName": inputs["subnetGroupName"]}
    assert refused(memorydb.delete_subnet_group, **given) == "SubnetGroupInUseFault"
    given = {"ParameterGroupName": inputs["parameterGroupName"]}
    assert refused(memorydb.delete_parameter_group, **given) == "InvalidParameterGroupStateFault"
    assert refused(aws("ec2").delete_security_group, GroupId=place.group) == "DependencyViolation"
    assert refused(aws("ec2").delete_subnet, SubnetId=place.subnets[0]) == "DependencyViolation"


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"tlsEnabled": False, "aclName": "own"}, "tlsEnabled"),
        ({"multiRegionClusterName": "m", "parameterGroupName": "p"}, "parameterGroupName"),
        ({"name": "x" * 41}, "name"),
        ({"name": "two--hyphens"}, "name"),
        ({"nodes": 2}, "nodes"),
    ],
)
def test_contradictions_are_refused_at_preview(program: Program, args: dict[str, Any], path: str) -> None:
    given = {"aclName": "open-access", "nodeType": "db.r7g.large", **args}
    assert [each[0] for each in program.resource(CLUSTER).refusals(given)] == [path]
