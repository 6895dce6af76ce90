"""The summary after an `up`: the stack's outputs and, where AWS decides, what the emulated account has."""

import textwrap
from collections.abc import Iterator
from typing import Any

from rehearsal import terminal
from rehearsal.account import Account
from rehearsal.aws_plugin.provider.recorded import recorded_in
from rehearsal.engine import Engine

SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
FAILURES = ("server", "zone", "region", "corruption")
INDENT = 17
"""Columns before a value."""
NO_EFFECT = (
    "Deployed, and still: until `make live`, servers run no application, scaling policies and alarms change nothing, "
    "Route 53's health checks always pass. Backup jobs do not run here."
)
RECORDED = "Recorded, not executed (no emulator has the operation; the request was validated):"


def text(engine: Engine) -> str:
    """The summary that `make up` ends with."""
    outputs, account, resources = engine.outputs(), Account(engine.emulator), engine.resources()
    lines = [_section("Site", outputs["site"])]
    for role, cluster in outputs["clusters"].items():
        lines += [*_cluster(role, cluster, account)]
    lines += [*_records(outputs, account), *_vaults(outputs), *alarms(resources, account), *_recovery(outputs)]
    lines += [_cost(outputs["monthly_cost"])]
    lines += ["", *textwrap.wrap(NO_EFFECT, terminal.width()), *_recorded(resources)]
    return "\n".join(lines)


def _section(name: str, value: str = "") -> str:
    """A heading after an empty line."""
    return "\n" + terminal.bold(f"{name:<{INDENT}}{value}".rstrip())


def _row(name: str, value: str) -> str:
    return f"  {name:<14} {value}"


def _cluster(role: str, cluster: dict[str, Any], account: Account) -> Iterator[str]:
    region = cluster["region"]
    yield _section(role.capitalize(), region)
    yield _row("balancer", cluster["load_balancer_dns_name"])
    zones = account.servers_by_zone(region, cluster["target_group_arn"])
    states = [f"{zone}: {', '.join(f'{n} {state}' for state, n in c.items())}" for zone, c in zones.items()]
    yield _row("servers", "; ".join(states) or "none")
    nodes = account.session_zones(region, cluster["session_store_id"])
    yield _row("sessions", f"{cluster['session_endpoint']}:6379, nodes in {', '.join(nodes)}")
    if database := cluster.get("database_endpoint"):
        yield _row("database", database)
    if files := cluster.get("file_system_id"):
        yield _row("files", files)


def _records(outputs: dict[str, Any], account: Account) -> Iterator[str]:
    """The site's own records, and those that they lead to in its zone."""
    yield _section("DNS", outputs["site"])
    region = next(iter(outputs["clusters"].values()))["region"]
    zone, names = outputs["hosted_zone_id"], [outputs["site"]]
    for name in names:
        for record in account.records(region, zone, name):
            target = record["AliasTarget"]["DNSName"].rstrip(".")
            if record["AliasTarget"]["HostedZoneId"] == zone and target not in names:
                names.append(target)
            check = ", with a health check" if record.get("HealthCheckId") else ""
            kind = f"{(record.get('Failover') or record.get('Region') or 'alias').lower()} {record['Type']}"
            yield _row(kind, f"-> {target}{check}")
    if switch := outputs.get("failover_switch"):
        yield _row("switch", f"the object standby-serves in s3://{switch}")


def _recovery(outputs: dict[str, Any]) -> Iterator[str]:
    """The worst case of each failure."""
    yield _section("Recovery", f"{outputs.get('strategy') or 'one region'}: the worst case of each failure")
    for failure in FAILURES:
        line = outputs["recovery"][failure]["line"]
        first, *more = textwrap.wrap(line, terminal.width() - INDENT)
        yield _row(failure, first)
        yield from (_row("", each) for each in more)


def _cost(cost: dict[str, Any]) -> str:
    """The price of the site on a real account."""
    unknown = f", and {', '.join(cost['unknown'])} (no price known)" if cost["unknown"] else ""
    return _section("Costs", f"${cost['total']:,.0f} a month at rest{unknown}; {cost['prices']}")


def _vaults(outputs: dict[str, Any]) -> Iterator[str]:
    yield _section("Backups")
    vaults = outputs["backup_vaults"]
    for region in [cluster["region"] for cluster in outputs["clusters"].values()]:
        copies = "".join(f", copied to {other}" for other in vaults if other != region)
        yield _row(region, f"vault {vaults[region]}{copies}")


def alarms(resources: list[dict[str, Any]], account: Account) -> Iterator[str]:
    """Each topic, and who doesn't get what it sends: AWS sends nothing to an address that nobody has confirmed."""
    found = [each["outputs"]["topic"] for each in resources if each["type"] == SUBSCRIPTION]
    topics = {topic: topic.split(":")[3] for topic in found}
    if topics:
        yield _section("Alarms")
    for topic, region in sorted(topics.items(), key=lambda each: (each[1], each[0])):
        waiting = account.unconfirmed(region, topic)
        name = topic.split(":")[-1]
        yield _row(region, f"topic {name}" + (f", NOT confirmed: {', '.join(waiting)}" if waiting else ""))


def _recorded(resources: list[dict[str, Any]]) -> list[str]:
    found = recorded_in(resources)
    return [f"\n{RECORDED}", *(f"  {each}" for each in found)] if found else []
