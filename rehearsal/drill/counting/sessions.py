"""Sessions: a visit that begins after another one was answered has a higher count, or the session was set back."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

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
    lost_at: tuple[float, ...]
    """When the first and the last visit that was lost had been answered; empty if none was."""

    @property
    def wrong(self) -> int:
        """Users who lost something."""
        return self.set_back + self.lost


@dataclass
class _Session:
    """A user's visits as they are judged."""

    steps: int = 0
    gone: bool = False
    lost_at: list[float] = field(default_factory=list)


def count(records: Iterable[Record]) -> SessionCount:
    """Count the sessions of records."""
    by_user: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        if record["k"] == VISIT and answered(record) and "v" in record:
            by_user[record["u"]].append(record)
    judged = [_judge(visits) for visits in by_user.values()]
    lost_at = sorted(at for each in judged for at in each.lost_at)
    return SessionCount(
        len(judged),
        sum(each.steps > 0 for each in judged),
        sum(each.gone for each in judged),
        max((each.steps for each in judged), default=0),
        (lost_at[0], lost_at[-1]) if lost_at else (),
    )


def _judge(visits: list[Record]) -> _Session:
    """Judge a user's visits.

    Visits that overlap may be counted in any order; only one that began after another's answer must be above it.
    """
    found = _Session()
    under_way: list[tuple[float, int, str]] = []
    ended: dict[str, list[tuple[int, float]]] = defaultdict(list)
    known: set[str] = set()
    for visit in sorted(visits, key=lambda each: float(each["t"])):
        while under_way and under_way[0][0] <= visit["t"]:
            at, number, session = heapq.heappop(under_way)
            ended[session].append((number, at))
        number, session = int(visit["v"]), str(visit.get("i", ""))
        if session in ended:
            if missed := [(each, at) for each, at in ended[session] if each >= number]:
                found.steps = max(found.steps, max(missed)[0] + 1 - number)
                found.lost_at += [at for _, at in missed]
                ended[session] = [each for each in ended[session] if each[0] < number]
        elif ended and session not in known:
            found.gone = True
            found.lost_at += [at for visits_of in ended.values() for _, at in visits_of]
            ended.clear()
        known.add(session)
        heapq.heappush(under_way, (visit["t"] + visit["l"], number, session))
    return found
