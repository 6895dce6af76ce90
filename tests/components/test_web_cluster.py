"""WebCluster: the wiring of its blocks."""

import base64
from typing import Any, cast

import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.database.args import DatabaseArgs
from ha_web.fleet.fleet import FleetArgs
from ha_web.load_balancer.load_balancer import LoadBalancerArgs
from ha_web.network.network import NetworkArgs
from ha_web.sessions.elasticache import SessionStoreArgs
from ha_web.sessions.memorydb import DurableSessionStoreArgs
from ha_web.storage.shared_storage import SharedStorageArgs
from ha_web.web_cluster import WebCluster
from ha_web.web_cluster_args import (
    WebClusterArgs,
    WebDatabaseArgs,
    WebDurableSessionsArgs,
    WebFleetArgs,
    WebLoadBalancerArgs,
    WebNetworkArgs,
    WebSessionsArgs,
    WebStorageArgs,
)

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/12345678-1234-1234-1234-123456789012"
RANDOM_PASSWORD = "aws:secretsmanager/getRandomPassword:getRandomPassword"
ANSWERS = {RANDOM_PASSWORD: {"randomPassword": "x" * 64, "id": "random"}}
GROUP = "aws:autoscaling/group:Group"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def arguments(region: str | None = "eu-west-1", **blocks: dict[str, Any]) -> WebClusterArgs:
    full: dict[str, Any] = {
        "network": {"cidr": "10.0.0.0/16"},
        "load_balancer": {"certificate_arn": CERTIFICATE.format(region or "us-east-1")},
        "fleet": {"instance_type": "t4g.small", "start_script": "#!/bin/bash\necho hello\n"},
        "region": region,
    }
    for block, extra in blocks.items():
        full[block] = {**full.get(block, {}), **extra}
    return cast(WebClusterArgs, full)


def cluster(**blocks: Any) -> Made[WebCluster]:
    return make(lambda: WebCluster("web", arguments(**blocks)), answers=ANSWERS)


def settings_of(made: Made[WebCluster]) -> dict[str, str]:
    text = base64.b64decode(made.one(TEMPLATE)["userData"]).decode()
    lines = text.split("'HA_WEB_ENVIRONMENT'\n")[1].split("HA_WEB_ENVIRONMENT\n")[0].splitlines()
    return {name: value.strip('"') for name, value in (line.split("=", 1) for line in lines)}


def test_each_block_stands_in_its_own_tier_of_subnets() -> None:
    made = cluster()
    assert made.one("aws:lb/loadBalancer:LoadBalancer")["subnets"] == made.outputs["public_subnet_ids"]
    assert made.one(GROUP)["vpcZoneIdentifiers"] == made.outputs["server_subnet_ids"]
    assert made.one("aws:elasticache/subnetGroup:SubnetGroup")["subnetIds"] == made.outputs["data_subnet_ids"]
    assert len({*made.outputs["public_subnet_ids"], *made.outputs["data_subnet_ids"]}) == 6


def test_zones_are_asked_whether_they_offer_the_types_of_servers_and_data() -> None:
    made = cluster(fleet={"instance_type": "m7g.large"}, **STATE)
    [call] = [call for call in made.calls if call.token == "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings"]
    assert call.args["filters"] == [{"name": "instance-type", "values": ["m7g.large", "r7g.large"]}]


def test_the_fleet_serves_the_balancers_target_group_and_counts_its_requests() -> None:
    made = cluster()
    target_group = made.one("aws:lb/targetGroup:TargetGroup")
    assert made.one(GROUP)["targetGroupArns"] == [target_group.state["arn"]]
    requests = made.named("web-requests-target")["targetTrackingConfiguration"]["predefinedMetricSpecification"]
    assert requests["resourceLabel"].endswith(target_group.state["arnSuffix"])


def test_only_the_balancer_reaches_the_servers_and_only_the_servers_reach_the_store() -> None:
    made = cluster()
    into = made.named("web-servers-from-balancer")
    assert into["referencedSecurityGroupId"] == made.outputs["load_balancer_security_group_id"]
    [interface] = made.one(TEMPLATE)["networkInterfaces"]
    assert interface["securityGroups"] == [
        made.outputs["server_security_group_id"],
        made.outputs["session_client_security_group_id"],
    ]


def test_the_application_learns_where_its_sessions_are_but_not_the_password() -> None:
    made = cluster(fleet={"environment": {"COLOUR": "blue"}})
    assert settings_of(made) == {
        "COLOUR": "blue",
        "HA_WEB_REGION": "eu-west-1",
        "PORT": "8080",
        "SESSION_HOST": made.outputs["session_endpoint"],
        "SESSION_PORT": "6379",
        "SESSION_SECRET_ARN": made.outputs["session_secret_arn"],
        "SESSION_USER": "sessions",
    }
    assert "x" * 64 not in base64.b64decode(made.one(TEMPLATE)["userData"]).decode()


def test_servers_may_read_the_sessions_secret_and_what_else_they_are_given() -> None:
    made = cluster(fleet={"secret_arns": ["arn:secret"], "key_arns": ["arn:key"]})
    policy = made.named("web-secrets")["policy"]
    for arn in ("arn:secret", "arn:key", made.outputs["session_secret_arn"], made.outputs["session_key_arn"]):
        assert f'"{arn}"' in policy


def test_servers_that_always_run_keep_the_region_in_dns_when_many_are_launched_at_once() -> None:
    made = cluster(fleet={"minimum": 3, "maximum": 36})
    health = made.one("aws:lb/targetGroup:TargetGroup")["targetGroupHealth"]
    assert health["dnsFailover"]["minimumHealthyTargetsPercentage"] == "8"


def test_one_port_is_told_to_balancer_servers_and_application() -> None:
    made = cluster(load_balancer={"target_port": 9000})
    assert made.one("aws:lb/targetGroup:TargetGroup")["port"] == 9000
    assert made.named("web-servers-from-balancer")["toPort"] == 9000
    assert settings_of(made)["PORT"] == "9000"


def test_tls_to_the_servers_goes_to_its_own_port_and_the_application_keeps_its_own() -> None:
    tls = {"fleet": {"application": {**RELEASE, "tls_port": 8443}, "start_script": None}}
    offered = cluster(**tls)
    assert offered.one("aws:lb/targetGroup:TargetGroup")["port"] == 8080
    used = cluster(**tls, load_balancer={"tls_to_servers": True})
    group = used.one("aws:lb/targetGroup:TargetGroup")
    assert (group["port"], group["protocol"]) == (8443, "HTTPS")
    assert settings_of(used)["PORT"] == "8080"
    assert used.named("web-servers-from-balancer-tls")["toPort"] == 8443


RELEASE: dict[str, Any] = {
    "bucket_name": "releases",
    "object_key": "release.tar",
    "version_id": "v1",
    "digest": "d" * 64,
}


@pytest.mark.parametrize(("drain", "idle"), [(None, 60), (10, 60), (600, 600)])
def test_an_application_with_long_requests_gets_its_time_at_balancer_and_servers(drain: int | None, idle: int) -> None:
    application = RELEASE if drain is None else {**RELEASE, "drain_seconds": drain}
    made = cluster(fleet={"start_script": None, "application": application})
    assert made.one("aws:lb/targetGroup:TargetGroup")["deregistrationDelay"] == (drain or 30)
    assert made.one("aws:lb/loadBalancer:LoadBalancer")["idleTimeout"] == idle
    told = settings_of(made)
    assert (told["KEEP_ALIVE_SECONDS"], told["STOP_SECONDS"]) == (str(idle + 15), str((drain or 30) + 60))


def test_a_balancers_own_times_hold() -> None:
    balancer = {"deregistration_delay": 5, "idle_timeout": 100}
    made = cluster(
        fleet={"start_script": None, "application": {**RELEASE, "drain_seconds": 600}}, load_balancer=balancer
    )
    assert made.one("aws:lb/targetGroup:TargetGroup")["deregistrationDelay"] == 5
    assert settings_of(made)["KEEP_ALIVE_SECONDS"] == "115"


def test_more_zones_make_a_larger_minimum() -> None:
    assert cluster(network={"zones": 2}).one(GROUP)["minSize"] == 2
    assert cluster(network={"zones": 3}).one(GROUP)["minSize"] == 3


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_behind_a_network_load_balancer_only_cpu_is_followed(protocol: str) -> None:
    block = {"protocol": protocol, "port": 5000, "certificate_arn": None}
    made = cluster(load_balancer=block, fleet={"requests_per_target": 500})
    assert [policy.name for policy in made.all("aws:autoscaling/policy:Policy")] == ["web-cpu-target"]
    into = made.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    to_servers = {rule["ipProtocol"] for rule in into if rule.name.startswith("web-servers-from-balancer")}
    assert to_servers == {"tcp", protocol}


def test_settings_of_a_block_reach_it() -> None:
    made = cluster(
        network={"nat": "one"},
        load_balancer={"deletion_protection": False, "health_check": {"path": "/up"}},
        fleet={"minimum": 4, "maximum": 5},
        sessions={"nodes": 3},
    )
    assert len(made.all("aws:ec2/natGateway:NatGateway")) == 1
    assert made.one("aws:lb/loadBalancer:LoadBalancer")["enableDeletionProtection"] is False
    assert made.one("aws:lb/targetGroup:TargetGroup")["healthCheck"]["path"] == "/up"
    assert (made.one(GROUP)["minSize"], made.one(GROUP)["maxSize"]) == (4, 5)
    assert made.one("aws:elasticache/replicationGroup:ReplicationGroup")["numCacheClusters"] == 3


def test_blocks_are_the_clusters_own_and_share_its_name_and_tags() -> None:
    made = make(lambda: WebCluster("web", {**arguments(), "tags": {"team": "shop"}}), answers=ANSWERS)
    others = ("ha-web:index:WebCluster", "ha-web:index:Release")  # the fleet has its Release
    blocks = [r for r in made.resources if r.is_component and r.type not in others]
    assert {(block.name, block.parent) for block in blocks} == {("web", made.outputs["urn"])}
    assert len(blocks) == 4
    untagged = [
        c.name for c in made.children if "tags" in c and isinstance(c["tags"], dict) and "team" not in c["tags"]
    ]
    assert untagged == []


def test_region_reaches_every_child_and_call() -> None:
    assert_region_reaches_everything(lambda region: WebCluster("web", arguments(region)), answers=ANSWERS)


def test_outputs_are_registered() -> None:
    made = cluster()
    given = {key: made.outputs[key] for key in WebCluster.__annotations__}
    absent = {key for key, value in given.items() if value is None}
    assert absent == {
        *("web_acl_arn", "database_arn", "database_endpoint", "database_secret_arn"),
        *("database_client_security_group_id", "file_system_id", "access_point_id"),
    }
    assert {**made.registered[made.outputs["urn"]], **dict.fromkeys(absent)} == given


STATE = {"database": {}, "storage": {"key_arn": "arn:key"}}


def test_a_database_and_a_file_system_stand_in_the_data_subnets_and_servers_reach_them() -> None:
    made = cluster(**STATE)
    assert made.one("aws:rds/subnetGroup:SubnetGroup")["subnetIds"] == made.outputs["data_subnet_ids"]
    mounts = made.all("aws:efs/mountTarget:MountTarget")
    assert sorted(mount["subnetId"] for mount in mounts) == sorted(made.outputs["data_subnet_ids"])
    [interface] = made.one(TEMPLATE)["networkInterfaces"]
    assert len(interface["securityGroups"]) == 4
    assert made.outputs["database_client_security_group_id"] in interface["securityGroups"]
    assert made.outputs["database_secret_arn"] in made.named("web-secrets")["policy"]
    told = settings_of(made)
    assert told["DATABASE_HOST"] == made.outputs["database_endpoint"]
    assert told["DATABASE_SECRET_ARN"] == made.outputs["database_secret_arn"]
    assert told["STORAGE_FILE_SYSTEM"] == made.outputs["file_system_id"]
    assert told["STORAGE_ACCESS_POINT"] == made.outputs["access_point_id"]


def test_servers_of_two_regions_that_write_try_the_writer_then_the_readers_whichever_region_is_the_primary() -> None:
    made = cluster(database={"write_forwarding": True})
    writer, readers = made.outputs["database_endpoint"], settings_of(made)["DATABASE_READER_HOST"]
    assert settings_of(made)["DATABASE_HOST"] == f"{writer},{readers}"
    assert writer != readers


def test_durable_sessions_take_the_place_of_the_usual_ones() -> None:
    made = cluster(durable_sessions={"nodes": 3})
    assert not made.all("aws:elasticache/replicationGroup:ReplicationGroup")
    assert made.one("aws:memorydb/cluster:Cluster")["subnetGroupName"]
    assert "SESSION_EXPIRY" not in settings_of(made)
    assert made.outputs["session_reader_endpoint"] is None


def test_the_application_ends_sessions_itself_where_the_store_has_no_ttl() -> None:
    made = cluster(durable_sessions={"multi_region_cluster_name": "virxk-sessions", "node_type": "db.r7g.xlarge"})
    assert settings_of(made)["SESSION_EXPIRY"] == "application"


def test_it_previews_before_anything_exists() -> None:
    made = make(lambda: WebCluster("web", arguments()), answers=ANSWERS, preview=True)
    assert made.outputs["load_balancer_dns_name"] is None
    assert made.one(GROUP)["minSize"] == 3


def test_two_clusters_stand_side_by_side() -> None:
    def build() -> None:
        WebCluster("primary", arguments("eu-west-1"))
        WebCluster("standby", arguments("eu-central-1"))

    made = make(build, answers=ANSWERS)
    assert {group["region"] for group in made.all(GROUP)} == {"eu-west-1", "eu-central-1"}


@pytest.mark.parametrize(
    ("nested", "block", "wired"),
    [
        (WebNetworkArgs, NetworkArgs, {"instance_types", "node_types"}),
        (WebLoadBalancerArgs, LoadBalancerArgs, {"vpc_id", "subnet_ids", "dns_failover_percent"}),
        (
            WebFleetArgs,
            FleetArgs,
            {
                *("vpc_id", "subnet_ids", "zones", "load_balancer_security_group_id", "target_group_arns"),
                *("target_port", "target_protocol", "request_count_label"),
            },
        ),
        (WebSessionsArgs, SessionStoreArgs, {"vpc_id", "subnet_ids"}),
        (WebDurableSessionsArgs, DurableSessionStoreArgs, {"vpc_id", "subnet_ids"}),
        (WebDatabaseArgs, DatabaseArgs, {"vpc_id", "subnet_ids"}),
        (WebStorageArgs, SharedStorageArgs, {"vpc_id", "subnet_ids", "zone_ids"}),
    ],
)
def test_a_block_takes_what_its_component_takes_but_for_what_the_cluster_wires(
    nested: type, block: type, wired: set[str]
) -> None:
    own = {key: hint for key, hint in block.__annotations__.items() if key not in {*wired, "region", "tags"}}
    assert nested.__annotations__ == own


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        ({"network": {"zones": 1}}, 'Network "web": zones is 1; surviving a zone needs at least 2'),
        ({"fleet": {"minimum": 1}}, 'Fleet "web": minimum is 1; surviving a zone needs at least 2'),
        ({"sessions": {"nodes": 1}}, 'SessionStore "web": '),
        (
            {"sessions": {}, "durable_sessions": {}},
            'WebCluster "web": sessions and durable_sessions are both given; a cluster has one session store',
        ),
        ({"load_balancer": {"certificate_arn": None}}, 'LoadBalancer "web": certificate_arn is missing'),
        ({"fleet": {"vpc_id": "vpc-1"}}, 'WebCluster "web": fleet.vpc_id is unknown'),
        (
            {"load_balancer": {"healthcheck": {}}},
            "load_balancer.healthcheck is unknown; the nearest known one is health_",
        ),
        (
            {"fleet": {"environment": {"SESSION_HOST": "x"}}},
            "fleet.environment.SESSION_HOST is given; the cluster sets it",
        ),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(blocks: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        cluster(**blocks)
    assert line in str(error.value)


RESTORED = {"r1": {"restored_from": {"time": "2026-11-29T10:15:00Z"}}}
DATABASE = "aws:rds/cluster:Cluster"


def test_a_restored_database_is_made_beside_the_first_which_serves_until_it_is_told_otherwise() -> None:
    known = {DATABASE: {"endpoint": "a", "readerEndpoint": "b", "clusterIdentifier": "first"}}
    made = make(lambda: WebCluster("web", arguments(**RESTORES)), answers=ANSWERS, outputs=known)
    first, restored = made.named("web-database-cluster"), made.named("web-database-r1-cluster")
    assert restored["restoreToPointInTime"]["sourceClusterIdentifier"] == "first"
    assert {first["region"], restored["region"]} == {"eu-west-1"}
    assert restored["dbSubnetGroupName"] != first["dbSubnetGroupName"]
    assert settings_of(made)["DATABASE_SECRET_ARN"] == made.outputs["database_secret_arn"]
    served = make(
        lambda: WebCluster("web", cast(WebClusterArgs, {**arguments(**RESTORES), "serving_database": "r1"})),
        answers=ANSWERS,
        outputs=known,
    )
    assert {each.name for each in served.all(DATABASE)} == {"web-database-cluster", "web-database-r1-cluster"}
    unchanged = served.named("web-database-cluster").inputs
    assert unchanged == first.inputs  # what served is neither replaced nor changed
    assert served.result.database is served.result.databases["r1"]


RESTORES: dict[str, Any] = {"database": {}, "restored_databases": RESTORED}


def test_servers_may_use_both_databases_until_they_are_replaced() -> None:
    made = cluster(**RESTORES)
    used = str(made.one(TEMPLATE).inputs)
    clients = [group for group in made.all("aws:ec2/securityGroup:SecurityGroup") if group.name.endswith("-clients")]
    of_databases = {group.name for group in clients if "database" in group.name and f"'{group.id}'" in used}
    assert of_databases == {"web-database-clients", "web-database-r1-clients"}


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"restored_databases": {"R-1": {"restored_from": {"snapshot_arn": "arn"}}}}, "1 to 10 lower-case letters"),
        ({"restored_databases": {"r1": {}}}, "restored_databases.r1 has no restored_from"),
        ({"restored_databases": RESTORED, "serving_database": "r2"}, 'serving_database is "r2"'),
    ],
)
def test_a_restored_database_that_cannot_serve_is_refused(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError, match=line):
        make(lambda: WebCluster("web", cast(WebClusterArgs, {**arguments(database={}), **args})), answers=ANSWERS)
