"""Sessions: a visit that begins after another one was answered has a higher count, or the session was set back."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rehearsal.drill.load.records import VISIT, Record, answered


@dataclass(frozen=True)
class SessionCount:
    """What became of the sessions."""

    sessions: int
    """Users who had one."""
    set_back: int
    """Users whose count went back."""
    lost: int
    """Users whose session was gone: another began."""
    steps: int
    """The most visits that one session missed."""

    @property
    def wrong(self) -> int:
        """Users who lost something."""
        return self.set_back + self.lost


def count(records: Iterable[Record]) -> SessionCount:
    """Count the sessions of records."""
    by_user: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        if record["k"] == VISIT and answered(record) and "v" in record:
            by_user[record["u"]].append(record)
    judged = [_judge(visits) for visits in by_user.values()]
    return SessionCount(
        len(judged),
        sum(steps > 0 for steps, _ in judged),
        sum(lost for _, lost in judged),
        max((steps for steps, _ in judged), default=0),
    )


def _judge(visits: list[Record]) -> tuple[int, bool]:
    """Return the most visits that a user's session missed, and whether the session was gone once.

    Visits that overlap may be counted in any order; only one that began after another's answer must be above it.
    """
    steps, lost = 0, False
    ended: list[tuple[float, int, str]] = []
    highest: dict[str, int] = {}
    known: set[str] = set()
    for visit in sorted(visits, key=lambda each: float(each["t"])):
        while ended and ended[0][0] <= visit["t"]:
            _, number, session = heapq.heappop(ended)
            highest[session] = max(highest.get(session, 0), number)
        number, session = int(visit["v"]), str(visit.get("i", ""))
        if session in highest:
            steps = max(steps, highest[session] + 1 - number)
        elif highest and session not in known:
            lost = True
        known.add(session)
        heapq.heappush(ended, (visit["t"] + visit["l"], number, session))
    return steps, lost
