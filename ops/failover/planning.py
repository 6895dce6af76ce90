"""What a failover would do, and why it must not be done now. No calls here."""

import time
from dataclasses import dataclass

from ha_web.failover.runtime.config import STORES, Config
from ha_web.failover.runtime.observe import Views
from ha_web.failover.runtime.plan import Role, State, View, servers_for
from ha_web.failover.runtime.plan import Step as RuntimeStep
from ha_web.failover.runtime.plan import plan as runtime_plan

from ops.core.plan import Plan, Step

HOLD, ARRIVAL = "hold", "arrival"
"""Kinds of steps besides those of the function."""


@dataclass(frozen=True)
class Facts:
    """What is known before a failover."""

    config: Config
    """The failover function's own."""
    state: State
    views: Views | None = None
    """How the primary looks; None if it wasn't asked, because its region is lost."""
    acts_until: float = 0
    """Seconds since 1970 until which a run of the function fails over; 0 if none does."""
    serving: tuple[str, ...] | None = None
    """Roles that DNS leads users to; None where that can't be told."""


def planned(facts: Facts, *, force: bool = False) -> Plan:
    """Return the plan: the function's steps, with the automation kept away before and users' arrival checked after."""
    config = facts.config
    steps = [Step(str(step.kind), step.text) for step in left(facts)]
    if steps and config.switch is not None:
        steps.insert(0, Step(HOLD, "keep the automation from acting beside this"))
    if steps or (facts.serving is not None and "standby" not in facts.serving):
        steps.append(Step(ARRIVAL, f"check that DNS leads users to {config.region}"))
    refused = [*_busy(facts), *([] if force or facts.state.switched else _unready(facts))]
    notes = _notes(facts) if steps and not facts.state.switched else ()
    return Plan("failover", tuple(steps), tuple(notes), tuple(refused))


def left(facts: Facts) -> list[RuntimeStep]:
    """Return the function's steps that are left; users who were sent are told by a run that still acts."""
    return [] if facts.state.switched and facts.acts_until else runtime_plan(facts.state, facts.config)


def _busy(facts: Facts) -> list[str]:
    if not facts.acts_until or facts.state.switched:
        return []
    until = time.strftime("%H:%M:%S UTC", time.gmtime(facts.acts_until))
    return [f"the automation fails over already, until {until} at the latest; if that was killed, --take-over goes on"]


def _unready(facts: Facts) -> list[str]:
    """Return what is in the way; --force goes on all the same."""
    state, config = facts.state, facts.config
    reasons = [f"{config.region}: {error}" for error in state.errors]
    if config.capacity is not None and state.group is None and not state.errors:
        reasons.append(f"{config.region}: there is no Auto Scaling group {config.capacity['group']}")
    if state.group is not None and not state.group.maximum:
        reasons.append(f"{config.region}: the Auto Scaling group's maximum is 0, so that no server starts")
    views = facts.views
    if views is not None and not state.begun and views.probe is View.HEALTHY and views.beacon is not View.FAILED:
        reasons.append("the primary answers, and a failover loses what is not replicated yet")
    return [f"{reason}; --force goes on" for reason in reasons]


def _notes(facts: Facts) -> list[str]:
    state, config = facts.state, facts.config
    notes = []
    if config.capacity is not None:
        wanted = servers_for(state, config)
        known = "was never noted" if state.servers is None else f"was {state.servers} servers when it was last healthy"
        notes.append(f"the primary's size {known}: the standby gets {wanted}")
        if state.group is not None and state.group.maximum < wanted:
            notes.append(f"the standby's Auto Scaling group takes {state.group.maximum} servers at most")
    following = [store for store in STORES if state.roles.get(store) in (Role.SECONDARY, Role.UNKNOWN)]
    if following:
        notes.append(f"what {' and '.join(following)} did not replicate yet is lost")
    if facts.views is None:
        notes.append("the primary region is taken for lost: nothing is asked of it, nor of us-east-1")
    return notes
