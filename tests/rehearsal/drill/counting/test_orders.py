from random import Random
from typing import Any

import pytest

from rehearsal.drill.counting.orders import Fate, count, orders
from rehearsal.drill.load.records import Record


def put(ended: str, at: float = 1.0, status: int = 201, **more: Any) -> Record:
    return {"k": "w", "t": at, "l": 0.5, "u": "w", "c": status, "o": ended, "key": "a", "try": 1} | more


def look(found: bool | None, at: float = 9.0, when: str = "end", **more: Any) -> Record:
    return {"k": "r", "t": at, "l": 0.1, "u": "w", "c": 200, "key": "a", "found": found, "when": when} | more


ACK, AGAIN, FAIL, UNKNOWN = put("ack"), put("ack", 3.0, 200), put("fail", status=503), put("unknown", status=503)


@pytest.mark.parametrize(
    ("records", "fate"),
    [
        ([ACK, look(True)], Fate.PRESENT),
        ([ACK, AGAIN, look(True)], Fate.PRESENT),
        ([ACK, look(False)], Fate.LOST),
        ([UNKNOWN, AGAIN, look(False)], Fate.LOST),
        ([ACK, look(False, 2.0, "soon"), look(True)], Fate.STALE),
        ([ACK, look(False, 8.0), look(True)], Fate.STALE),
        ([ACK, look(False, 1.2, "soon"), look(True)], Fate.PRESENT),
        ([ACK, look(True, 2.0, "soon"), look(False)], Fate.LOST),
        ([ACK, put("ack", 3.0, 201), look(True)], Fate.DUPLICATED),
        ([UNKNOWN, look(True)], Fate.RECOVERED),
        ([UNKNOWN, look(False)], Fate.NEVER_READ),
        ([UNKNOWN, FAIL, look(False)], Fate.NEVER_READ),
        ([FAIL, look(False)], Fate.FAILED),
        ([FAIL, look(True)], Fate.PHANTOM),
        ([ACK], Fate.UNREAD),
        ([ACK, look(None)], Fate.UNREAD),
        ([ACK, look(None), look(True, 9.5)], Fate.PRESENT),
    ],
)
def test_each_order_has_one_fate(records: list[Record], fate: Fate) -> None:
    assert orders(records)["a"].fate is fate


def test_orders_that_break_a_promise_are_named() -> None:
    found = count([ACK, look(False), put("unknown", key="b", status=0), look(True, key="b"), look(False, key="c")])
    assert (found.attempted, found.acknowledged, found.unknown, found.failed) == (2, 1, 1, 0)
    assert found.lost == ("a",)
    assert found.wrong == 1
    assert found.fates["recovered"] == 1


@pytest.mark.parametrize("seed", range(30))
def test_random_histories_are_counted_as_they_were_made(seed: int) -> None:
    """A store that is known to lose some is asked over a network that loses answers: each loss is found, no other."""
    random = Random(seed)
    records: list[Record] = []
    kept, lost = set(), set()
    for number in range(200):
        key = f"k{number}"
        reached, answered = random.random() < 0.8, random.random() < 0.8
        forgets = random.random() < 0.1
        if not reached:
            records.append(put("fail", float(number), 0, key=key))
            continue
        records.append(put("ack", float(number), key=key) if answered else put("unknown", float(number), 0, key=key))
        if forgets:
            lost |= {key} if answered else set()
        else:
            kept.add(key)
    records += [look(f"k{number}" in kept, 500.0, key=f"k{number}") for number in range(200)]
    random.shuffle(records)
    found = count(records)
    assert set(found.lost) == lost
    assert found.attempted == 200 == sum(found.fates.values())
    assert found.fates["present"] + found.fates["recovered"] == len(kept)
    assert found.fates["duplicated"] == found.fates["phantom"] == found.fates["stale"] == 0
