"""Preferences of a refresh, and settings that make no sense."""

from typing import Any, cast

import pytest
from ha_web.release.preferences import ReleaseSettingsArgs, preferences_of, settings_problems


def preferences(alarms: list[str], servers: int = 3, **settings: Any) -> dict[str, Any]:
    return preferences_of(cast(ReleaseSettingsArgs, settings), alarms, servers)


def test_new_servers_start_before_old_ones_go_and_a_failure_goes_back() -> None:
    found = preferences([])
    assert (found["MinHealthyPercentage"], found["MaxHealthyPercentage"]) == (100, 110)
    assert found["AutoRollback"] is found["SkipMatching"] is True
    assert "BakeTime" not in found  # nothing would be watched


def test_alarms_are_watched_for_the_bake_time() -> None:
    found = preferences(["errors"], bake_seconds=60)
    assert (found["AlarmSpecification"], found["BakeTime"]) == ({"Alarms": ["errors"]}, 60)
    assert preferences(["errors"])["BakeTime"] == 300


@pytest.mark.parametrize(
    ("percent", "servers", "first"), [(10, 3, 34), (10, 12, 10), (50, 3, 50), (1, 1, 99), (5, 0, 99), (34, 3, 34)]
)
def test_a_canary_is_at_least_one_server(percent: int, servers: int, first: int) -> None:
    found = preferences(["errors"], servers, canary_percent=percent)
    assert found["CheckpointPercentages"] == [first, 100]
    assert found["CheckpointDelay"] == 600


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"hold": True, "version": 2}, "hold and version are both given; one says to stay, the other where to go"),
        ({"version": 0}, "version is 0; versions count from 1"),
        ({"alarm_names": ["a"] * 11}, "alarm_names has 11; a release can watch 10"),
        ({"bake_seconds": -1}, "bake_seconds is -1; it must be 0 to 172800"),
        ({"alarm_names": ["a"], "canary_percent": 100}, "canary_percent is 100; it must be 1 to 99"),
        ({"canary_percent": 10}, "canary_percent is 10, and alarm_names is empty; nothing would judge the canaries"),
        ({"canary_seconds": 10}, "canary_seconds is given without canary_percent; there are no canaries"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(settings: dict[str, Any], line: str) -> None:
    assert settings_problems(cast(ReleaseSettingsArgs, settings)) == [line]


def test_settings_that_can_work_are_taken() -> None:
    assert settings_problems({"alarm_names": ["a"], "canary_percent": 10, "canary_seconds": 60, "version": 2}) == []
