"""Orders: each attempted one is acknowledged, failed or unknown; looked for afterwards, it is one of `Fate`."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from rehearsal.drill.load.records import READ, WRITE, Record

CREATED = 201


class Fate(StrEnum):
    """What became of an order."""

    PRESENT = "present"
    """Acknowledged, and there."""
    LOST = "lost"
    """Acknowledged, and not there."""
    STALE = "stale"
    """Acknowledged, there in the end, but somebody who looked after the acknowledgement didn't see it."""
    DUPLICATED = "duplicated"
    """Taken more than once under one key."""
    RECOVERED = "recovered"
    """Nobody knew, and it is there."""
    NEVER_READ = "never read"
    """Nobody knew, and it isn't there: neither loss nor success."""
    FAILED = "failed"
    """Certainly not taken, and not there."""
    PHANTOM = "phantom"
    """Said to be certainly not taken, and there."""
    UNREAD = "unread"
    """Nobody could say afterwards whether it is there."""


@dataclass
class Order:
    """An order as its records tell of it."""

    key: str
    outcomes: list[str] = field(default_factory=list)
    taken: int = 0
    """Answers that it was taken just now: one more than once is a duplicate."""
    acknowledged_at: float | None = None
    seen: list[tuple[float, bool]] = field(default_factory=list)
    """When somebody began to look, and whether it was there."""
    ended: bool | None = None
    """What the last look at the end said."""

    @property
    def outcome(self) -> str:
        """`acknowledged`, `failed` or `unknown`."""
        if "ack" in self.outcomes:
            return "acknowledged"
        return "failed" if set(self.outcomes) == {"fail"} else "unknown"

    @property
    def fate(self) -> Fate:
        """What became of it."""
        if self.taken > 1:
            return Fate.DUPLICATED
        if self.ended is None:
            return Fate.UNREAD
        if self.outcome == "acknowledged":
            if not self.ended:
                return Fate.LOST
            after = self.acknowledged_at or 0.0
            return Fate.STALE if any(not there for at, there in self.seen if at >= after) else Fate.PRESENT
        if self.outcome == "failed":
            return Fate.PHANTOM if self.ended else Fate.FAILED
        return Fate.RECOVERED if self.ended else Fate.NEVER_READ


def orders(records: Iterable[Record]) -> dict[str, Order]:
    """Gather the orders of records, by key. Looks for keys that nobody ordered are left out."""
    found: dict[str, Order] = {}
    looks: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record["k"] == READ:
            looks[record["key"]].append(record)
        elif record["k"] == WRITE:
            order = found.setdefault(record["key"], Order(record["key"]))
            order.outcomes.append(record["o"])
            if record["o"] == "ack":
                order.taken += record.get("c") == CREATED
                at = record["t"] + record["l"]
                order.acknowledged_at = min(at, order.acknowledged_at or at)
    for key, order in found.items():
        for look in sorted(looks[key], key=lambda each: float(each["t"])):
            if look["found"] is None:
                continue
            order.seen.append((look["t"], look["found"]))
            if look["when"] == "end":
                order.ended = look["found"]
    return found


@dataclass(frozen=True)
class OrderCount:
    """How many orders ended how."""

    attempted: int
    acknowledged: int
    failed: int
    unknown: int
    fates: dict[str, int]
    """By `Fate`; those that no order has are 0."""
    lost: tuple[str, ...]
    """Keys of the lost ones."""
    lost_at: tuple[float, ...]
    """When each of them had been acknowledged."""

    @property
    def wrong(self) -> int:
        """Orders that break a promise."""
        return sum(self.fates[each] for each in (Fate.LOST, Fate.DUPLICATED, Fate.PHANTOM))


def count(records: Iterable[Record]) -> OrderCount:
    """Count the orders of records."""
    found = orders(records).values()
    outcomes = Counter(each.outcome for each in found)
    fates = Counter(each.fate for each in found)
    lost = sorted((each for each in found if each.fate is Fate.LOST), key=lambda each: each.key)
    return OrderCount(
        len(found),
        outcomes["acknowledged"],
        outcomes["failed"],
        outcomes["unknown"],
        {fate.value: fates[fate] for fate in Fate},
        tuple(each.key for each in lost),
        tuple(each.acknowledged_at or 0.0 for each in lost),
    )
