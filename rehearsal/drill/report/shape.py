"""The shape of `drill.json`.

Times are seconds since 1970 by this machine's clock; durations in rows are seconds at AWS.
"""

from typing import Any, TypedDict


class Mark(TypedDict):
    """Something that the drill did, or that happened."""

    at: float
    kind: str
    """`fault` and `step` are the drill's; others are the live plane's (rehearsal/live/events.py)."""
    text: str


class RowPlain(TypedDict):
    """A promise: `rehearsal.drill.verdicts.Row`."""

    what: str
    unit: str
    objective: float | None
    computed: float | None
    measured: float | None
    verdict: str
    why: str


class Result(TypedDict):
    """A scenario that was run, or was not."""

    name: str
    title: str
    breaks: str
    verdict: str
    """`met`, `missed`, `shown`, `void` or `not run`."""
    why: str
    """Of void and not run."""
    speed: float
    """AWS's seconds in a second here."""
    began: float
    fault_at: float
    ended: float
    target: str
    """What was broken."""
    rows: list[RowPlain]
    service: dict[str, Any]
    """`rehearsal.drill.counting.service.Service`."""
    sessions: dict[str, Any]
    """`rehearsal.drill.counting.sessions.SessionCount`."""
    orders: dict[str, Any]
    """`rehearsal.drill.counting.orders.OrderCount`."""
    places: dict[str, str]
    """The region of each zone that answered."""
    slices: list[dict[str, Any]]
    """Figures by the half second of this machine: `rehearsal.drill.counting.slices.Slice`."""
    marks: list[Mark]


class Drill(TypedDict):
    """A drill."""

    format: int
    """1. A field may be added; a change of what one means is another number."""
    site: str
    strategy: str
    regions: list[str]
    """The primary, then the standby."""
    verdict: str
    """`met`, `missed` or `void`."""
    why: str
    at: float
    took: float
    """Seconds, real ones."""
    seed: int
    rate: float
    mistakes: list[str]
    """Mistakes made on purpose (--break)."""
    machine: str
    load: dict[str, float]
    """The load's own process: share of a processor (`cpu`), the longest delay of its clock (`late`)."""
    assumed: list[str]
    """Terms of the computed worst cases that nobody guarantees."""
    limits: list[str]
    """What one machine can't show."""
    results: list[Result]
