"""From what the parts measured to metrics as AWS names them. Pure, but for counters' last values.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.live.balancers.measured import BalancerMeasured, GroupMeasured, Measured
from rehearsal.live.watch.data import Datum, Dimensions

GLOBAL = "us-east-1"
"""Where Route 53's metrics are."""

NAMESPACES = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB"}


@dataclass
class Counters:
    """Remembers counters, so that what was added since the last time can be told."""

    last: dict[tuple[str, ...], float] = field(default_factory=dict)

    def added(self, name: tuple[str, ...], now: float) -> float:
        """Return what was added; the first time, nothing; after a new beginning, everything."""
        before = self.last.get(name, now)
        self.last[name] = now
        return now - before if now >= before else now


def balancers(measured: "Measured", counters: Counters) -> list[Datum]:
    """Return the metrics of load balancers and their target groups."""
    kinds = {node.balancer: node.kind for node in measured.balancers}
    return [
        *(datum for node in measured.balancers for datum in _node(node, counters)),
        *_groups(measured.groups, kinds, counters),
    ]


def _node(node: "BalancerMeasured", counters: Counters) -> Iterator[Datum]:
    if node.kind != "application":
        return
    who = (node.region, node.zone, node.balancer)
    for name, count in (("RequestCount", node.requests), ("HTTPCode_ELB_5XX_Count", node.own_errors)):
        added = counters.added((*who, name), count)
        if added:  # an ALB reports nothing where there was nothing
            for dimensions in (_of(node), _of(node, zone=True)):
                yield Datum(node.region, NAMESPACES[node.kind], name, dimensions, added)


def _of(node: "BalancerMeasured | GroupMeasured", *, zone: bool = False) -> Dimensions:
    named = getattr(node, "group", "")
    group = (("TargetGroup", named),) if named else ()
    return (("LoadBalancer", node.balancer), *group, *((("AvailabilityZone", node.zone),) if zone else ()))


def _groups(groups: Iterable["GroupMeasured"], kinds: Mapping[str, str], counters: Counters) -> Iterator[Datum]:
    together: dict[tuple[str, str, str], list[GroupMeasured]] = defaultdict(list)
    for each in groups:
        together[each.region, each.balancer, each.group].append(each)
    for (region, balancer, group), nodes in together.items():
        space = NAMESPACES.get(kinds.get(balancer, ""), "AWS/ApplicationELB")
        yield from _hosts(nodes, space)
        if space != "AWS/ApplicationELB":
            continue
        requests = 0.0
        for node in nodes:
            who = (region, node.zone, balancer, group)
            added = counters.added((*who, "requests"), node.counts.requests)
            requests += added
            bad = counters.added((*who, "errors"), node.counts.codes[3])
            refused = counters.added((*who, "refused"), node.counts.connection_errors)
            for name, value in (
                ("RequestCount", added),
                ("HTTPCode_Target_5XX_Count", bad),
                ("TargetConnectionErrorCount", refused),
                ("TargetResponseTime", node.response_seconds if added else 0.0),
            ):
                if value:
                    for dimensions in (_of(node), _of(node, zone=True)):
                        yield Datum(region, space, name, dimensions, value)
        healthy = sum(node.healthy for node in nodes)
        if healthy:
            share = requests / healthy
            yield Datum(region, space, "RequestCountPerTarget", (("TargetGroup", group),), share)
            both = (("LoadBalancer", balancer), ("TargetGroup", group))
            yield Datum(region, space, "RequestCountPerTarget", both, share)


def _hosts(nodes: list["GroupMeasured"], space: str) -> Iterator[Datum]:
    for name, counts in (
        ("HealthyHostCount", [node.healthy for node in nodes]),
        ("UnHealthyHostCount", [node.unhealthy for node in nodes]),
    ):
        for node, count in zip(nodes, counts, strict=True):
            yield Datum(node.region, space, name, _of(node, zone=True), float(count))
        yield Datum(nodes[0].region, space, name, _of(nodes[0]), float(sum(counts)))


def servers(described: Mapping[str, Any]) -> Iterator[Datum]:
    """Return the processor use of instances and their groups, in percent of a core, which stands for the instance's."""
    for server in described.get("servers", ()):
        if server.get("state") in ("lost", "failed", "booting") or "cpu" not in server:
            continue
        percent = min(100.0, 100.0 * float(server["cpu"]))
        whose = [(("InstanceId", server["id"]),), (("AutoScalingGroupName", server.get("group", "")),)]
        for dimensions in whose:
            if dimensions[0][1]:
                yield Datum(server["region"], "AWS/EC2", "CPUUtilization", dimensions, percent)


def scaling(region: str, groups: Iterable[Mapping[str, Any]]) -> Iterator[Datum]:
    """Return the metrics of Auto Scaling groups that collect them."""
    for group in groups:
        states = [each["LifecycleState"] for each in group.get("Instances", ())]
        values = {
            "GroupInServiceInstances": states.count("InService"),
            "GroupDesiredCapacity": group["DesiredCapacity"],
            "GroupTotalInstances": len(states),
            "GroupPendingInstances": sum(state.startswith("Pending") for state in states),
            "GroupTerminatingInstances": sum(state.startswith("Terminating") for state in states),
        }
        collected = {each["Metric"] for each in group.get("EnabledMetrics", ())}
        for name, value in values.items():
            if name in collected:
                dimensions = (("AutoScalingGroupName", group["AutoScalingGroupName"]),)
                yield Datum(region, "AWS/AutoScaling", name, dimensions, float(value))


def stores(measured: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[Datum]:
    """Return the metrics of session stores' nodes that answer."""
    for (region, node), found in measured.items():
        values = {
            "EngineCPUUtilization": 100.0 * float(found.get("cpu", 0.0)),
            "DatabaseMemoryUsagePercentage": 100.0 * float(found.get("memory", 0.0)),
            "Evictions": float(found.get("evicted", 0)),
            "CurrItems": float(found.get("keys", 0)),
            **({} if found.get("primary") else {"ReplicationLag": float(found.get("lag") or 0.0)}),
        }
        whose: Dimensions = (("CacheClusterId", node),)
        space = "AWS/ElastiCache"
        if cluster := found.get("cluster"):
            space, whose = "AWS/MemoryDB", (("ClusterName", str(cluster)), ("NodeName", node))
        for name, value in values.items():
            yield Datum(region, space, name, whose, value)
        if found.get("region_lag"):
            dimensions = (("ReplicationGroupId", str(found.get("group", ""))),)
            yield Datum(
                region, "AWS/ElastiCache", "GlobalDatastoreReplicationLag", dimensions, float(found["region_lag"])
            )


def databases(measured: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[Datum]:
    """Return the metrics of databases' instances that answer; lags in milliseconds."""
    for (region, instance), found in measured.items():
        dimensions = (("DBInstanceIdentifier", instance),)
        yield Datum(region, "AWS/RDS", "CPUUtilization", dimensions, 100.0 * float(found.get("cpu", 0.0)))
        if not found.get("writer"):
            lag = 1000.0 * float(found.get("lag") or 0.0)
            yield Datum(region, "AWS/RDS", "AuroraReplicaLag", dimensions, lag)
        if found.get("region_lag"):
            cluster = (("DBClusterIdentifier", str(found.get("cluster", ""))),)
            lag = 1000.0 * float(found["region_lag"])
            yield Datum(region, "AWS/RDS", "AuroraGlobalDBReplicationLag", cluster, lag)


def checks(statuses: Mapping[str, bool]) -> Iterator[Datum]:
    """Return Route 53's metric: 1 while a check is healthy."""
    for check, healthy in statuses.items():
        yield Datum(GLOBAL, "AWS/Route53", "HealthCheckStatus", (("HealthCheckId", check),), float(healthy))
