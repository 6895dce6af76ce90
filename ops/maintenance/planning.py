"""What turning the page on or off would do, and why it must not be done now. No calls here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ops.core.maintenance_note import Note
from ops.core.plan import Plan, Step
from ops.maintenance.page import Page

ON, OFF = "on", "off"
"""What a person can ask for."""

MOST_PATHS = 5
"""Values of conditions in a rule: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"""

NOTE, DISARM, PAGE, REMOVE, ARM, FORGET = "note", "disarm", "page", "remove", "arm", "forget"
"""Kinds of steps."""

PASS, ANSWER = 1, 2
"""Priorities of the two rules: what checks health comes through first, then all the rest gets the page."""


@dataclass(frozen=True)
class Listener:
    """A listener that forwards to servers."""

    arn: str
    target_group: str
    """ARN."""
    passes: str = ""
    """ARN of our rule that lets health checks through; empty if there is none."""
    answers: str = ""
    """ARN of our rule that answers with the page."""
    page: Page | None = None
    """What that answers."""
    paths: tuple[str, ...] = ()
    """What the first rule lets through."""
    lowest: int = 0
    """The lowest priority of a rule of somebody else's; 0 without any."""


@dataclass(frozen=True)
class Balancer:
    """A region's load balancer."""

    region: str
    name: str
    application: bool = True
    """A Network Load Balancer passes bytes on, and can't answer."""
    listeners: tuple[Listener, ...] = ()
    healthy: int = 0
    """Servers that it finds healthy."""


@dataclass(frozen=True)
class Facts:
    """What is known before."""

    balancers: tuple[Balancer, ...]
    note: Note | None = None
    schedule: str = ""
    """The rule that starts the failover function; empty without one."""
    armed: bool = False
    """Whether it is enabled."""
    paths: tuple[str, ...] = field(default=("/healthz",))
    """What checks of health ask for."""


def on(facts: Facts, page: Page) -> Plan:
    """Return the plan to turn the page on, or to change it. What is on already is left out."""
    steps = []
    if facts.note is None:
        schedule = facts.schedule if facts.armed else ""
        steps.append(Step(NOTE, "note since when, by whom, and what to put back", {"schedule": schedule}))
    if facts.schedule and facts.armed:
        steps.append(Step(DISARM, f"stop the automation: disable {facts.schedule}", {"rule": facts.schedule}))
    for balancer in facts.balancers:
        steps += [
            Step(
                PAGE,
                f"let {balancer.name} in {balancer.region} answer with the page",
                {"region": balancer.region, "listener": listener, "paths": facts.paths, "page": page},
            )
            for listener in balancer.listeners
            if not (listener.passes and listener.paths == facts.paths and listener.page == page)
        ]
    notes = []
    if any(step.kind == PAGE for step in steps):
        notes.append(f"health checks come through ({', '.join(facts.paths)}), so that nothing moves users for the page")
        notes.append("the alarm balancer-errors counts the page's 503: its mails are expected until `maintenance off`")
    return Plan("maintenance on", tuple(steps), tuple(notes), tuple(_refused(facts)))


def off(facts: Facts, *, force: bool = False) -> Plan:
    """Return the plan to turn the page off and to put back what was before."""
    steps = [
        Step(REMOVE, f"let {each.name} in {each.region} send users to its servers", _where(each, listener))
        for each in facts.balancers
        for listener in each.listeners
        if listener.passes or listener.answers
    ]
    pages, notes = bool(steps), []
    if facts.note and facts.note.schedule and not facts.armed:
        rule = facts.note.schedule
        steps.append(Step(ARM, f"start the automation: enable {rule}", {"rule": rule}))
    elif facts.schedule and not facts.armed:
        notes.append(f"{facts.schedule} is disabled, and was before, or nobody noted it: it stays so")
    if facts.note:
        steps.append(Step(FORGET, "take the note away"))
    refused = []
    if pages and not force and not any(each.healthy for each in facts.balancers):
        refused.append("no server is healthy in any region: users would see an error instead; --force goes on")
    return Plan("maintenance off", tuple(steps), tuple(notes), tuple(refused))


def _where(balancer: Balancer, listener: Listener) -> Mapping[str, object]:
    return {"region": balancer.region, "listener": listener}


def _refused(facts: Facts) -> list[str]:
    reasons = []
    for balancer in facts.balancers:
        where = f"{balancer.name} in {balancer.region}"
        if not balancer.application:
            reasons.append(f"{where} is a Network Load Balancer: it passes bytes on, and can't answer with a page")
        elif not balancer.listeners:
            reasons.append(f"{where} has no listener that sends users to servers")
        for listener in balancer.listeners:
            if 0 < listener.lowest <= ANSWER and not listener.answers:
                taken = f"has a rule of priority {listener.lowest}, which isn't this command's"
                reasons.append(f"{where} {taken}; the page needs {PASS} and {ANSWER}")
    return reasons
