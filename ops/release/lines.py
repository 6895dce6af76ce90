"""The releases of a stack as lines for a person, and as plain data. No SDK here."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ha_web.release.view import View, healthy, progress

from ops.release.facts import Facts, Region
from ops.release.history import lines as served_lines
from ops.release.history import way_back
from ops.release.planning import setting

SHOWN = 3
"""Versions that were served before, in the status; `history` has all."""


def status_lines(facts: Facts) -> Iterator[str]:
    """Yield what each region serves."""
    for each in facts.regions:
        yield f"{each.role}  {each.region}"
        if each.silent or each.view is None:
            yield f"  can't be read: {each.silent}"
            continue
        yield f"  serves      {_serves(each)}"
        if each.refresh:
            yield f"  under way   {under_way(each)}"
        yield f"  servers     {_runs(each)}; {_zones(each.view)}; {healthy(each.view)}"
        if len(each.served) > 1:
            before = (f"{old.version} ({old.since:%Y-%m-%d %H:%M})" for old in each.served[1 : SHOWN + 1])
            yield f"  before      {', '.join(before)}"
        if each.last and not each.refresh:
            yield f"  last        {last(each)}"


def under_way(region: Region) -> str:
    """Return how far the release under way is."""
    assert region.view is not None
    return progress(region.view, region.wanted.number if region.wanted else "unknown")


def last(region: Region) -> str:
    """Return how the last release ended."""
    found = region.last or {}
    ended, reason = found.get("EndTime"), str(found.get("StatusReason") or "").strip()
    return f"{found.get('Status')}{f' {ended:%Y-%m-%d %H:%M} UTC' if ended else ''}{f': {reason}' if reason else ''}"


def _serves(region: Region) -> str:
    since = f" since {region.served[0].since:%Y-%m-%d %H:%M} UTC" if region.served else ""
    written = str(region.served[0].version) if region.served else region.number
    differs = f"; written down is {written}: the next `pulumi up` mends that" if written != region.number else ""
    return f"version {region.number}{since}{differs}"


def _zones(view: View) -> str:
    counts = Counter(server.zone for server in view.servers)
    return ", ".join(f"{zone} {counts[zone]}" for zone in sorted(counts)) or "in no zone"


def _runs(region: Region) -> str:
    return ", ".join(f"{count} run {version}" for version, count in region.runs.items()) or "none"


def history_lines(facts: Facts, back: int, stack: str) -> Iterator[str]:
    """Yield what each region has served, and the commands that keep an earlier version."""
    commands = []
    for each in facts.regions:
        if each.silent:
            yield f"{each.role} ({each.region}) can't be read: {each.silent}"
            continue
        yield f"{each.role} ({each.region}) serves version {each.number}"
        yield from served_lines(each.served)
        version = way_back(each.releases, back)
        if version is None:
            yield f"  nothing was served {back} before it"
        else:
            commands.append(f"  {setting(stack, each.role, version)}")
    if commands:
        yield from ["", f"To go back by {back}: ha-web release rollback; then, so that Pulumi keeps it:", *commands]


def document(facts: Facts) -> dict[str, Any]:
    """Return plain data."""
    return {"regions": {each.role: _document(each) for each in facts.regions}}


def _document(region: Region) -> dict[str, Any]:
    if region.silent or region.view is None:
        return {"region": region.region, "unread": region.silent}
    refresh = region.last or {}
    return {
        "region": region.region,
        "group": region.group,
        "version": region.number,
        "whole": region.is_whole,
        "servers": dict(region.runs),
        "healthy": region.view.serving,
        "under_way": under_way(region) if region.refresh else "",
        "last": {"status": refresh.get("Status", ""), "reason": refresh.get("StatusReason") or ""},
        "served": [{"version": each.version, "since": each.since.isoformat()} for each in region.served],
    }
