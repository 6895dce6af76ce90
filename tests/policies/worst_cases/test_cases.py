"""The worst cases of foreign programs: the sums, and what nobody can tell."""

from typing import Any

import pytest
from resilience.resource import Resource, Stack
from resilience.worst_cases.cases import cases
from resilience.worst_cases.terms import EVERYTHING, Case, Term, duration

from tests.policies.judged import UNKNOWN, resource

GROUP = "autoscaling/group:Group"
ZONES = [resource("ec2/subnet:Subnet", zone, availabilityZone=zone) for zone in ("eu-west-1a", "eu-west-1b")]
QUICK = {"interval": 10.0, "unhealthyThreshold": 2.0, "timeout": 5.0}


def served(minimum: float, zones: int = 2, **health: Any) -> list[Resource]:
    """A group behind a target group, in so many zones."""
    targets = resource("lb/targetGroup:TargetGroup", "web", healthCheck={**QUICK, **health}, protocol="HTTP")
    subnets = ZONES[:zones]
    links = {"targetGroupArns": [targets], "vpcZoneIdentifiers": subnets}
    return [*ZONES, targets, resource(GROUP, "web", links=links, minSize=minimum, vpcZoneIdentifiers=[UNKNOWN] * zones)]


def case(lost: str, *resources: Resource) -> Case:
    """The worst case of this name."""
    [found] = [each for each in cases(Stack(resources)) if each.lost == lost]
    return found


@pytest.mark.parametrize(
    ("resources", "seconds"),
    [
        (served(2), 25),
        (served(2, interval=30.0, unhealthyThreshold=5.0), 155),
        (served(1), 325),
    ],
)
def test_a_lost_server_takes_its_health_checks_and_a_new_one_where_it_was_the_only_one(
    resources: list[Resource], seconds: float
) -> None:
    assert case("a server", *resources).seconds == seconds


def test_a_server_that_no_group_replaces_waits_for_somebody() -> None:
    targets = resource("lb/targetGroup:TargetGroup", "web")
    server = resource("ec2/instance:Instance", "web")
    attached = resource(
        "lb/targetGroupAttachment:TargetGroupAttachment",
        links={"targetGroupArn": [targets], "targetId": [server]},
    )

    found = case("a server", targets, server, attached)

    assert found.seconds is None
    assert "cannot tell how long it is down: somebody replaces the only server behind web" in str(found)


def test_a_lost_zone_takes_the_slowest_of_what_comes_back_beside_each_other() -> None:
    cluster = resource("rds/cluster:Cluster", "shop")
    instances = [
        resource("rds/clusterInstance:ClusterInstance", name, links={"clusterIdentifier": [cluster]}) for name in "ab"
    ]

    found = case("a zone", *served(2), cluster, *instances)

    assert found.seconds == 60
    assert str(found) == ("loss of a zone: down 1 m = the database shop fails over (1 m, assumed); data lost: none")


@pytest.mark.parametrize(
    ("store", "seconds", "lost"),
    [
        (resource("rds/instance:Instance", "shop", multiAz=True), 120, None),
        (resource("rds/instance:Instance", "shop", backupRetentionPeriod=7.0), None, 300),
        (resource("rds/instance:Instance", "shop"), None, EVERYTHING),
        (resource("rds/cluster:Cluster", "shop"), 600, None),
        (
            resource(
                "elasticache/replicationGroup:ReplicationGroup",
                "carts",
                numCacheClusters=2.0,
                automaticFailoverEnabled=True,
            ),
            30,
            1,
        ),
        (resource("elasticache/replicationGroup:ReplicationGroup", "carts", numCacheClusters=1.0), None, EVERYTHING),
        (resource("memorydb/cluster:Cluster", "carts", numReplicasPerShard=1.0), 30, None),
        (resource("elasticache/cluster:Cluster", "pages", engine="memcached"), None, EVERYTHING),
        (resource("efs/fileSystem:FileSystem", "files", availabilityZoneName="eu-west-1a"), None, EVERYTHING),
    ],
    ids=lambda value: value.type.split(":")[-1] if isinstance(value, Resource) else str(value),
)
def test_a_store_comes_back_as_it_is_made(store: Resource, seconds: float | None, lost: float | None) -> None:
    found = case("a zone", store)

    assert found.seconds == seconds
    assert (found.worst_loss.seconds if found.worst_loss else None) == lost


def test_a_fleet_in_one_zone_is_down_until_it_is_in_another() -> None:
    assert case("a zone", *served(2, zones=1)).seconds == 325


def failover(**check: Any) -> list[Resource]:
    """Balancers of two regions behind a pair of records."""
    checked = resource("route53/healthCheck:HealthCheck", "site", requestInterval=10.0, failureThreshold=3.0, **check)
    made = [checked]
    for role, region in (("PRIMARY", "eu-west-1"), ("SECONDARY", "eu-central-1")):
        balancer = resource("lb/loadBalancer:LoadBalancer", region, provider={"region": region})
        links = {"aliases": [balancer], **({"healthCheckId": [checked]} if role == "PRIMARY" else {})}
        record = resource(
            "route53/record:Record",
            role,
            links=links,
            type="A",
            name="www.example.com",
            zoneId="Z1",
            failoverRoutingPolicies=[{"type": role}],
        )
        made += [balancer, record]
    return made


def test_a_lost_region_takes_the_checks_of_its_name_and_its_ttl() -> None:
    found = case("a region", *served(2), *failover())

    assert found.seconds == 90
    assert "3 health checks of site at 10 s (30 s)" in str(found)


def test_a_follower_that_somebody_must_promote_has_no_end() -> None:
    follower = resource("rds/cluster:Cluster", "there", globalClusterIdentifier="world")

    assert case("a region", *served(2), *failover(), follower).seconds is None


def test_without_another_region_somebody_builds_the_site_anew() -> None:
    found = case("a region", *served(2))

    assert found.seconds is None
    assert "no failover record leads to another region" in str(found)


def copied(destination: str | None) -> list[Resource]:
    """A bucket that a plan backs up each day, and copies."""
    bucket = resource("s3/bucket:Bucket", "pictures")
    copies = (
        [{"destinationVaultArn": f"arn:aws:backup:{destination}:111122223333:backup-vault:v"}] if destination else []
    )
    plan = resource("backup/plan:Plan", rules=[{"schedule": "cron(0 5 * * ? *)", "copyActions": copies}])
    return [bucket, plan, resource("backup/selection:Selection", links={"planId": [plan]}, resources=["*"])]


@pytest.mark.parametrize(
    ("destination", "lost"), [("eu-central-1", 86_400), ("eu-west-1", EVERYTHING), (None, EVERYTHING)]
)
def test_what_a_region_takes_along_is_what_its_copies_lack(destination: str | None, lost: float) -> None:
    found = case("a region", *copied(destination)).worst_loss

    assert found
    assert found.seconds == lost


def test_what_needs_no_backup_is_no_loss() -> None:
    logs = resource("s3/bucket:Bucket", "logs", tags={"backup": "no: logs"})

    assert case("a region", *served(2), logs).worst_loss is None


def test_a_stack_that_serves_and_keeps_nothing_has_no_worst_case() -> None:
    assert list(cases(Stack([resource("ec2/vpc:Vpc")]))) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (90, "1 m 30 s"), (86_400, "1 d"), (EVERYTHING, "everything"), (None, "cannot tell")],
)
def test_a_duration_is_read_at_a_glance(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_an_assumed_term_is_marked() -> None:
    assert str(Term("the store fails over", 30, assumed=True)) == "the store fails over (30 s, assumed)"
