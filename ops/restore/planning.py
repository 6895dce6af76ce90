"""What a restore test would do. No calls here."""

from collections.abc import Sequence

from ha_web.recovery.durations import format_duration

from ops.backup.facts import Facts
from ops.backup.planning import chosen
from ops.core.plan import Plan, Step
from ops.restore.names import name_of

REMOVE_LEFT, START, RESTORED, INSTANCE, CHECK, REMOVE = "left", "start", "restored", "instance", "check", "remove"
"""Kinds of steps, in this order: all restores begin before any is waited for."""

TESTED = ("Aurora", "EFS")
"""Types that are restored here; those of the weekly restore tests that a site has."""


def trial(facts: Facts, named: Sequence[str], region: str, left: Sequence[str], *, only_remove: bool = False) -> Plan:
    """Return the plan of a restore test.

    Args:
        left: names of what an interrupted test has left.
        only_remove: do no more than remove that.
    """
    steps = [Step(REMOVE_LEFT, f"remove {name}, which an interrupted test has left", {"name": name}) for name in left]
    if only_remove:
        return Plan("restore test", tuple(steps))
    if region in facts.silent or region not in facts.vaults:
        reason = facts.silent.get(region) or f"has no vault of the stack; {', '.join(facts.vaults) or 'no region'} has"
        return Plan("restore test", refused=(f"{region} {reason}",))
    begin, after, notes, refused = [], [], [], []
    for each in chosen(facts, named, region):
        point = facts.newest(each.arn, region)
        if each.kind not in TESTED:
            notes.append(f"{each.kind} {each.name} is not tested here: the weekly restore tests can have it")
            continue
        if point is None:
            refused.append(f"{each.kind} {each.name} has no recovery point in {region}; `backup start` makes one")
            continue
        name, age = name_of(facts.vaults[region].name, each.arn), format_duration(round(facts.now - point.made))
        about = {"name": name, "kind": each.kind, "arn": each.arn, "point": point.arn, "region": region}
        begin.append(Step(START, f"restore {each.kind} {each.name}, as it was {age} ago, as {name}", about))
        after.append(Step(RESTORED, f"wait until {name} is restored", about))
        if each.kind == "Aurora":
            after.append(Step(INSTANCE, f"start an instance in {name}", about))
        after.append(Step(CHECK, f"check {each.kind} {each.name} as restored", about))
        after.append(Step(REMOVE, f"remove {name}", about))
    if not begin and not refused:
        refused.append(f"{region} has nothing that can be restored on trial")
    if begin:
        notes.append("what is restored is charged like any other until it is removed")
    return Plan("restore test", (*steps, *begin, *after), tuple(notes), tuple(refused))
