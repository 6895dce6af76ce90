"""A scenario: what it breaks, how fast time passes, how long it is watched, and what is promised."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.drill.verdicts import Promise

FAST = 5.0
"""The pace where only AWS's own timers count: seconds at AWS in a second here."""
REAL = 1.0
"""The pace where the application's own timers count: those are real, and a faster AWS would flatter them."""


@dataclass(frozen=True)
class Scenario:
    """Something that is broken under load."""

    name: str
    title: str
    breaks: str
    """What is broken, in a sentence."""
    run: Callable[[Any], Awaitable[None]]
    """Breaks it, waits, and heals it: a coroutine of a `Stage`."""
    promises: tuple[Promise, ...]
    pace: float = FAST
    patience: float = 30.0
    """Seconds (real ones) after which its users give up."""
    rate: float = 1.0
    """Of the drill's rate."""
    ignoring: float = 0.0
    """Share of users whose resolver ignores TTLs."""
    shares: str = ""
    """The scenario whose course it judges, for its users whose resolver ignores TTLs."""
    at_standby: bool | None = False
    """Whether it begins with users at the standby, or breaks the primary, where they are; None: wherever they are."""
    then: str = ""
    """The scenario that takes back what it leaves behind: users who are at the standby."""
    needs: Callable[[dict[str, Any]], str] = field(default=lambda _: "")
    """Of the stack's outputs: why it can't run there; nothing if it can."""


def durable(outputs: dict[str, Any]) -> bool:
    """Whether sessions are in MemoryDB, by the store's name in a stack's outputs."""
    return ".memorydb." in outputs["clusters"]["primary"]["session_endpoint"]
