"""The failover function's own code, explored: every interleaving within bounds; each invariant broken on purpose."""

from dataclasses import replace

import pytest

from tests.components.failover.exploration import world as aws
from tests.components.failover.exploration.breaks import BREAKS, SESSIONS_ONLY, STORES_ONLY, Break
from tests.components.failover.exploration.copies import copy_of_the_code
from tests.components.failover.exploration.runs import Runs
from tests.components.failover.exploration.states import Bounds, Explorer, Found

EXPLORED = {
    "two runs, an operator, a fault": (
        SESSIONS_ONLY,
        Bounds(starts=2, at_once=2, faults=1, turns=1, hands=1),
        1_000_000,
    ),
    "two runs, a primary that comes back": (
        STORES_ONLY,
        Bounds(starts=2, at_once=2, faults=1, turns=2, hands=0),
        700_000,
    ),
    "one run, everything": ((), Bounds(starts=1, at_once=1, faults=1, turns=2, hands=0), 70_000),
}
"""What isn't configured, the bounds, and the states that there are at least."""

OTHERS = {(broken.without, broken.bounds) for broken in BREAKS} - {
    (without, by) for without, by, _ in EXPLORED.values()
}
"""Where the broken ones are found besides."""


def explored(without: tuple[str, ...], bounds: Bounds, broken: Break | None = None, **settings: object) -> Found:
    with copy_of_the_code(broken.changes if broken else ()) as code:
        runs = Runs(code, **dict.fromkeys(without), **settings)
        return Explorer(runs, bounds).explore(traced=broken is not None)


def told(found: Found) -> str:
    return "\n".join([f"{found.broken}", *found.trace])


@pytest.mark.parametrize("name", EXPLORED)
def test_no_invariant_is_broken_in_any_state(name: str) -> None:
    without, bounds, least = EXPLORED[name]
    found = explored(without, bounds)
    if found.broken:  # once more, to tell how
        with copy_of_the_code() as code:
            found = Explorer(Runs(code, **dict.fromkeys(without)), bounds).explore(traced=True)
    assert found.broken is None, told(found)
    assert found.complete
    assert found.states >= least
    assert {"failed over", "stopped", "primary serves", "standby serves"} <= found.ends


def test_an_optional_store_may_lack_writes_and_a_required_one_never() -> None:
    bounds = Bounds(starts=1, at_once=1, faults=1, turns=1, hands=0)
    assert explored(("capacity", "database"), bounds, optional=["storage"]).broken is None


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_each_invariant_broken_on_purpose_is_found(broken: Break, capsys: pytest.CaptureFixture[str]) -> None:
    found = explored(broken.without, broken.bounds, broken)
    print(told(found))
    assert found.broken is not None
    assert found.broken.invariant == broken.invariant
    assert found.trace
    assert len(capsys.readouterr().out.splitlines()) == len(found.trace) + 1


def test_each_invariant_is_broken_by_something() -> None:
    assert {broken.invariant for broken in BREAKS} == {*aws.INVARIANTS}


@pytest.mark.parametrize(("without", "bounds"), sorted(OTHERS, key=str), ids=str)
def test_where_breaks_are_found_the_code_as_it_is_breaks_nothing(without: tuple[str, ...], bounds: Bounds) -> None:
    found = explored(without, bounds)
    assert found.broken is None, told(found)


def test_who_goes_back_while_a_run_lives_has_users_sent_to_stores_that_follow() -> None:
    """So the runbook's first step waits until no run lives."""
    bounds = Bounds(starts=1, at_once=1, faults=0, turns=2, hands=2, waits=False)
    with copy_of_the_code() as code:
        found = Explorer(Runs(code, **dict.fromkeys(STORES_ONLY)), bounds).explore(traced=True)
    assert found.broken is not None
    assert found.broken.invariant == aws.WRITES
    assert found.trace[-2].endswith("a person goes back by the runbook")
    assert explored(STORES_ONLY, replace(bounds, waits=True)).broken is None
