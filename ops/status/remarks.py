"""What else isn't as it should be: nothing that a lost zone or region would turn into an outage. No SDK here."""

import math
from collections.abc import Iterator

from ha_web.recovery.durations import format_duration

from ops.status.facts import DATA, REPLICA, STANDBY, Data, Facts, Region

EXPIRES_SOON = 14
"""Days. ACM renews 60 days before the end and mails 45 days before it where it can't:
https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html"""


def remarks(facts: Facts) -> Iterator[str]:
    """Yield what isn't as it should be and keeps neither a zone nor a region from being lost."""
    for region in facts.regions.values():
        where = region.region
        if region.silent:
            yield f"{where} can't be read: {region.silent}"
        yield from (f"{what} in {where} can't be read: {why}" for what, why in region.unread.items())
        yield from unreached(region)
        yield from (f"users are kept out of {zone} {until}" for zone, until in region.away.items())
        for certificate in region.certificates:
            if certificate.days < EXPIRES_SOON:
                yield f"the certificate of {certificate.name} in {where} ends in {certificate.days:.0f} days"
        for backup in region.backups:
            if backup.age is None:
                yield f"{backup.resource} has no recent recovery point in {where}"
            elif backup.age > (most_age := facts.age_objectives.get(region.role, math.inf)):
                old, most = format_duration(round(backup.age)), format_duration(most_age)
                yield f"the newest recovery point of {backup.resource} in {where} is {old} old; the objective is {most}"
        for topic in region.topics:
            if not topic.confirmed:
                asked = f"; {topic.pending} have not confirmed" if topic.pending else ""
                yield f"nobody hears of the alarms of {topic.name}{asked}"
        yield from (f"the alarm {name} is on" for name in region.alarms)
    yield from (f"{what} can't be read: {why}" for what, why in facts.unread.items())
    if facts.maintenance:
        yield f"users get a page from the load balancers: {facts.maintenance}; `maintenance off` ends it"
    yield from _misplaced(facts)
    if facts.dns is not None and facts.switched is not None and STANDBY in facts.regions:
        wanted = facts.serving
        if facts.strategy != "active-active" and set(facts.dns) != set(wanted):
            sends = ", ".join(facts.dns) or "no region of the stack"
            yield f"DNS answers with {sends}; the switch says {', '.join(wanted)}"


def unreached(region: Region) -> Iterator[str]:
    """Say that Route 53 doesn't reach a region, if so."""
    if region.checkers and not region.checkers.healthy:
        yield f"Route 53 doesn't reach {region.region}: {region.checkers.reach} of {region.checkers.all} checkers do"


def _misplaced(facts: Facts) -> Iterator[str]:
    """Data that takes writes elsewhere than where users are: after a failover or a way back that stopped half-way."""
    if facts.strategy == "active-active":
        return
    for region in (facts.regions[role] for role in facts.serving if role in facts.regions):
        for part, name in DATA.items():
            data: Data | None = getattr(region, part)
            if data and data.role == REPLICA:
                yield f"users are at {region.region}, where {name} takes no writes"
