"""The verdict: may a zone be lost now, may a region, and every reason why not. No SDK here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ha_web.recovery.durations import format_duration

from ops.status.facts import ALONE, DATA, PRIMARY, STANDBY, Data, Facts, Fleet, Region
from ops.status.remarks import remarks, unreached

ONE_REGION = ("", "backup-restore")
"""Strategies without a cluster in a second region."""


@dataclass(frozen=True)
class Verdict:
    """What a person wants to know first."""

    zone: tuple[str, ...]
    """Why a zone may not be lost; empty if it may."""
    region: tuple[str, ...]
    """Why a region may not be lost; empty if it may."""
    region_is_promised: bool
    """Whether the strategy has a region that takes over: without one, `no` is what was ordered."""
    down: tuple[str, ...]
    """Why users aren't served; empty if they are, as far as can be told."""
    warnings: tuple[str, ...]
    """What else isn't as it should be."""

    @property
    def state(self) -> str:
        """`healthy`, `degraded` or `down`."""
        if self.down:
            return "down"
        worse = self.zone or self.warnings or (self.region and self.region_is_promised)
        return "degraded" if worse else "healthy"


def judge(facts: Facts) -> Verdict:
    """Return the verdict."""
    return Verdict(
        tuple(_unique(_zone_reasons(facts))),
        tuple(_unique(_region_reasons(facts))),
        facts.strategy not in ONE_REGION,
        tuple(_down(facts)),
        tuple(_unique(remarks(facts))),
    )


def _unique(reasons: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(reasons))


def needed(facts: Facts, fleet: Fleet) -> int:
    """Return how many servers carry the load: as configured, else what the loss of a zone leaves of the desired."""
    if facts.needed is not None:
        return facts.needed
    zones = len(fleet.serving) or 1
    return max(1, fleet.desired - -(-fleet.desired // zones))


def _zone_reasons(facts: Facts) -> Iterator[str]:
    """Reasons of the regions that serve."""
    for role in facts.serving:
        region = facts.regions.get(role)
        if region is None:
            continue
        if region.silent:
            yield f"{region.region} can't be read: {region.silent}"
            continue
        yield from _fleet_reasons(facts, region)
        for part, name in DATA.items():
            data: Data | None = getattr(region, part)
            if data is None and part in region.unread:
                yield f"{name} in {region.region} can't be read: {region.unread[part]}"
            elif data and data.zonal:
                where = f"only in {next(iter(data.zones))}" if len(data.zones) < 2 else "without a node that takes over"
                yield f"{name} in {region.region} is {where}"
            elif data and data.status != "available":
                yield f"{name} in {region.region} is {data.status}"


def _entered(region: Region) -> dict[str, int]:
    """Return the servers by zone, without those of zones that users are kept out of."""
    serving = region.fleet.serving if region.fleet else {}
    return {zone: count for zone, count in serving.items() if zone not in region.away}


def _fleet_reasons(facts: Facts, region: Region) -> Iterator[str]:
    if region.fleet is None:
        yield f"the servers in {region.region} can't be read: {region.unread.get('servers', 'not asked')}"
        return
    wanted = needed(facts, region.fleet)
    fleet = replace(region.fleet, serving=_entered(region))
    if fleet.left < wanted:
        yield (
            f"{fleet.healthy} of {fleet.desired} servers serve in {region.region}; "
            f"without {fleet.fullest or 'a zone'} {fleet.left} would, and the load needs {wanted}"
        )


def _region_reasons(facts: Facts) -> Iterator[str]:
    """Reasons of the region that would take over."""
    if facts.strategy in ONE_REGION:
        yield (
            "no servers stand in a second region, only copies of backups: restoring takes hours"
            if facts.strategy
            else "the site is in one region"
        )
        return
    if facts.switched or (facts.has_switch and facts.serving == (STANDBY,)):
        yield "users are sent to the standby, and nothing takes over from it before `failback`"
        return
    if facts.has_switch and facts.switched is None:
        yield f"the switch can't be read: {facts.unread.get('switch', 'not asked')}"
    for role in _taking_over(facts):
        region = facts.regions.get(role)
        if region is None or region.silent:
            where = region.region if region else "the second region"
            yield f"{where} can't be read: {region.silent if region else 'it is not in the outputs'}"
            continue
        yield from unreached(region)
        yield from _capacity_reasons(facts, region)
        yield from _data_reasons(facts, region)
        for certificate in region.certificates:
            if certificate.days <= 0 or certificate.status != "ISSUED":
                yield f"the certificate of {certificate.name} in {region.region} isn't valid ({certificate.status})"
    yield from _automation_reasons(facts)


def _taking_over(facts: Facts) -> tuple[str, ...]:
    """Roles that must be able to carry the load alone: in active-active each region."""
    return (PRIMARY, STANDBY) if facts.strategy == "active-active" else (STANDBY,)


def _capacity_reasons(facts: Facts, region: Region) -> Iterator[str]:
    fleet = region.fleet
    if fleet is None:
        yield f"the servers in {region.region} can't be read: {region.unread.get('servers', 'not asked')}"
        return
    main = facts.regions.get(PRIMARY)
    wanted = needed(facts, main.fleet if main and main.fleet else fleet)
    if fleet.maximum < wanted:
        yield f"the group in {region.region} may have {fleet.maximum} servers, and the load needs {wanted}"
    if fleet.healthy < min(fleet.desired, wanted):
        yield f"{fleet.healthy} of {fleet.desired} servers serve in {region.region}"
    if facts.strategy == "active-active" and fleet.healthy < wanted:
        yield f"{fleet.healthy} servers serve in {region.region}, and the load needs {wanted}"
    if quota := region.quota:
        missing = max(0, wanted - fleet.healthy) * quota.each
        free = quota.allowed - (quota.used or 0)  # where nobody knows the use, too few in all are too few
        if missing > free:
            yield f"a failover needs {missing} more vCPUs in {region.region}; {free:g} of {quota.allowed:g} are free"


def _data_reasons(facts: Facts, region: Region) -> Iterator[str]:
    for part, name in DATA.items():
        data: Data | None = getattr(region, part)
        where = f"{name} in {region.region}"
        if data is None:
            if part in region.unread:
                yield f"{where} can't be read: {region.unread[part]}"
            continue
        if data.status != "available":
            yield f"{where} is {data.status}"
        if data.role == ALONE:
            yield f"{where} doesn't follow the other region's"
        if data.lag is not None and facts.lag_objective is not None and data.lag > facts.lag_objective:
            behind, most = format_duration(round(data.lag)), format_duration(facts.lag_objective)
            yield f"{where} is {behind} behind; the objective is {most}"


def _automation_reasons(facts: Facts) -> Iterator[str]:
    """A function that was ordered and doesn't work; where a person starts a failover, that is no reason."""
    if not facts.has_automation:
        return
    automation = facts.automation
    if automation is None:
        yield f"the failover function can't be read: {facts.unread.get('automation', 'not asked')}"
        return
    if automation.state != "Active":
        yield f"the failover function is {automation.state}"
    if automation.schedule != "ENABLED" and facts.maintenance:
        yield f"the automation is off: {facts.maintenance}"
    elif automation.schedule != "ENABLED":
        yield f"the failover function isn't started: its schedule is {automation.schedule or 'gone'}"
    if automation.errors:
        yield f"the failover function failed {automation.errors} times in the last 15 minutes"


def _down(facts: Facts) -> Iterator[str]:
    if facts.answer.served is False:
        why = f" ({facts.maintenance})" if facts.maintenance else ""
        yield f"https://{facts.site} {facts.answer.text}{why}"
    known = [facts.regions[role] for role in facts.serving if role in facts.regions]
    cut_off = [reason for region in known for reason in unreached(region)]
    if known and len(cut_off) == len(known) and not facts.answer.served:
        yield from cut_off
    fleets = [region.fleet for region in known if region.fleet]
    if known and len(fleets) == len(known) and not any(fleet.healthy for fleet in fleets) and not facts.answer.served:
        yield f"no server serves in {', '.join(region.region for region in known)}"
