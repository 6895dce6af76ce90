"""The report as one screen of lines. No SDK here."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from ha_web.recovery.durations import format_duration

from ops.status.facts import REPLICA, Backup, Data, Facts, Region
from ops.status.verdict import Verdict, needed

WIDTH = 12


def first_line(verdict: Verdict) -> str:
    """Return the answer to the two questions."""
    return f"May I lose a zone now? {_answer(verdict.zone)}.  A region? {_answer(verdict.region)}."


def _answer(reasons: tuple[str, ...]) -> str:
    return f"no: {'; '.join(reasons)}" if reasons else "yes"


def lines(facts: Facts, verdict: Verdict) -> list[str]:
    """Return the report, the verdict first."""
    found = [first_line(verdict)]
    found += [f"DOWN: {reason}" for reason in verdict.down]
    said = (*verdict.zone, *verdict.region, *verdict.down)
    found += [f"warning: {warning}" for warning in verdict.warnings if not any(warning in each for each in said)]
    found += ["", f"{facts.site}: {verdict.state}", *(_row(name, text) for name, text in site_rows(facts))]
    for region in facts.regions.values():
        found += ["", f"{region.role}  {region.region}{'  serves' if region.role in facts.serving else ''}"]
        found += [_row("silent", region.silent)] if region.silent else []
        found += [_row(name, text) for name, text in region_rows(facts, region)]
    return found


def _row(name: str, text: str) -> str:
    return f"  {name:{WIDTH}} {text}"


def site_rows(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what is known of the whole site: a name, a text."""
    yield "site", facts.answer.text
    yield "DNS", ", ".join(facts.dns) if facts.dns else facts.unread.get("dns", "not told")
    if facts.has_switch:
        moved = {
            None: facts.unread.get("switch", "not told"),
            False: "users at the primary",
            True: "users at the standby",
        }
        yield "switch", moved[facts.switched]
    if facts.has_automation:
        yield "automation", _automation(facts)


def _automation(facts: Facts) -> str:
    automation = facts.automation
    if automation is None:
        return facts.unread.get("automation", "not told")
    if facts.maintenance and automation.schedule != "ENABLED":
        return f"off: {facts.maintenance}"
    armed = "armed" if automation.acts else "a person starts it"
    broken = f"does not work: {automation.state}, schedule {automation.schedule or 'gone'}"
    state = armed if automation.state == "Active" and automation.schedule == "ENABLED" else broken
    return f"{state}; {automation.errors} errors in 15 minutes"


def region_rows(facts: Facts, region: Region) -> Iterator[tuple[str, str]]:
    """Yield what is known of a region: a name, a text."""
    if region.checkers:
        yield "reached by", f"{region.checkers.reach} of {region.checkers.all} of Route 53's checkers"
    for zone, until in region.away.items():
        yield "away", f"users are kept out of {zone} {until}"
    if fleet := region.fleet:
        zones = ", ".join(f"{zone} {count}" for zone, count in fleet.serving.items())
        limits = f"desired {fleet.desired}, {fleet.minimum} to {fleet.maximum}"
        yield "servers", f"{zones}; {fleet.left} left without a zone, {needed(facts, fleet)} needed; {limits}"
        others = {version: count for version, count in fleet.versions.items() if version != fleet.version}
        yield "version", f"{fleet.version}" + "".join(f"; {count} run {version}" for version, count in others.items())
    for name, data in (("sessions", region.sessions), ("database", region.database), ("files", region.files)):
        if data:
            yield name, _data(data, facts.lag_objective)
    if region.quota and region.quota.used is not None:
        yield "vCPUs", f"{region.quota.allowed - region.quota.used:g} of {region.quota.allowed:g} are free"
    elif region.quota:
        yield "vCPUs", f"{region.quota.allowed:g} allowed; CloudWatch has no figure of those in use"
    for each in region.certificates:
        yield "certificate", f"{each.name} {each.status}, {each.days:.0f} days"
    for backup in region.backups:
        yield "backup", _backup(backup, facts.age_objectives.get(region.role))
    for topic in region.topics:
        yield "alarms to", f"{topic.name}: {topic.confirmed} confirmed, {topic.pending} pending"


def _data(data: Data, objective: float | None) -> str:
    parts = [f"{data.kind} {data.status}, {data.role}"]
    if data.zones:
        parts.append(", ".join(f"{zone} {count}" for zone, count in data.zones.items()))
    if data.lag is not None:
        most = f" (objective {format_duration(objective)})" if objective is not None else ""
        parts.append(f"{format_duration(round(data.lag, 1))} behind{most}")
    elif data.role == REPLICA:
        parts.append("how far behind wasn't measured")
    return "; ".join(parts)


def _backup(backup: Backup, objective: float | None) -> str:
    age = "none" if backup.age is None else f"{format_duration(round(backup.age))} old"
    most = f" (objective {format_duration(objective)})" if objective is not None else ""
    return f"{backup.kind} {backup.resource}: {age}{most}"


def document(facts: Facts, verdict: Verdict) -> dict[str, Any]:
    """Return the report as plain data."""
    known: Mapping[str, Any] = asdict(facts)
    return {
        "state": verdict.state,
        "zone": {"may_be_lost": not verdict.zone, "reasons": [*verdict.zone]},
        "region": {
            "may_be_lost": not verdict.region,
            "promised": verdict.region_is_promised,
            "reasons": [*verdict.region],
        },
        "down": [*verdict.down],
        "warnings": [*verdict.warnings],
        "serving": [*facts.serving],
        **known,
    }
