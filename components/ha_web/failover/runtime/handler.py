"""When: the entry of the function that a schedule starts every minute.

    {"action": "watch"}       look for most of a minute; act if the primary fails (what the schedule sends)
    {"action": "plan"}        say what would be done, and do nothing
    {"action": "failover"}    do it now: a person has decided

Runs never overlap: the function has a reserved concurrency of one, its events are not retried and are dropped after a
minute. A run that notices a failure goes on, past its minute, until it has acted or the failure is over; what a run
couldn't finish the next one goes on with.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from .apply import Clock, Outcome, apply, fail_over, notify
from .clients import Clients, clients_of
from .config import Config, load
from .observe import Resolver, look, observe, resolve
from .plan import Kind, State, plan

LOOK_SECONDS = 10
"""Between two looks at the primary."""

WATCH_SECONDS = 50
"""A run's looks at a healthy primary; with the next minute's run, there is one every ten seconds."""

MARGIN_SECONDS = 20
"""Left of the function's time limit when it stops by itself: enough for the last calls and the notice."""

UNLIMITED = 600_000


def handle(event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """The function. Raises on a wrong configuration or event, so that the alarm on errors goes off."""
    clock = Clock()
    left = context.get_remaining_time_in_millis() if context is not None else UNLIMITED
    config = load()
    result = run(event or {}, config, clients_of(config.region), clock.now() + left / 1000 - MARGIN_SECONDS, clock)
    print(json.dumps(result))
    return result


def run(
    event: dict[str, Any],
    config: Config,
    clients: Clients,
    deadline: float,
    clock: Clock,
    resolver: Resolver = resolve,
) -> dict[str, Any]:
    """What the event asks for, until `deadline` on the clock."""
    action = event.get("action", "watch")
    if action == "watch":
        return watch(config, clients, deadline, clock, resolver)
    if action == "plan":
        return {"result": "plan", "steps": [step.text for step in plan(observe(config, clients), config)]}
    if action == "failover":
        return _told(fail_over(config, clients, deadline, clock))
    raise ValueError(f'action is "{action}"; it must be watch, plan or failover')


def watch(config: Config, clients: Clients, deadline: float, clock: Clock, resolver: Resolver) -> dict[str, Any]:
    """Look until the minute is over, or until the primary has failed for long enough; then act."""
    state = observe(config, clients)
    if state.switched:
        return {"result": "standby serves"}
    began, failing_since = clock.now(), None
    while True:
        now = clock.now()
        views = look(config, resolver)
        if state.begun and views.any_failed:
            return _told(fail_over(config, clients, deadline, clock))
        failing_since = (now if failing_since is None else failing_since) if views.failed else None
        if failing_since is not None and now - failing_since >= config.after_seconds:
            return _told(fail_over(config, clients, deadline, clock))
        if failing_since is None and now - began >= WATCH_SECONDS:
            return _half_done(state, config, clients) if state.begun else {"result": "primary serves"}
        if now + LOOK_SECONDS > deadline:
            return {"result": "out of time", "beacon": views.beacon, "probe": views.probe}
        clock.sleep(max(0.0, now + LOOK_SECONDS - clock.now()))  # a look at what is dead takes seconds itself


def _half_done(state: State, config: Config, clients: Clients) -> dict[str, Any]:
    """The primary looks well, but stores are the standby's: a person must say which way. Told every minute."""
    roles = ", ".join(f"{store} is {role}" for store, role in state.roles.items())
    if config.topic_arn:
        notify(config, clients, Outcome(failed={"half done": f"the primary answers, but here {roles}"}))
    return {"result": "half done", "roles": roles}


def _told(outcome: Outcome) -> dict[str, Any]:
    return {"result": "failed over" if outcome.switched else "stopped", **outcome.as_dict()}


def promote_sessions(_event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """The function of a Region switch plan's step: make the standby's session store the primary, and wait for it."""
    return _only(replace(load(), capacity=None, database=None, storage=None), (Kind.SESSIONS, Kind.WAIT), context)


def move_switch(_event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """The function of a Region switch plan's step: send users to the standby."""
    return _only(load(), (Kind.SWITCH,), context)


def refuse(_event: dict[str, Any] | None, _context: Any) -> dict[str, Any]:
    """The function of a Region switch plan's way back: there is none that a machine should take."""
    raise RuntimeError("failback is a person's decision: docs/runbooks/failback.md")


def _only(config: Config, kinds: tuple[Kind, ...], context: Any) -> dict[str, Any]:
    """Some steps, for a plan that AWS runs; raises if one fails, so that AWS's plan stops or tries again there."""
    clock, clients = Clock(), clients_of(config.region)
    steps = [step for step in plan(observe(config, clients), config) if step.kind in kinds]
    deadline = clock.now() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS
    outcome = apply(steps, config, clients, deadline, clock)
    if outcome.failed:
        raise RuntimeError(json.dumps(outcome.failed))
    return outcome.as_dict()
