"""Runs are merged where they go on alike, and nowhere else."""

import random

from tests.components.failover.exploration.copies import copy_of_the_code
from tests.components.failover.exploration.runs import Place, Runs
from tests.components.failover.exploration.states import Bounds, Explorer


def test_it_asks_what_the_function_asks_in_its_order() -> None:
    with copy_of_the_code() as code:
        runs = Runs(code, storage=None, capacity=None)
        place = runs.start("watch")
        asked = []
        for answer in ("secondary", "secondary", "absent", "yes", ("failed", "failed"), ("failed", "failed"), 1):
            assert place.call
            asked.append(place.call[0])
            place = runs.after(place, answer)
    assert asked == ["read sessions", "read database", "read switch", "read seen", "look", "look", "put lock"]


def test_histories_that_lead_to_one_place_go_on_alike() -> None:
    chance = random.Random(7)
    with copy_of_the_code() as code:
        runs = Runs(code)
        others: list[tuple[tuple[object, ...], Place]] = []
        kept = runs._place

        def place(key: object, action: str, answers: tuple[object, ...], *rest: object) -> Place:
            found = kept(key, action, answers, *rest)  # type: ignore[arg-type]  # handed on as it is
            if found.answers != answers:
                others.append((answers, found))
            return found

        runs._place = place  # type: ignore[method-assign,assignment]  # to see what is merged
        Explorer(runs, Bounds(starts=2, at_once=2, faults=2, turns=2, hands=1)).explore(150_000)
        runs._place = kept  # type: ignore[method-assign]
        after: dict[int, list[object]] = {}
        for number, answer in runs._after:
            after.setdefault(number, []).append(answer)
        open_ones = [(answers, found) for answers, found in others if found.number in after]
        assert len(open_ones) > 500
        for answers, found in chance.sample(open_ones, 500):
            history, place_there = answers, found
            for _ in range(chance.randrange(1, 8)):
                if place_there.number not in after:
                    break
                answer = chance.choice(after[place_there.number])
                history, place_there = (*history, answer), runs.after(place_there, answer)
            assert runs.execute(found.action, history) is place_there
