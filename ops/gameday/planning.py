"""What a game day would break, what is promised of it, and why it must not be done now. No calls here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ha_web.game_day.scenarios import FAILURES
from ha_web.recovery.durations import format_duration, parse_duration

from ops.core.plan import Plan, Step
from ops.core.stack import Stack

CONTROL, START, WATCH, WRITE, STOP = "control", "start", "watch", "write", "stop"
"""Kinds of steps."""

CALM = 15
"""Seconds that the site is asked before anything is broken, and must answer again at the end."""

MARGIN = 60
"""Seconds beyond twice what is promised, until an experiment that no alarm ends is ended here."""

UNKNOWN_LIMIT = 900
"""Seconds to wait where nothing is promised."""


@dataclass(frozen=True)
class Expected:
    """What is promised of a failure, in seconds."""

    objective: float | None
    computed: float | None
    """The sum of the settings' worst case; None if it never ends."""
    text: str
    """That sum."""
    assumed: tuple[str, ...] = ()
    """Terms of it that nobody guarantees."""

    @property
    def promised(self) -> float | None:
        """The objective, or without one the sum."""
        return self.computed if self.objective is None else self.objective

    @property
    def limit(self) -> float:
        """Seconds until it is given up."""
        return UNKNOWN_LIMIT if self.promised is None else 2 * self.promised + MARGIN


def expected(stack: Stack, scenario: str) -> Expected:
    """Return what the stack's outputs promise of an experiment."""
    failure = FAILURES[scenario]
    case: Mapping[str, Any] = stack.recovery.get(failure, {}).get("recovery", {})
    declared = stack.objectives.get(failure, {}).get("recovery")
    computed = case.get("seconds")
    assumed = [str(term["text"]) for term in case.get("terms", []) if term.get("origin") in ("assumed", "typical")]
    return Expected(
        parse_duration(declared) if declared else None,
        None if computed is None else float(computed),
        str(case.get("text", "")),
        tuple(assumed),
    )


def told(wanted: Expected) -> str:
    """Return what is expected, for a person."""
    if wanted.promised is None:
        return "nothing is promised"
    parts = [f"{format_duration(wanted.computed)} computed"] if wanted.computed is not None else []
    parts += [f"{format_duration(wanted.objective)} declared"] if wanted.objective is not None else []
    return f"all users are served again within {' and '.join(parts)}"


@dataclass(frozen=True)
class Facts:
    """What is known before an experiment."""

    breaks: str
    """What it breaks, as its template says; empty if there is no such template any more."""
    running: Mapping[str, str]
    """Experiments of this stack that run, by scenario: their ids."""
    zone: tuple[str, ...] = ()
    """Why a zone may not be lost now."""
    region: tuple[str, ...] = ()
    """Why a region may not be lost now."""
    down: tuple[str, ...] = ()
    """Why users aren't served now."""
    moved: bool = False
    """Whether users are at the standby: what would be broken serves nobody."""


def planned(scenario: str, stack: Stack, facts: Facts, *, force: bool = False) -> Plan:
    """Return the plan of an experiment; of one that runs, its rest."""
    wanted = expected(stack, scenario)
    region = stack.game_day["region"]
    running = scenario in facts.running
    steps = [
        Step(WATCH, f"ask the site until all is answered, {format_duration(round(wanted.limit))} at most"),
        Step(WRITE, "write what was measured beside what is promised"),
    ]
    if not running:
        steps = [
            Step(CONTROL, f"ask the site for {CALM} s: nothing may fail while nothing is broken"),
            Step(START, f"start the experiment {scenario} in {region}: {facts.breaks}"),
            *steps,
        ]
    notes = [f"expected: {told(wanted)}" + (f" ({wanted.text})" if wanted.text else "")]
    notes += ["it runs already: what users saw before now is not measured"] if running else []
    refused = [] if running else [*_never(scenario, stack, facts), *([] if force else _unready(scenario, facts))]
    return Plan(f"gameday {scenario}", tuple(steps), tuple(notes), tuple(refused))


def _never(scenario: str, stack: Stack, facts: Facts) -> list[str]:
    reasons = [
        f"{other} runs in this stack ({each}): one thing is broken at a time" for other, each in facts.running.items()
    ]
    if not facts.breaks:
        reasons.append("its template is gone: `pulumi up` makes it again")
    if FAILURES[scenario] == "region" and not stack.game_day.get("survives_region"):
        reasons.append("no cluster in a second region takes over")
    return reasons


def _unready(scenario: str, facts: Facts) -> list[str]:
    """Return why it would become an outage, or test nothing."""
    reasons = [f"users aren't served now: {each}" for each in facts.down]
    if facts.moved:
        reasons.append("users are at the standby, and the primary is what would be broken: `failback` first")
    lost = facts.region if FAILURES[scenario] == "region" else facts.zone
    what = "region" if FAILURES[scenario] == "region" else "zone"
    reasons += [f"a {what} may not be lost now: {each}" for each in lost]
    return [f"{reason}; --force goes on" for reason in reasons]


def stopping(running: Mapping[str, str]) -> Plan:
    """Return the plan of ending what runs."""
    steps = [Step(STOP, f"end the experiment {name} ({each})", {"id": each}) for name, each in running.items()]
    return Plan("gameday stop", tuple(steps))
