"""The alarms of a region and their thresholds."""

import re
from typing import Any

import pytest
from ha_web.alarms.backup_rules import backup_alarms, restore_validation_alarms
from ha_web.alarms.data_rules import database_alarms, node_alarms, region_lag_alarms, session_node_metric
from ha_web.alarms.rules import (
    DEFAULT_THRESHOLDS,
    Alarm,
    Metric,
    group_alarm,
    host_alarms,
    request_alarms,
    threshold_problems,
)

ZONES = {"eu-west-1a": "eu-west-1a", "eu-west-1b": "eu-west-1b"}


def hosts(kind: str = "application", every_zone: bool = True, boot: int = 180) -> dict[str, Alarm[str]]:
    found = host_alarms(
        kind, "app/web/1", "targetgroup/web/2", ZONES, every_zone_has_hosts=every_zone, boot_seconds=boot
    )
    return by_role(found)


def by_role(alarms: list[Alarm[str]]) -> dict[str, Alarm[str]]:
    return {alarm.role: alarm for alarm in alarms}


def every_alarm() -> list[Alarm[str]]:
    return [
        *hosts().values(),
        *request_alarms("app/web/1", "targetgroup/web/2", DEFAULT_THRESHOLDS),
        *node_alarms(["s-001", "s-002"], DEFAULT_THRESHOLDS),
        *database_alarms(["db-1", "db-2"], DEFAULT_THRESHOLDS),
        *region_lag_alarms(DEFAULT_THRESHOLDS, sessions=True, database=True),
        group_alarm("web", 3),
        *backup_alarms("vault"),
        *restore_validation_alarms("validation", session_node_metric("EngineCPUUtilization", "s-001", None)),
    ]


def share_of(alarm: Alarm[str], errors: float | None, requests: float | None) -> float:
    """The alarm's metric math, worked out for one period; None is a count that was not reported."""
    python = re.sub(r"\bIF\(", "choose(", alarm.expression)
    words: dict[str, Any] = {
        "choose": lambda condition, yes, no: yes if condition else no,
        "FILL": lambda value, other: other if value is None else value,
        "MAX": max,
        "errors": errors,
        "requests": requests,
    }
    try:
        return float(eval(python, {"__builtins__": {}}, words))
    except ZeroDivisionError:
        return 0.0  # CloudWatch has no value there, and IF takes the other branch


def test_each_zone_is_watched_by_its_name() -> None:
    for zone in ZONES:
        metric = hosts()[f"unhealthy-hosts-{zone}"].metric
        assert metric is not None
        assert metric.dimensions == {
            "LoadBalancer": "app/web/1",
            "TargetGroup": "targetgroup/web/2",
            "AvailabilityZone": zone,
        }


def test_no_host_at_all_alarms_at_once_and_a_host_that_starts_sends_no_mail() -> None:
    assert {role: alarm.period * alarm.periods for role, alarm in hosts(boot=200).items()} == {
        "no-healthy-hosts": 60,
        "unhealthy-hosts-eu-west-1a": 6 * 60,  # 200 s to start, in whole minutes, and two more
        "empty-zone-eu-west-1a": 6 * 60,
        "unhealthy-hosts-eu-west-1b": 6 * 60,
        "empty-zone-eu-west-1b": 6 * 60,
    }


def test_a_database_instance_alarms_on_its_cpu_and_on_its_lag_in_milliseconds() -> None:
    found = by_role(database_alarms(["db-1", "db-2"], DEFAULT_THRESHOLDS))
    assert {role: (alarm.threshold, alarm.missing) for role, alarm in found.items()} == {
        "database-cpu-1": (90, "breaching"),
        "database-lag-1": (2000, "notBreaching"),
        "database-cpu-2": (90, "breaching"),
        "database-lag-2": (2000, "notBreaching"),
    }
    assert found["database-lag-2"].metric == Metric(
        "AWS/RDS", "AuroraReplicaLag", {"DBInstanceIdentifier": "db-2"}, "Maximum"
    )


def test_the_lag_between_the_regions_alarms_at_what_a_failover_may_lose() -> None:
    thresholds = {**DEFAULT_THRESHOLDS, "region_lag_seconds": 3}
    found = by_role(region_lag_alarms(thresholds, sessions=True, database=True))
    assert {role: (alarm.threshold, alarm.expression) for role, alarm in found.items()} == {
        "session-region-lag": (3, 'SELECT MAX(GlobalDatastoreReplicationLag) FROM "AWS/ElastiCache"'),
        "database-region-lag": (3000, 'SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS"'),
    }
    assert region_lag_alarms(thresholds, sessions=False, database=False) == []


def test_a_zone_or_a_balancer_that_falls_silent_alarms() -> None:
    breaching = {role for role, alarm in hosts().items() if alarm.missing == "breaching"}
    assert breaching == {"no-healthy-hosts", "empty-zone-eu-west-1a", "empty-zone-eu-west-1b"}


def test_a_node_of_the_balancer_that_alone_sees_nobody_is_no_lost_region() -> None:
    of_nodes = {"in the lost zone": 0, "elsewhere": 2}
    alarm = hosts()["no-healthy-hosts"]
    assert alarm.metric is not None
    seen = {"Maximum": max, "Minimum": min}[alarm.metric.statistic](of_nodes.values())
    assert not seen < alarm.threshold


def test_a_fleet_smaller_than_its_zones_has_no_alarm_on_empty_zones() -> None:
    assert not any(role.startswith("empty-zone") for role in hosts(every_zone=False))


def test_hosts_behind_a_network_load_balancer_are_in_its_namespace() -> None:
    assert {alarm.metric.namespace for alarm in hosts("network").values() if alarm.metric} == {"AWS/NetworkELB"}


@pytest.mark.parametrize(
    ("errors", "requests", "percent"),
    [
        (None, 1000, 0),
        (10, 1000, 1),
        (60, 1000, 6),
        (1, 3, 0),  # too few to say
        (1, 20, 5),
        (None, None, 0),
        (500, None, 100),  # no target to ask: the balancer counts its 503, and no request
        (500, 10, 100),
    ],
)
@pytest.mark.parametrize("role", ["target-errors", "balancer-errors"])
def test_errors_are_a_share_of_requests(
    role: str, errors: float | None, requests: float | None, percent: float
) -> None:
    alarm = by_role(request_alarms("app/web/1", "targetgroup/web/2", DEFAULT_THRESHOLDS))[role]
    assert share_of(alarm, errors, requests) == pytest.approx(percent)


def test_five_percent_is_still_quiet_and_a_third_is_not() -> None:
    alarm = by_role(request_alarms("app/web/1", "targetgroup/web/2", DEFAULT_THRESHOLDS))["target-errors"]
    assert alarm.comparison == "GreaterThanThreshold"
    assert share_of(alarm, 5, 100) <= alarm.threshold < share_of(alarm, 33, 100)


def test_every_name_in_an_expression_is_a_metric() -> None:
    for alarm in every_alarm():
        if not alarm.expression.startswith("SELECT "):
            assert set(re.findall(r"[a-z]+", alarm.expression)) == set(alarm.metrics)
        assert bool(alarm.metric) != bool(alarm.expression), alarm.role


def test_every_node_is_watched_and_only_its_silence_on_the_engine_is_an_alarm() -> None:
    alarms = node_alarms(["s-001", "s-002"], DEFAULT_THRESHOLDS)
    watched = {(a.metric.name, a.metric.dimensions["CacheClusterId"]) for a in alarms if a.metric}
    names = ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "ReplicationLag")
    assert watched == {(name, node) for name in names for node in ("s-001", "s-002")}
    assert {a.metric.name for a in alarms if a.metric and a.missing == "breaching"} == {"EngineCPUUtilization"}


def test_nodes_of_a_durable_store_are_in_memorydbs_namespace() -> None:
    metrics = [alarm.metric for alarm in node_alarms(["s-0001-001"], DEFAULT_THRESHOLDS, "s") if alarm.metric]
    assert {metric.namespace for metric in metrics} == {"AWS/MemoryDB"}
    assert [metric.dimensions for metric in metrics] == [{"ClusterName": "s", "NodeName": "s-0001-001"}] * 3


def test_one_failed_job_of_any_kind_is_enough() -> None:
    alarms = backup_alarms("vault")
    assert {a.metric.name for a in alarms if a.metric} == {
        "NumberOfBackupJobsAborted",
        "NumberOfBackupJobsFailed",
        "NumberOfCopyJobsFailed",
        "NumberOfRestoreJobsFailed",
        "NumberOfBackupJobsExpired",
        "NumberOfRecoveryPointsExpired",
    }
    assert {(a.threshold, a.periods, a.comparison) for a in alarms} == {(1, 1, "GreaterThanOrEqualToThreshold")}


def test_no_two_alarms_have_the_same_role_and_each_says_what_it_means() -> None:
    alarms = every_alarm()
    assert len({alarm.role for alarm in alarms}) == len(alarms)
    assert all(len(alarm.text) > 30 and alarm.text.endswith(".") for alarm in alarms)


@pytest.mark.parametrize(
    ("thresholds", "found"),
    [
        (DEFAULT_THRESHOLDS, []),
        ({"latency_seconds": 0.25}, []),
        ({"latency_seconds": 0}, ["thresholds.latency_seconds is 0; it must be above 0"]),
        ({"memory_percent": 101}, ["thresholds.memory_percent is 101; it is a percentage, at most 100"]),
        ({"replication_lag_seconds": 101}, []),
    ],
)
def test_thresholds_that_cannot_be_meant_are_refused(thresholds: dict[str, float], found: list[str]) -> None:
    assert threshold_problems(thresholds) == found
