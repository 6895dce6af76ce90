"""What the nodes are measured at, for metrics and console."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from rehearsal.live.balancers.measured import BalancerMeasured, GroupMeasured, Measured
from rehearsal.live.balancers.running import Running
from rehearsal.live.balancers.stats import Counts

InZone = Callable[[str, str, str], tuple[int, int]]
"""How many targets of a group (Region, ARN) in a zone are healthy, and how many unhealthy."""


def measured(nodes: Iterable[Running], in_zone: InZone) -> Measured:
    """Return requests, errors and times of each node, and of each target group through it."""
    balancers, groups = [], []
    for running in nodes:
        node, targets = running.node, Counts()
        total = _listeners(running)
        for arn, group in node.groups.items():
            counter = running.counters.get(group.name)
            counts = counter.total if counter else Counts()
            targets = targets.plus(counts)
            healthy, unhealthy = in_zone(node.balancer.region, arn, node.zone)
            groups.append(
                GroupMeasured(
                    region=node.balancer.region,
                    zone=node.zone,
                    balancer=node.balancer.label,
                    group=arn.rpartition(":")[2],
                    healthy=healthy,
                    unhealthy=unhealthy,
                    counts=counts,
                    response_seconds=running.response_seconds(group.name),
                )
            )
        balancers.append(
            BalancerMeasured(
                region=node.balancer.region,
                zone=node.zone,
                balancer=node.balancer.label,
                kind=node.balancer.kind,
                requests=total.requests,
                own_errors=max(0, total.codes[3] - targets.codes[3]),
                codes=total.codes,
                active=sum(row.active for (proxy, _), row in running.rows.items() if proxy.startswith("listener-")),
            )
        )
    return Measured(tuple(balancers), tuple(groups))


def _listeners(running: Running) -> Counts:
    total = Counts()
    for listener in running.node.balancer.listeners:
        if counter := running.counters.get(f"listener-{listener.port}"):
            total = total.plus(counter.total)
    return total


class Rates:
    """Requests a second of each node, here."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, int]] = {}
        self.rates: dict[str, float] = {}

    def look(self, nodes: Iterable[Running]) -> None:
        """Take up what was counted, once a second."""
        now = time.monotonic()
        for running in nodes:
            name, count = running.node.name, _listeners(running).requests
            at, last = self._last.setdefault(name, (now, count))
            if now - at >= 1:
                self.rates[name] = (count - last) / (now - at)
                self._last[name] = (now, count)


def described(running: Running, rate: float) -> dict[str, Any]:
    """Return plain data of a node for the console."""
    views = [view[0] for arn in running.node.groups for view in running.views(arn).values()]
    return {
        "zone": running.node.zone,
        "address": running.node.address,
        "state": _state(running, views),
        "healthy": views.count("healthy"),
        "targets": len(views),
        "rate": round(rate, 1),
    }


def _state(running: Running, views: list[str]) -> str:
    if running.process is None or running.process.returncode is not None or not running.probe.reachable:
        return "down"
    if any(running.fails_open(arn) for arn in running.node.groups):
        return "failing open"
    return "serving" if "healthy" in views else "no healthy target"
