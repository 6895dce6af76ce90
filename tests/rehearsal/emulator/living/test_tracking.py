"""What scaling policies want by what was measured."""

import pytest

from rehearsal.emulator.living.tracking import Wish, decide, wish

QUARTER = 15


@pytest.mark.parametrize(
    ("minutes", "longer", "capacity", "rises", "falls"),
    [
        ([1900, 1900, 1900], None, 6, True, False),
        ([990, 1900, 1900], None, 6, False, False),
        ([1001, 1001, 1001], None, 4, True, False),
        (None, None, 0, False, False),
        ([450] * 3, [450] * QUARTER, 2, False, True),
        ([450] * 3, [901, *[450] * (QUARTER - 1)], 2, False, False),
        ([950] * 3, [950] * QUARTER, 3, False, False),
        ([450] * 3, None, 2, False, False),
    ],
)
def test_a_policy_wants_servers_in_proportion_once_its_alarm_goes_off(
    minutes: list[float] | None, longer: list[float] | None, capacity: int, rises: bool, falls: bool
) -> None:
    assert wish("p", 1000, minutes, longer, 3) == Wish("p", capacity, rises, falls)


def up(capacity: int) -> Wish:
    return Wish("up", capacity, rises=True, falls=False)


def down(capacity: int) -> Wish:
    return Wish("down", capacity, rises=False, falls=True)


def still(capacity: int) -> Wish:
    return Wish("still", capacity, rises=False, falls=False)


@pytest.mark.parametrize(
    ("wishes", "all_ready", "decided"),
    [
        ([up(7), up(9)], True, 9),
        ([up(7), down(2)], True, 7),
        ([up(7)], False, 7),
        ([up(5)], True, None),
        ([down(2), down(3)], True, 3),
        ([down(2), still(5)], True, None),
        ([down(2)], False, None),
        ([still(9)], True, None),
        ([], True, None),
    ],
)
def test_the_most_that_one_wants_counts_and_all_have_to_agree_to_fewer(
    wishes: list[Wish], all_ready: bool, decided: int | None
) -> None:
    found = decide(wishes, 5, all_ready=all_ready)
    assert (found and found[0]) == decided
