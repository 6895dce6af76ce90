"""What the console and the drill see of the names: records, answers, checks. Plain data."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from rehearsal.live.names.answers import Reply
from rehearsal.live.names.directory import Directory
from rehearsal.live.names.health import ENDPOINTS, Config
from rehearsal.live.names.records import RecordSet
from rehearsal.live.names.rules import Asker, Rules, UnsupportedError, World

HIDDEN = ("NS", "SOA", "TXT", "CAA", "MX")

SIMULATED = (
    "One checker in each of Route 53's eight Regions instead of several; latency is distance on the map; geoproximity "
    "and CIDR routing and private hosted zones are not rehearsed; a check on an alarm follows the alarm's state."
)


def routes(rules: Rules) -> Iterable[RecordSet]:
    """Return the record sets that send users somewhere."""
    for records in rules.sets.values():
        for record in records:
            if record.type not in HIDDEN and not record.name.startswith("_"):
                yield record


def records(rules: Rules, world: World, asker: Asker) -> Iterable[dict[str, Any]]:
    """Return the record sets for the console, with which of them are answered with now."""
    for each in routes(rules):
        chosen: list[RecordSet] = []
        with suppress(UnsupportedError):
            chosen = rules.choose(rules.sets[each.name, each.type], asker, world)
        yield record(each, rules.healthy(each, world), each in chosen)


def record(each: RecordSet, healthy: bool, chosen: bool) -> dict[str, Any]:
    """Return a record set for the console."""
    detail = each.failover or each.region or (str(each.weight) if each.weight is not None else "")
    return {
        "name": each.name,
        "type": each.type,
        "routing": f"{each.policy} {detail}".strip(),
        "target": each.alias.name if each.alias else " ".join(each.values),
        "check": each.check or "",
        "healthy": healthy,
        "chosen": chosen,
    }


def answer(name: str, kind: str, reply: Reply, region: str) -> dict[str, Any]:
    """Return what a name answers, for the console."""
    rows = [value for row in reply.rows for value in row.values]
    return {"name": name, "type": kind, "answer": rows, "ttl": reply.ttl, "leads_to": region}


def region_of(addresses: Iterable[str], directory: Directory) -> str:
    """Return the Region that addresses are of; empty if of none or of several."""
    wanted = set(addresses)
    found = {e.region for e in directory.entries.values() if e.region and wanted & set(e.addresses)}
    return found.pop() or "" if len(found) == 1 else ""


def what(config: Config) -> str:
    """Say in words what a health check checks."""
    kind = config["Type"]
    if kind == "CALCULATED":
        return f"{config.get('HealthThreshold', 1)} of {len(config.get('ChildHealthChecks', []))} checks"
    if kind == "CLOUDWATCH_METRIC":
        return f"alarm {config.get('AlarmIdentifier', {}).get('Name', '')}"
    host = config.get("FullyQualifiedDomainName") or config.get("IPAddress", "")
    path = config.get("ResourcePath", "")
    return f"{kind} {path} of {host}" if path else f"{kind} {host}:{config.get('Port', '')}"


def check(identifier: str, config: Config, status: bool, opinions: Sequence[bool | None]) -> dict[str, Any]:
    """Return a health check for the console."""
    said = "healthy" if status else "unhealthy"
    if config.get("Disabled"):
        said = "disabled"
    elif config["Type"] in ENDPOINTS and all(each is None for each in opinions):
        said = "unknown"
    return {
        "id": identifier,
        "what": what(config),
        "status": said,
        "healthy_checkers": opinions.count(True),
        "checkers": len(opinions),
        "inverted": bool(config.get("Inverted")),
    }
