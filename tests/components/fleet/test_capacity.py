"""The number of servers that a fleet needs."""

import pytest
from ha_web.fleet.capacity import (
    capacity_problems,
    default_maximum,
    default_minimum,
    enough_without_a_zone,
    left_after_a_zone,
)


@pytest.mark.parametrize(
    ("servers", "zones", "left"),
    [(1, 2, 0), (2, 2, 1), (3, 2, 1), (3, 3, 2), (4, 3, 2), (6, 3, 4), (2, 3, 1), (5, 1, 0)],
)
def test_losing_the_fullest_zone_leaves_the_others_servers(servers: int, zones: int, left: int) -> None:
    assert left_after_a_zone(servers, zones) == left


@pytest.mark.parametrize("zones", range(2, 7))
@pytest.mark.parametrize("needed", [1, 2, 3, 4, 7, 100])
def test_one_server_fewer_would_not_be_enough_without_a_zone(needed: int, zones: int) -> None:
    enough = enough_without_a_zone(needed, zones)
    assert left_after_a_zone(enough, zones) >= needed > left_after_a_zone(enough - 1, zones)


@pytest.mark.parametrize("zones", range(2, 7))
def test_the_default_minimum_keeps_every_other_zone_at_work(zones: int) -> None:
    minimum = default_minimum(zones)
    assert left_after_a_zone(minimum, zones) == zones - 1
    assert capacity_problems(minimum, default_maximum(minimum), zones) == []


@pytest.mark.parametrize(
    ("minimum", "maximum", "zones", "problems"),
    [
        (1, 4, 3, ["minimum is 1; surviving a zone needs at least 2"]),
        (0, 4, 3, ["minimum is 0; surviving a zone needs at least 2"]),
        (4, 3, 2, ["minimum is 4; it is above maximum, which is 3"]),
        (1, 0, 2, ["minimum is 1; surviving a zone needs at least 2", "minimum is 1; it is above maximum, which is 0"]),
        (4, 8, 1, ["zones is 1; surviving a zone needs at least 2"]),
        (4, 8, 0, ["zones is 0; surviving a zone needs at least 2"]),
        (2, 2, 2, []),
    ],
)
def test_a_fleet_that_cannot_lose_a_zone_is_refused(
    minimum: int, maximum: int, zones: int, problems: list[str]
) -> None:
    assert capacity_problems(minimum, maximum, zones) == problems
