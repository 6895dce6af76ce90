"""Which record answers: Route 53's choice over a zone's records, health checks and what they find. Pure.

Nothing in the emulated account checks anything, so whoever asks says how the world is. The rules:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Record = Mapping[str, Any]
"""A record set as `ListResourceRecordSets` has it."""


class NoAnswerError(LookupError):
    """The zone has no such name and type, or its aliases go round in a circle."""


@dataclass(frozen=True)
class Circumstances:
    """How things are: what checks find, which balancers have a healthy target, how near the asker is to regions."""

    checks: Mapping[str, Mapping[str, Any]]
    """HealthCheckConfig by id, as `ListHealthChecks` has it."""
    reached: Mapping[str, bool] = field(default_factory=dict)
    """By id of a check of an endpoint: whether it gets its answer, before inversion. What isn't named does."""
    served: Mapping[str, bool] = field(default_factory=dict)
    """By DNS name of a balancer: whether it has a healthy target. What isn't named has."""
    nearest: Sequence[str] = ()
    """Regions, nearest first."""

    def passes(self, check: str | None) -> bool:
        """Whether a health check counts as healthy; no check always does."""
        if check is None:
            return True
        config = self.checks[check]
        if config.get("Disabled"):
            return True
        if config["Type"] == "CALCULATED":
            healthy = [self.passes(child) for child in config.get("ChildHealthChecks") or []]
            found = healthy.count(True) >= config.get("HealthThreshold", len(healthy))
        else:
            found = self.reached.get(check, True)
        return found is not bool(config.get("Inverted"))


def answer(
    records: Sequence[Record], name: str, kind: str, circumstances: Circumstances, seen: tuple[str, ...] = ()
) -> list[str]:
    """What a resolver gets: addresses, or the one name outside the zone that an alias leads to."""
    if _same(name) in seen:
        raise NoAnswerError(f"{name} leads back to itself")
    record = _chosen(records, name, kind, circumstances)
    alias = record.get("AliasTarget")
    if alias is None:
        return [each["Value"] for each in record["ResourceRecords"]]
    if _named(records, alias["DNSName"], kind):
        return answer(records, alias["DNSName"], kind, circumstances, (*seen, _same(name)))
    return [_same(alias["DNSName"])]


def _chosen(records: Sequence[Record], name: str, kind: str, circumstances: Circumstances) -> Record:
    """The record of a name that answers; when none is healthy, all are taken to be."""
    group = _ordered(_named(records, name, kind), circumstances)
    if not group:
        raise NoAnswerError(f"there is no {kind} record {name}")
    return next((record for record in group if _healthy(records, record, circumstances)), group[0])


def _ordered(group: Sequence[Record], circumstances: Circumstances) -> list[Record]:
    """A group in the order in which Route 53 tries it."""
    regions = [*circumstances.nearest, *sorted(record["Region"] for record in group if "Region" in record)]
    return sorted(
        group, key=lambda r: (r.get("Failover") == "SECONDARY", regions.index(r["Region"]) if "Region" in r else 0)
    )


def _healthy(records: Sequence[Record], record: Record, circumstances: Circumstances) -> bool:
    alias = record.get("AliasTarget")
    if not circumstances.passes(record.get("HealthCheckId")):
        return False
    if alias is None or not alias["EvaluateTargetHealth"]:
        return True
    inside = _named(records, alias["DNSName"], record["Type"])
    if inside:
        if _same(record["Name"]) == _same(alias["DNSName"]):
            raise NoAnswerError(f"{record['Name']} leads back to itself")
        return any(_healthy(records, each, circumstances) for each in inside)
    return circumstances.served.get(_same(alias["DNSName"]), True)


def _named(records: Sequence[Record], name: str, kind: str) -> list[Record]:
    return [record for record in records if (_same(record["Name"]), record["Type"]) == (_same(name), kind)]


def _same(name: str) -> str:
    return name.lower().rstrip(".")
