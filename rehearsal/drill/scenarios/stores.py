"""Session store and database: their nodes that take writes are lost. The application waits for them in real time."""

from typing import Any

from rehearsal.drill.scenarios.scenario import REAL, Scenario, durable
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import at_most, loses, none_lost, recovers, shows

LAG = 2.0
"""Seconds of the lag that is made: what the alarm allows (docs/recovery.md)."""


def primary(what: str, lag: float = 0.0) -> Scenario:
    """A scenario that breaks the session store's primary."""

    async def run(stage: Stage) -> None:
        if lag:
            await stage.plane.do("fault", what="lag-sessions", region=stage.primary, seconds=lag)
            stage.step(f"replication lags by {lag:g} s")
            await stage.wait(lag + 2)
        await stage.fault(what, region=stage.primary)
        await stage.watch(6, 60)

    name, title, breaks = TEXTS[what]
    if lag:
        name, title, breaks = (
            f"{name}-lagging",
            f"{title} while replicas lag",
            f"{breaks} Replication lags by {lag:g} s.",
        )
    needs = needs_lag if lag else lambda _: ""
    return Scenario(name, title, breaks, run, (recovers("zone"), loses("zone", lag)), REAL, needs=needs)


def needs_lag(outputs: dict[str, Any]) -> str:
    """Why replication can't be shown to lag on a stack."""
    reason = "sessions are in MemoryDB, whose next primary reads what it lacks in the log: lag loses nothing there"
    return reason if durable(outputs) else ""


async def writer(stage: Stage) -> None:
    """Lose the database's writer."""
    await stage.fault("kill-database-writer", region=stage.primary)
    await stage.watch(12, 90)


async def full(stage: Stage) -> None:
    """Fill the session store up, and see that no server is taken out for it."""
    before = await stage.servers(stage.primary)
    await stage.fault("fill-sessions", region=stage.primary)
    await stage.wait(40)
    after = await stage.servers(stage.primary)
    stage.course.facts["replaced"] = len(before - after)
    await stage.plane.do("heal")
    stage.step("healed")
    await stage.watch(10, 60)


TEXTS = {
    "kill-session-primary": (
        "session-primary-killed",
        "The session primary is killed",
        "The node of the session store that takes writes is lost.",
    ),
    "freeze-session-primary": (
        "session-primary-frozen",
        "The session primary freezes",
        "The node of the session store that takes writes holds connections and answers nothing.",
    ),
}

SCENARIOS = (
    primary("kill-session-primary"),
    primary("freeze-session-primary"),
    primary("kill-session-primary", LAG),
    Scenario(
        "database-writer-killed",
        "The database's writer is killed",
        "The database instance that takes writes is lost.",
        writer,
        (recovers("zone"), none_lost("a commit is on the other instance before it is acknowledged")),
        REAL,
    ),
    Scenario(
        "session-store-full",
        "The session store is full",
        "The session store's memory is filled up.",
        full,
        (
            at_most("replaced", "servers replaced for it", "servers", 0, "/healthz doesn't ask the store"),
            shows(
                "sessions that the full store let go",
                "sessions",
                lambda measured: measured.sessions.wrong,
                "the least recently used go first; an alarm on memory tells before",
            ),
        ),
    ),
)
