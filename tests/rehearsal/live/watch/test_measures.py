"""From what was measured to metrics as AWS names them."""

from collections.abc import Iterable
from typing import Any

from rehearsal.live.balancers.measured import BalancerMeasured, GroupMeasured, Measured
from rehearsal.live.balancers.stats import Counts
from rehearsal.live.watch import measures
from rehearsal.live.watch.data import Datum

LB, TG = "app/lb/1", "targetgroup/tg/2"


def measured(*, requests: int = 0, own: int = 0, bad: int = 0, healthy: tuple[int, int] = (1, 2)) -> Measured:
    """Two zones: all requests go through the first."""
    nodes = tuple(
        BalancerMeasured("eu-west-1", zone, LB, "application", r, o, (0, 0, 0, 0), 0)
        for zone, r, o in (("a", requests, own), ("b", 0, 0))
    )
    groups = tuple(
        GroupMeasured("eu-west-1", zone, LB, TG, h, 1, Counts(r, (0, 0, 0, b)), 0.25)
        for zone, h, r, b in (("a", healthy[0], requests, bad), ("b", healthy[1], 0, 0))
    )
    return Measured(nodes, groups)


def values(found: Iterable[Datum], name: str) -> dict[str, float]:
    """A metric's values by the names and values of its dimensions, without the balancer's."""
    return {
        " ".join(f"{k}={v}" for k, v in sorted(each.dimensions) if k != "LoadBalancer"): each.value
        for each in found
        if each.name == name
    }


def test_hosts_are_counted_by_zone_and_together() -> None:
    found = measures.balancers(measured(), measures.Counters())
    healthy = values(found, "HealthyHostCount")
    assert healthy == {
        f"AvailabilityZone=a TargetGroup={TG}": 1,
        f"AvailabilityZone=b TargetGroup={TG}": 2,
        f"TargetGroup={TG}": 3,
    }
    assert values(found, "UnHealthyHostCount")[f"TargetGroup={TG}"] == 2


def test_counters_tell_what_was_added_and_nothing_the_first_time() -> None:
    counters = measures.Counters()
    assert values(measures.balancers(measured(requests=100), counters), "RequestCount") == {}
    found = measures.balancers(measured(requests=160, own=6, bad=3), counters)
    assert values(found, "RequestCount") == {
        "": 60,
        "AvailabilityZone=a": 60,
        f"AvailabilityZone=a TargetGroup={TG}": 60,
        f"TargetGroup={TG}": 60,
    }
    assert values(found, "HTTPCode_ELB_5XX_Count")[""] == 6
    assert values(found, "HTTPCode_Target_5XX_Count")[f"TargetGroup={TG}"] == 3
    assert values(found, "TargetResponseTime")[f"TargetGroup={TG}"] == 0.25


def test_a_counter_that_begins_anew_counts_from_nothing() -> None:
    counters = measures.Counters()
    assert [counters.added(("n",), now) for now in (100, 150, 20, 25)] == [0, 50, 20, 5]


def test_requests_are_shared_by_the_healthy_targets() -> None:
    counters = measures.Counters()
    measures.balancers(measured(), counters)
    found = measures.balancers(measured(requests=90), counters)
    assert values(found, "RequestCountPerTarget")[f"TargetGroup={TG}"] == 30
    nobody = measures.balancers(measured(requests=180, healthy=(0, 0)), counters)
    assert values(nobody, "RequestCountPerTarget") == {}


def test_processors_of_servers_and_their_group() -> None:
    server: dict[str, Any] = {"id": "i-1", "region": "eu-west-1", "group": "g", "cpu": 0.4, "state": "running"}
    lost = {**server, "id": "i-2", "state": "lost"}
    found = measures.servers({"servers": [server, lost]})
    assert values(found, "CPUUtilization") == {"InstanceId=i-1": 40, "AutoScalingGroupName=g": 40}


def test_groups_report_what_they_collect() -> None:
    group = {
        "AutoScalingGroupName": "g",
        "DesiredCapacity": 3,
        "Instances": [{"LifecycleState": "InService"}, {"LifecycleState": "Pending:Wait"}],
        "EnabledMetrics": [{"Metric": "GroupInServiceInstances"}, {"Metric": "GroupPendingInstances"}],
    }
    found = {each.name: each.value for each in measures.scaling("eu-west-1", [group])}
    assert found == {"GroupInServiceInstances": 1, "GroupPendingInstances": 1}


def test_stores_lag_where_they_follow() -> None:
    nodes = {
        ("eu-west-1", "one"): {"group": "g", "primary": True, "memory": 0.5, "region_lag": 4.0},
        ("eu-west-1", "two"): {"group": "g", "primary": False, "memory": 0.5, "lag": 1.5},
    }
    found = [*measures.stores(nodes)]
    assert values(found, "ReplicationLag") == {"CacheClusterId=two": 1.5}
    assert values(found, "GlobalDatastoreReplicationLag") == {"ReplicationGroupId=g": 4.0}
    assert values(found, "DatabaseMemoryUsagePercentage")["CacheClusterId=one"] == 50


def test_nodes_of_memorydb_are_named_with_their_cluster() -> None:
    found = [*measures.stores({("eu-west-1", "c-0001-001"): {"cluster": "c", "primary": True, "cpu": 0.2}})]
    assert {each.namespace for each in found} == {"AWS/MemoryDB"}
    assert {each.dimensions for each in found} == {(("ClusterName", "c"), ("NodeName", "c-0001-001"))}


def test_databases_lag_in_milliseconds() -> None:
    instances = {
        ("eu-west-1", "one"): {"cluster": "c", "writer": True, "region_lag": 0.5},
        ("eu-west-1", "two"): {"cluster": "c", "writer": False, "lag": 0.25},
    }
    found = [*measures.databases(instances)]
    assert values(found, "AuroraReplicaLag") == {"DBInstanceIdentifier=two": 250}
    assert values(found, "AuroraGlobalDBReplicationLag") == {"DBClusterIdentifier=c": 500}


def test_health_checks_are_measured_in_virginia() -> None:
    found = [*measures.checks({"a": True, "b": False})]
    assert {each.region for each in found} == {"us-east-1"}
    assert values(found, "HealthCheckStatus") == {"HealthCheckId=a": 1, "HealthCheckId=b": 0}
