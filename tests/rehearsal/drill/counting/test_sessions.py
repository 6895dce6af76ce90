from random import Random

import pytest

from rehearsal.drill.counting.sessions import count
from rehearsal.drill.load.records import Record


def visit(at: float, number: int, user: int = 1, session: str = "x", lasts: float = 0.5, status: int = 200) -> Record:
    return {"k": "v", "t": at, "l": lasts, "u": user, "c": status, "v": number, "i": session}


@pytest.mark.parametrize(
    ("visits", "back", "lost", "steps"),
    [
        ([visit(0, 1), visit(1, 2), visit(2, 3)], 0, 0, 0),
        ([visit(0, 1), visit(1, 3)], 0, 0, 0),  # a visit whose answer was lost counted
        ([visit(0, 5), visit(1, 5)], 1, 0, 1),
        ([visit(0, 9), visit(1, 3), visit(2, 4)], 1, 0, 7),
        ([visit(0, 2, lasts=3), visit(1, 1)], 0, 0, 0),  # they overlap
        ([visit(0, 2, lasts=1), visit(1, 2)], 1, 0, 1),
        ([visit(0, 4), visit(1, 1, session="y")], 0, 1, 0),
        ([visit(0, 1, lasts=3), visit(1, 1, session="y"), visit(4, 2, session="y")], 0, 0, 0),  # both were first
        ([visit(0, 4), visit(1, 1, status=503)], 0, 0, 0),
    ],
)
def test_a_visit_after_an_answered_one_is_above_it(visits: list[Record], back: int, lost: int, steps: int) -> None:
    found = count(visits)
    assert (found.set_back, found.lost, found.steps) == (back, lost, steps)
    assert found.wrong == back + lost


@pytest.mark.parametrize("seed", range(30))
def test_a_store_that_never_goes_back_is_never_blamed_and_one_that_does_always_is(seed: int) -> None:
    """Visits overlap; the store counts at a random moment of each, and once forgets the last fifteen."""
    random = Random(seed)
    requests = []
    for user in range(5):
        for at in range(60):
            begin = at + random.random()
            lasts = random.random() * 3
            requests.append((begin + random.random() * lasts, begin, lasts, user))
    counts = dict.fromkeys(range(5), 0)
    honest, forgetful = [], []
    told = dict.fromkeys(range(5), 0)
    for moment, begin, lasts, user in sorted(requests):
        counts[user] += 1
        forgotten = 15 if moment > 30 else 0
        told[user] = counts[user] - forgotten
        honest.append(visit(begin, counts[user], user, lasts=lasts))
        forgetful.append(visit(begin, told[user], user, lasts=lasts))
    random.shuffle(honest)
    assert count(honest).wrong == 0
    found = count(forgetful)
    assert found.set_back == 5
    assert 1 <= found.steps <= 15
