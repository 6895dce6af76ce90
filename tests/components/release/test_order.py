"""The order of releases."""

import pytest
from ha_web.release.order import Order, steps_of

BOTH = {"primary": False, "standby": False}


@pytest.mark.parametrize(
    ("order", "idle", "steps"),
    [
        ("standby-first", BOTH, [["standby"], ["primary"]]),
        ("standby-first", {"primary": False, "standby": True}, [["primary"], ["standby"]]),
        ("standby-first", {"primary": False}, [["primary"]]),
        ("at-once", BOTH, [["primary", "standby"]]),
        ("only-standby", BOTH, [["standby"]]),
        ("only-primary", BOTH, [["primary"]]),
        ("only-standby", {"primary": False}, []),
    ],
)
def test_a_version_is_tried_where_fewer_users_are_and_servers_run(
    order: str, idle: dict[str, bool], steps: list[list[str]]
) -> None:
    assert steps_of(Order(order), idle) == steps
