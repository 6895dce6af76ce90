"""What a switchover would do, and why it must not be done now. No calls here."""

from collections.abc import Mapping
from dataclasses import dataclass

from ha_web.failover.runtime.config import STORES
from ha_web.failover.runtime.plan import Kind, Role, View, needed_for

from ops.core.plan import Plan, Step
from ops.failback.planning import IN_STEP, SESSIONS_MOVE
from ops.failover.planning import ARRIVAL, HOLD, left
from ops.failover.planning import Facts as OfFailover

SERVERS = "servers"
"""Kind of step: servers run before a store moves, so that nothing is read-only for longer than it must be."""


@dataclass(frozen=True)
class Facts:
    """What is known before a switchover."""

    failover: OfFailover
    lags: Mapping[str, float | None]
    """Seconds that the standby's stores are behind, by store; None where nobody measured it."""


def planned(facts: Facts, *, force: bool = False) -> Plan:
    """Return the plan: the failover's steps, the database without loss, and servers that run before."""
    config, state = facts.failover.config, facts.failover.state
    steps = [Step(str(step.kind), _text(step.kind, step.text)) for step in left(facts.failover)]
    if steps and config.capacity is not None and not state.switched:
        wanted = needed_for(state, config)
        first = 1 if steps[0].kind == Kind.CAPACITY else 0
        if state.group is None or state.group.in_service < wanted or first:
            steps.insert(first, Step(SERVERS, f"wait until {wanted} servers run in {config.region}"))
    if steps and config.switch is not None:
        steps.insert(0, Step(HOLD, "keep the automation from acting beside this"))
    if steps or (facts.failover.serving is not None and "standby" not in facts.failover.serving):
        steps.append(Step(ARRIVAL, f"check that DNS leads users to {config.region}"))
    refused = [] if state.switched else [*_busy(facts), *([] if force else _unready(facts))]
    moves = state.roles.get("sessions") is Role.SECONDARY and not state.switched
    notes = SESSIONS_MOVE if moves else ()
    return Plan("switchover", tuple(steps), notes, tuple(refused))


def _text(kind: Kind, text: str) -> str:
    return text.removesuffix(", even if the last writes are lost") if kind is Kind.DATABASE else text


def _busy(facts: Facts) -> list[str]:
    return ["the automation fails over just now: wait until it has ended"] if facts.failover.acts_until else []


def _unready(facts: Facts) -> list[str]:
    """Return what would lose something, or leaves users without a region."""
    known, state = facts.failover, facts.failover.state
    reasons = [f"{known.config.region}: {error}" for error in state.errors]
    if known.views is None or known.views.probe is not View.HEALTHY:
        reasons.append("the primary doesn't answer, and `failover` is the way then")
    for store in STORES:
        if state.roles.get(store) is not Role.SECONDARY:
            continue
        lag = facts.lags.get(store)
        if store == "storage":
            reasons.append("files that were written since EFS copied last would be lost: stop what writes them first")
        elif lag is None:
            reasons.append(f"nobody measured how far the standby's {store} is behind")
        elif lag > IN_STEP:
            reasons.append(f"the standby's {store} is {lag:g} s behind")
    return [f"{reason}; --force goes on" for reason in reasons]
