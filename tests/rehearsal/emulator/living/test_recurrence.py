"""When a scheduled action is due, by its recurrence or its start."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rehearsal.emulator.living.recurrence import is_due, matches

SUNDAY, MONDAY = "2026-11-29", "2026-11-30"


@pytest.mark.parametrize(
    ("recurrence", "at", "due"),
    [
        ("0 9 * * *", f"{MONDAY}T09:00", True),
        ("0 9 * * *", f"{MONDAY}T09:01", False),
        ("*/15 * * * *", f"{MONDAY}T10:45", True),
        ("*/15 * * * *", f"{MONDAY}T10:50", False),
        ("30 8-10 * * 1-5", f"{MONDAY}T08:30", True),
        ("30 8-10 * * mon-fri", f"{SUNDAY}T08:30", False),
        ("0 0 * * 0", f"{SUNDAY}T00:00", True),
        ("0 0 * * 7", f"{SUNDAY}T00:00", True),
        ("0 0 1 * 1", f"{MONDAY}T00:00", True),
        ("0 0 1,30 nov *", f"{MONDAY}T00:00", True),
        ("0 0 1 nov *", f"{MONDAY}T00:00", False),
    ],
)
def test_a_recurrence_is_due_as_cron_says(recurrence: str, at: str, due: bool) -> None:
    assert matches(recurrence, datetime.fromisoformat(at)) is due


AT, LATER = datetime(2026, 11, 30, 9, 0, tzinfo=UTC), datetime(2026, 11, 30, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "at", "due"),
    [
        ({"StartTime": AT}, AT, True),
        ({"StartTime": AT.replace(tzinfo=None)}, AT, True),
        ({"StartTime": AT}, LATER, False),
        ({"Recurrence": "* * * * *", "StartTime": LATER}, AT, False),
        ({"Recurrence": "* * * * *", "EndTime": AT}, LATER, False),
        ({"Recurrence": "* * * * *"}, AT, True),
        ({"Recurrence": "0 10 * * *", "TimeZone": "Europe/Berlin"}, AT, True),
        ({}, AT, False),
    ],
)
def test_an_action_is_due_at_its_start_or_by_its_recurrence_within_its_time(
    action: dict[str, Any], at: datetime, due: bool
) -> None:
    assert is_due(action, at) is due
