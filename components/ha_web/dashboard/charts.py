"""The charts of a region and of the whole site: of metrics that its alarms watch, or its group publishes. No SDK here.

No chart marks a release with a line of its own: CloudWatch takes a vertical line only at a time that is known when the
dashboard is written, and nothing tells an `up` when a release began. What shows it is the group: servers that start
and others that end, both at once, for a new version is launched before the old one goes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ha_web.alarms.backup_rules import BACKUP_PERIOD, HOUR, backup_alarms
from ha_web.alarms.data_rules import MILLISECONDS, database_alarms, node_alarms, region_lag_alarms
from ha_web.alarms.rules import BALANCERS, DEFAULT_THRESHOLDS, Alarm, Metric, request_alarms
from ha_web.dashboard.widgets import WIDTH, Chart, Line, Mark, marks_of
from ha_web.dns.health_checks import METRICS_REGION

GROUP_METRICS = {
    "GroupInServiceInstances": "in service",
    "GroupDesiredCapacity": "wanted",
    "GroupPendingInstances": "start",
    "GroupTerminatingInstances": "end",
}
"""The group's metrics on its servers, with their labels."""

FUNCTION_METRICS = {"Invocations": "runs", "Errors": "runs that failed", "Throttles": "runs that were held back"}

FLOWS = {"NewFlowCount": "new connections", "TCP_ELB_Reset_Count": "connections that the balancer reset"}
"""What a network load balancer counts, which knows no requests."""

Value = Any


@dataclass(frozen=True)
class Place:
    """A region's cluster, by the dimensions of its metrics."""

    role: str
    region: str
    balancer: Value
    target_group: Value
    zones: Sequence[Value]
    kind: str = "application"
    """Type of the load balancer."""
    group: Value = ""
    minimum: int = 0
    nodes: Sequence[Value] = ()
    cluster: Value | None = None
    """MemoryDB's, if the nodes are."""
    instances: Sequence[Value] = ()
    session_lag: bool = False
    database_lag: bool = False
    vault: Value = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Objectives:
    """What is declared of lost data, in seconds, by failure."""

    data_loss: Mapping[str, float] = field(default_factory=dict)

    def marks(self, failure: str, unit: int = 1) -> dict[float, str]:
        """Return the objective of a failure as a line of a chart, whose unit this many of are a second."""
        seconds = self.data_loss.get(failure)
        return {} if seconds is None else {seconds * unit: f"objective: a lost {failure} loses no more"}


def charts_of(place: Place, objectives: Objectives) -> dict[str, Chart]:
    """Return a region's charts by what they are of, in the order of the page."""
    found = {**_traffic(place), **_servers(place), **_sessions(place, objectives), **_database(place)}
    return {**found, **_lags(place, objectives), **_backups(place)}


def _traffic(place: Place) -> dict[str, Chart]:
    space = BALANCERS[place.kind]
    whole = {"LoadBalancer": place.balancer}
    if place.kind != "application":
        flows = [Line(Metric(space, name, whole, "Sum"), label) for name, label in FLOWS.items()]
        return {"traffic": _chart(place, "connections a minute", "", flows)}
    targets = {**whole, "TargetGroup": place.target_group}
    rules = {rule.role: rule for rule in request_alarms(place.balancer, place.target_group, _limits(place))}
    errors = [rules["target-errors"], rules["balancer-errors"]]
    times = [Line(Metric(space, "TargetResponseTime", targets, each), each) for each in ("p50", "p99")]
    requests = [Line(Metric(space, "RequestCount", whole, "Sum"), "requests")]
    percent = Chart(
        *(f"{place.role}: requests that fail", "percent", place.region), rules=errors, marks=marks_of(errors)
    )
    return {
        "traffic": _chart(place, "requests a minute", "", requests),
        "errors": percent,
        "latency": _chart(place, "response times", "seconds", times, marks_of([rules["latency"]])),
    }


def _servers(place: Place) -> dict[str, Chart]:
    space = BALANCERS[place.kind]
    hosts = {"LoadBalancer": place.balancer, "TargetGroup": place.target_group}
    healthy = [
        Line(Metric(space, "HealthyHostCount", {**hosts, "AvailabilityZone": zone}, "Minimum"), f"zone {number}")
        for number, zone in enumerate(place.zones, 1)
    ]
    found = {"hosts": _chart(place, "healthy servers by zone", "", healthy)}
    if place.group:
        own = {"AutoScalingGroupName": place.group}
        servers = [
            Line(Metric("AWS/AutoScaling", name, own, "Maximum"), label) for name, label in GROUP_METRICS.items()
        ]
        fewest = [Mark(place.minimum, "alarm: fewer")] if place.minimum else []
        title = "servers (a release: some start, some end)"
        found["servers"] = _chart(place, title, "", servers, fewest)
    return found


def _sessions(place: Place, objectives: Objectives) -> dict[str, Chart]:
    rules = node_alarms(place.nodes, _limits(place), place.cluster)
    if not rules:
        return {}
    used = [rule for rule in rules if not rule.role.startswith("session-lag")]
    late = [rule for rule in rules if rule.role.startswith("session-lag")]
    return {
        "session-load": _chart(place, "session nodes: engine and memory", "percent", _lines(used), marks_of(used)),
        "session-lag": _chart(
            place,
            "session replicas behind their primary",
            "seconds",
            _lines(late),
            marks_of(late, objectives.marks("zone")),
        ),
    }


def _database(place: Place) -> dict[str, Chart]:
    rules = database_alarms(place.instances, _limits(place))
    if not rules:
        return {}
    used = [rule for rule in rules if rule.role.startswith("database-cpu")]
    late = [rule for rule in rules if rule.role.startswith("database-lag")]
    return {
        "database-load": _chart(place, "database instances: processor", "percent", _lines(used), marks_of(used)),
        "database-lag": _chart(
            place, "database readers behind the writer", "milliseconds", _lines(late), marks_of(late)
        ),
    }


def _lags(place: Place, objectives: Objectives) -> dict[str, Chart]:
    """Return the charts of what a failover would lose now; the region that is primary has no such data."""
    units = {"session-region-lag": ("sessions", "seconds", 1), "database-region-lag": ("database", "ms", MILLISECONDS)}
    wanted = {"sessions": place.session_lag, "database": place.database_lag}
    rules: list[Alarm[Value]] = region_lag_alarms(_limits(place), **wanted)
    found = {}
    for rule in rules:
        what, unit, size = units[rule.role]
        title = f"{place.role}: {what} behind the other region"
        marks = marks_of([rule], objectives.marks("region", size))
        found[rule.role] = Chart(title, unit, place.region, rules=[rule], marks=marks)
    return found


def _backups(place: Place) -> dict[str, Chart]:
    if not place.vault:
        return {}
    failures = [
        Line(rule.metric, rule.role.replace("-", " ")) for rule in backup_alarms(place.vault) if rule.metric is not None
    ]
    done = Metric("AWS/Backup", "NumberOfBackupJobsCompleted", {"BackupVaultName": place.vault}, "Sum")
    return {
        "backups": _chart(place, "backups completed an hour", "", [Line(done, "completed")], period=HOUR),
        "backup-failures": _chart(place, "backups that failed or are late", "", failures, period=BACKUP_PERIOD),
    }


def health_checks(checks: Mapping[str, Value]) -> Chart:
    """Return the chart of Route 53's health checks by role: 1 is healthy."""
    lines = [
        Line(Metric("AWS/Route53", "HealthCheckStatus", {"HealthCheckId": check}, "Minimum"), role)
        for role, check in checks.items()
    ]
    return Chart("Route 53 reaches (1: yes)", "", METRICS_REGION, lines)


def failover_function(name: Value, region: str, width: int = WIDTH // 2) -> Chart:
    """Return the chart of the function that fails over."""
    lines = [
        Line(Metric("AWS/Lambda", metric, {"FunctionName": name}, "Sum"), label)
        for metric, label in FUNCTION_METRICS.items()
    ]
    return Chart("failover function", "", region, lines, width=width)


def _limits(place: Place) -> dict[str, float]:
    return {**DEFAULT_THRESHOLDS, **place.thresholds}


def _lines(rules: Sequence[Any]) -> list[Line]:
    return [Line(rule.metric, rule.role) for rule in rules if rule.metric is not None]


def _chart(
    place: Place, title: str, unit: str, lines: Sequence[Line], marks: Sequence[Mark] = (), period: int = 60
) -> Chart:
    return Chart(f"{place.role}: {title}", unit, place.region, lines, marks=marks, period=period)
