"""What a region has served, and what was before."""

import json

import pytest

from ops.release.history import lines, served, way_back
from tests.ops.release.regions import DAY, versions


@pytest.mark.parametrize(
    ("numbers", "back", "version"),
    [
        ((3, 2, 1), 1, 2),
        ((3, 2, 1), 2, 1),
        ((3, 2, 1), 3, None),
        ((1,), 1, None),
        ((), 1, None),
        ((7, 3, 1), 1, 3),  # 4 to 6 were never served
        ((6, 7, 6, 5), 1, 6),  # gone back already: once more is no further
        ((6, 7, 6, 5), 2, 5),
        ((8, 6, 7, 6, 5), 1, 6),  # 7 was gone back from
        ((8, 5, 6, 7, 6, 5), 1, 5),
        ((5, 6, 7, 6, 5), 1, 6),  # gone back twice
        ((8, 8, 7), 1, 7),
    ],
)
def test_the_way_back_leads_to_what_was_served_before_the_last_release(
    numbers: tuple[int, ...], back: int, version: int | None
) -> None:
    assert way_back(versions(*numbers), back) == version


def test_a_history_is_read_the_last_value_first() -> None:
    entries = [
        {"Version": number, "Value": json.dumps({"version": v}), "LastModifiedDate": DAY}
        for number, v in ((1, 1), (2, 4))
    ]
    assert served(entries) == versions(4, 1)


def test_a_version_is_shown_with_its_time() -> None:
    assert lines(versions(4)) == ["      4  since 2026-11-29 10:15"]
