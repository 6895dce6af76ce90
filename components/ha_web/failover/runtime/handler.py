"""The function's entries: what a schedule starts every minute, what an operator invokes, and what a plan's steps call.

    {"action": "watch"}       check the primary for two minutes; fail over if it fails (what the schedule sends)
    {"action": "note"}        note how many servers the primary runs (what the schedule sends where people act)
    {"action": "plan"}        describe what would be done, and do nothing
    {"action": "failover"}    do it now: a person has decided

Several runs watch at once, so that the primary is checked every ten seconds whenever in its minute the schedule starts
one; an operator can always invoke another. One of them acts: it writes a note into the switch's bucket first, and the
others leave it alone while the note is there. A run that finds a failure goes on until it has acted or the failure is
over; what a run couldn't finish, a later one continues.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .apply import Clock, Outcome, apply, fail_over, notify, tell_late
from .clients import Clients, clients_of
from .config import Config, load
from .notes import Seen, note_healthy, only_run, owed_notice, seen, servers_of_primary
from .observe import Resolver, look, observe, resolve, switched
from .plan import Kind, State, plan
from .returned import let_forward

LOOK_SECONDS = 10
"""Between the starts of two checks of the primary."""

WATCH_SECONDS = 120
"""A run's checks of a healthy primary. EventBridge starts a run at any second of its minute, so that two starts may be
almost two minutes apart: the next run has started when this one ends.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html"""

MARGIN_SECONDS = 20
"""Left of the function's time limit when it stops by itself: enough for the last calls and the notice."""

UNLIMITED = 600_000


def handle(event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """Run what the event asks for. Raises on a wrong configuration or event, so that the alarm on errors goes off."""
    clock = Clock()
    left = context.get_remaining_time_in_millis() if context is not None else UNLIMITED
    config = load()
    deadline = clock.now() + left / 1000 - MARGIN_SECONDS
    result = run(event or {}, config, clients_of(config.region), deadline, clock, primary=_primary(config))
    print(json.dumps(result))
    return result


def run(
    event: dict[str, Any],
    config: Config,
    clients: Clients,
    deadline: float,
    clock: Clock,
    resolver: Resolver = resolve,
    primary: Clients | None = None,
) -> dict[str, Any]:
    """Do what the event asks for, until `deadline` on the clock.

    primary: clients of the primary region, which are asked only while it is healthy, or where there are no notes.
    """
    action = event.get("action", "watch")
    if action == "watch":
        return watch(config, clients, deadline, clock, resolver, primary)
    if action == "note":
        return _note(config, clients, deadline, clock, resolver, primary)
    if action == "plan":
        config = _sized(config, primary)
        return {"result": "plan", "steps": [step.text for step in plan(observe(config, clients), config)]}
    if action == "failover":
        return _act(_sized(config, primary), clients, deadline, clock)
    raise ValueError(f'action is "{action}"; it must be watch, note, plan or failover')


def watch(
    config: Config,
    clients: Clients,
    deadline: float,
    clock: Clock,
    resolver: Resolver,
    primary: Clients | None = None,
) -> dict[str, Any]:
    """Check the primary until the run is over, or until it has failed for long enough; then fail over.

    A primary that was never seen healthy is not failed over from: it may be a check that can't pass.
    """
    if config.switch is None:
        raise ValueError("there is no switch to move; a person invokes the failover")
    state = observe(config, clients)
    if state.untold:
        return _tell(config, clients, deadline, clock)
    if state.switched:
        return _standby_serves(config, clients, primary)
    known, noted, trouble = seen(config, clients), False, ""
    began, failing_since = clock.now(), None
    while True:
        now = clock.now()
        views = look(config, resolver)
        if views.healthy and not noted:
            noted = True
            try:
                known = note_healthy(config, clients, primary, known)
            except (ClientError, BotoCoreError) as error:
                trouble = f"the primary is healthy, but that can't be noted: {error}"
        if state.begun and views.any_failed and observe(config, clients).begun:
            return _act(config, clients, deadline, clock)
        failing_since = (now if failing_since is None else failing_since) if views.failed else None
        failed = failing_since is not None and now - failing_since >= config.after_seconds
        if failed and known is not None:
            return _act(config, clients, deadline, clock)
        if (failing_since is None or failed) and now - began >= WATCH_SECONDS:
            return _nothing_done(state, known, config, clients, trouble)
        if now + LOOK_SECONDS > deadline:
            return {"result": "out of time", "beacon": views.beacon, "probe": views.probe}
        clock.sleep(max(0.0, now + LOOK_SECONDS - clock.now()))  # a check of what is dead takes seconds itself


def _nothing_done(state: State, known: Seen | None, config: Config, clients: Clients, trouble: str) -> dict[str, Any]:
    if trouble:
        raise RuntimeError(trouble)
    now = observe(config, clients) if state.begun else state
    if now.switched:
        return {"result": "standby serves"}  # by another run, meanwhile
    if now.begun:
        return _half_done(now, config, clients)
    return {"result": "primary serves" if known else "primary never seen healthy"}


def _half_done(state: State, config: Config, clients: Clients) -> dict[str, Any]:
    """Notify people, every minute: the primary is healthy, but stores are the standby's; a person must decide."""
    roles = ", ".join(f"{store} is {role}" for store, role in state.roles.items())
    if config.topic_arn:
        notify(config, clients, Outcome(failed={"half done": f"the primary answers, but here {roles}"}))
    return {"result": "half done", "roles": roles}


def _note(
    config: Config, clients: Clients, deadline: float, clock: Clock, resolver: Resolver, primary: Clients | None
) -> dict[str, Any]:
    """Note what the primary runs if it is healthy, for the failover that a person starts."""
    if switched(config, clients):
        if owed_notice(config, clients) is not None:
            return _tell(config, clients, deadline, clock)
        return _standby_serves(config, clients, primary)
    if not look(config, resolver).healthy:
        return {"result": "primary not healthy"}
    found = note_healthy(config, clients, primary, seen(config, clients))
    return {"result": "noted", "servers": found.servers}


def _standby_serves(config: Config, clients: Clients, primary: Clients | None) -> dict[str, Any]:
    """Do what a primary needs that is back, and nothing else: failback is a person's decision."""
    forwards = let_forward(config, clients, primary)
    return {"result": "standby serves", **({"forwards": "the returned primary's writes"} if forwards else {})}


def _tell(config: Config, clients: Clients, deadline: float, clock: Clock) -> dict[str, Any]:
    """Tell people of users who were sent, which whoever sent them didn't live to do; change nothing."""
    now = clock.epoch()
    with only_run(config, clients, now, now + deadline - clock.now() + MARGIN_SECONDS) as other:
        if other is not None:
            return {"result": "another run acts", **other}
        owed = owed_notice(config, clients)
        if owed is None or not switched(config, clients):
            return {"result": "standby serves"}
        return {"result": "told", **tell_late(config, clients, owed).as_dict()}


def _act(config: Config, clients: Clients, deadline: float, clock: Clock) -> dict[str, Any]:
    """Fail over, unless another run does so already."""
    now = clock.epoch()
    with only_run(config, clients, now, now + deadline - clock.now() + MARGIN_SECONDS) as other:
        if other is not None:
            return {"result": "another run acts", **other}
        outcome = fail_over(config, clients, deadline, clock)
    if outcome is None:
        return {"result": "standby serves"}
    return {"result": "failed over" if outcome.switched else "stopped", **outcome.as_dict()}


def _primary(config: Config) -> Clients | None:
    source = (config.database or {}).get("source_arn", "")
    region = (config.capacity or {}).get("primary_region") or (source.split(":")[3] if source else None)
    return clients_of(region, brief=True) if region else None


def _sized(config: Config, primary: Clients | None) -> Config:
    """Return a configuration for as many servers as the primary runs now, where there is no bucket for notes."""
    servers = servers_of_primary(config, primary) if config.switch is None else None
    if servers is None or config.capacity is None:
        return config
    return replace(config, capacity={**config.capacity, "minimum": max(config.capacity["minimum"], servers)})


STEPS = {
    "promote_stores": (Kind.SESSIONS, Kind.STORAGE),
    "move_switch": (Kind.WAIT, Kind.SWITCH, Kind.NOTIFY),
}
"""Steps of the functions that a Region switch plan invokes, by the name of their handler."""


def promote_stores(_event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """Promote the session store and let the file system go: a step of a plan, for which Region switch has no block."""
    return _only("promote_stores", context)


def move_switch(_event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """Wait until the standby can serve, send users there and notify people: the last step of a Region switch plan."""
    return _only("move_switch", context)


def refuse(_event: dict[str, Any] | None, _context: Any) -> dict[str, Any]:
    """Refuse a Region switch plan's way back: failback is a person's decision."""
    raise RuntimeError("failback is a person's decision: docs/runbooks/failback.md")


def _only(name: str, context: Any) -> dict[str, Any]:
    config = load()
    left = context.get_remaining_time_in_millis() if context is not None else UNLIMITED
    return run_steps(STEPS[name], config, clients_of(config.region), left / 1000 - MARGIN_SECONDS, Clock())


def run_steps(
    kinds: tuple[Kind, ...], config: Config, clients: Clients, seconds: float, clock: Clock
) -> dict[str, Any]:
    """Carry out some kinds of steps, for a plan that AWS runs; raises if one fails, so that AWS stops or retries it."""
    steps = [step for step in plan(observe(config, clients), config) if step.kind in kinds]
    outcome = apply(steps, config, clients, clock.now() + seconds, clock)
    if outcome.failed.keys() - {*config.optional, Kind.NOTIFY}:
        raise RuntimeError(json.dumps(outcome.failed))
    return outcome.as_dict()
