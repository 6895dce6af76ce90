"""What leaving a zone, or entering it again, would do, and why it must not be done now. No calls here."""

import re
import time
from collections.abc import Iterable, Mapping

from ops.core.plan import Plan, Step
from ops.zone.facts import MARK, Facts, Resource, Shift

AWAY, BACK, SHOW = "away", "back", "show"
"""What a person can ask for."""

BALANCER, PERMIT, GROUP, SERVERS, END_GROUP, END_BALANCER = (
    *("balancer", "permit", "group", "servers", "end group", "end balancer"),
)
"""Kinds of steps."""

DEFAULT_FOR = "3h"
"""Our choice; AWS has no default. Who is still away then gets the zone back unless the shift is prolonged."""

LONGEST_HOURS = 72
"""AWS takes no longer at once: https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_StartZonalShift.html"""

LONGEST_COMMENT = 128
SAME = 60.0
"""Seconds by which two ends may differ and still be the same."""


def seconds_of(duration: str) -> float | None:
    """Return the seconds of `90m` or `3h`; None for what AWS doesn't take."""
    found = re.fullmatch(r"([1-9][0-9]{0,3})([mh])", duration)
    seconds = int(found[1]) * {"m": 60, "h": 3600}[found[2]] if found else None
    return None if seconds is None or seconds > LONGEST_HOURS * 3600 else float(seconds)


def away(facts: Facts, zone: str, *, lasting: str = "", who: str = "", force: bool = False, now: float = 0) -> Plan:
    """Return the plan to leave a zone: users first, unless servers must be started for them.

    Args:
        lasting: how long, as AWS writes it; empty for the default, which changes nothing that is under way.
        who: the person, for the shift's comment.
        now: seconds since 1970.
    """
    told = {"zone": zone, "for": lasting or DEFAULT_FOR, "comment": f"{MARK} by {who}"[:LONGEST_COMMENT]}
    until = now + (seconds_of(told["for"]) or 0)
    users = _begin(BALANCER, facts.balancer, f"keep users out of {zone}", told, until, explicit=bool(lasting))
    launches = _begin(GROUP, facts.group, f"keep new servers out of {zone}", told, until, explicit=bool(lasting))
    if launches and not facts.group.managed:
        launches.insert(0, Step(PERMIT, f"turn zonal shift on for {facts.group.name}", {"arn": facts.group.arn}))
    more, refused = _capacity(facts, zone)
    refused += _unsupported(facts)
    servers = [more] if more else []
    steps = [*launches, *servers, *users] if servers else [*users, *launches]
    reasons = [*_contradictions(facts, zone), *([] if force else [f"{each}; --force goes on" for each in refused])]
    notes = _others(facts, zone)
    if steps and not facts.crosses:
        notes.append("the balancer sends nothing across zones: each zone that is left serves as many users as another")
    return Plan(f"zone away {zone}", tuple(steps), tuple(notes), tuple(reasons))


def back(regions: Iterable[Facts], notes: Iterable[str] = (), zone: str = "", *, others: bool = False) -> Plan:
    """Return the plan to enter a zone again: servers first, then users.

    Args:
        regions: what is known of each region that is asked.
        notes: what else a person should know.
        zone: the zone; empty for whichever was left.
        others: also end what somebody else has started.
    """
    steps, told = [], [*notes]
    for facts in regions:
        for kind, what, resource in (
            (END_GROUP, "new servers", facts.group),
            (END_BALANCER, "users", facts.balancer),
        ):
            for shift in resource.shifts:
                where = {"zone": shift.zone, "shift": shift.identifier, "region": facts.region}
                if zone and shift.zone != zone:
                    told.append(f"{resource.name} is kept out of {shift.zone}, not of {zone}: that stays")
                elif shift.is_ours or (others and shift.identifier and shift.kind != "FIS_EXPERIMENT"):
                    steps.append(Step(kind, f"let {what} into {shift.zone} again", where))
                else:
                    told.append(f"{_said(resource, shift)}: that stays{_remedy(shift)}")
        left = {step.about["zone"] for step in steps if step.about["region"] == facts.region}
        told += [
            f"no server serves in {each} yet: users who come in there are served by other zones"
            for each in sorted(left)
            if not facts.serving.get(each)
        ]
    return Plan(f"zone back {zone}".strip(), tuple(steps), tuple(told))


def shown(facts: Facts) -> list[str]:
    """Return what a region's resources are kept out of, a line each."""
    found = []
    for resource in (facts.balancer, facts.group):
        found += [_said(resource, shift) for shift in resource.shifts]
        if not resource.managed:
            found.append(f"{resource.name}: zonal shift is off; `zone away` turns it on for servers")
        elif not resource.shifts:
            found.append(f"{resource.name}: in all zones")
    practised = "on" if facts.balancer.autoshift else "off"
    zones = ", ".join(f"{zone} ({facts.names.get(zone, '?')}) {count}" for zone, count in facts.serving.items())
    return [*found, f"zonal autoshift with practice runs: {practised}", f"servers: {zones}; {facts.needed} needed"]


def clock(at: float | None) -> str:
    """Return a time for a person."""
    return "the zone is well" if at is None else time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))


def _begin(
    kind: str, resource: Resource, text: str, told: Mapping[str, str], until: float, *, explicit: bool
) -> list[Step]:
    """Return the step that keeps a resource out of the zone; none if it is, for as long as was asked."""
    about = {**told, "arn": resource.arn, "shift": ""}
    under_way = resource.by_hand
    if under_way is None:
        return [Step(kind, f"{text} for {told['for']}: {resource.name}", about)]
    if not explicit or abs((under_way.until or 0) - until) <= SAME:
        return []
    renewed = {**about, "shift": under_way.identifier}
    return [Step(kind, f"{text} for {told['for']} from now on, not until {clock(under_way.until)}", renewed)]


def _contradictions(facts: Facts, zone: str) -> list[str]:
    """Return what AWS would refuse: no --force helps."""
    reasons = []
    if not facts.balancer.managed:
        reasons.append(f"{facts.balancer.name} has zonal shift off; the next `pulumi up` turns it on")
    for resource in (facts.balancer, facts.group):
        shift = resource.by_hand
        if shift and shift.zone != zone:
            said = f"{resource.name} is kept out of {shift.zone} until {clock(shift.until)}"
            reasons.append(f"{said}, and AWS lets it leave one zone at a time: `zone back {shift.zone}` first")
    return reasons


def _unsupported(facts: Facts) -> list[str]:
    """Return what AWS says that it doesn't support; whether it refuses it, its pages don't say.

    https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.network-load-balancers.html
    """
    if not (facts.ends_connections and facts.crosses):
        return []
    said = "balances across zones and ends connections to unhealthy servers"
    return [f"{facts.balancer.name} is a Network Load Balancer that {said}: AWS shifts none such"]


def _capacity(facts: Facts, zone: str) -> tuple[Step | None, list[str]]:
    """Return the step that starts the servers that the other zones lack, and why it can't be done."""
    lacks = missing(facts.serving, zone, facts)
    if not lacks:
        return None, []
    coming = max(0, facts.desired - sum(facts.members.values()))
    more = max(0, missing(facts.members, zone, facts) - coming)
    left = sum(count for each, count in facts.serving.items() if each != zone)
    said = f"without {zone} {left} of {sum(facts.serving.values())} servers serve, and the load needs {facts.needed}"
    about = {"zone": zone, "desired": facts.desired + more, "lacks": lacks}
    step = Step(SERVERS, f"start {_more(more)} outside of {zone}, and wait until they serve", about)
    if not more:
        step = Step(SERVERS, f"wait until {_more(lacks)} outside of {zone} serve", about)
    if len(facts.serving) < 2:
        return None, [f"{said}: there is no other zone"]
    if facts.desired + more > facts.maximum:
        return None, [f"{said}; {facts.group.name} may have {facts.maximum} in all, and {zone} keeps its own"]
    if facts.quota and more * facts.quota.each > facts.quota.allowed - (facts.quota.used or 0):
        free = facts.quota.allowed - (facts.quota.used or 0)
        return None, [f"{said}; {_more(more)} would take {more * facts.quota.each} vCPUs, and {free:g} are free"]
    return step, []


def _more(count: int) -> str:
    return f"{count} more server{'' if count == 1 else 's'}"


def missing(servers: Mapping[str, int], zone: str, facts: Facts) -> int:
    """Return how many servers the other zones lack. Without balancing across zones each needs its share."""
    rest = [count for each, count in servers.items() if each != zone]
    if facts.crosses or not rest:
        return max(0, facts.needed - sum(rest))
    share = -(-facts.needed // len(rest))
    return sum(max(0, share - count) for count in rest)


def _others(facts: Facts, zone: str) -> list[str]:
    """Return what others have started: it goes on beside this, and ours comes first."""
    return [
        f"{_said(resource, shift)}; what a person starts has precedence"
        for resource in (facts.balancer, facts.group)
        for shift in resource.shifts
        if not shift.is_ours and (shift.zone == zone or shift.kind != "ZONAL_SHIFT")
    ]


def _said(resource: Resource, shift: Shift) -> str:
    return f"{resource.name} is kept out of {shift.zone} until {clock(shift.until)}, by {shift.who}"


def _remedy(shift: Shift) -> str:
    return "; --all ends it, too" if shift.identifier and shift.kind != "FIS_EXPERIMENT" else ""
