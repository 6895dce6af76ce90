from typing import Any

import pytest

from rehearsal.drill.counting.service import service
from rehearsal.drill.load.records import Record


def request(at: float, status: int = 200, user: int = 1, lasts: float = 0.01, **more: Any) -> Record:
    return {"k": "v", "t": at, "l": lasts, "u": user, "c": status, "r": "eu-west-1", "z": "euw1-az1"} | more


def steady(begin: float, end: float, status: int = 200, user: int = 1) -> list[Record]:
    return [request(begin + number / 10, status, user) for number in range(round((end - begin) * 10))]


def test_recovery_counts_from_the_fault_to_the_last_request_that_failed() -> None:
    records = [*steady(0, 10), *steady(10, 14, 503), *steady(14, 20)]
    found = service(records, 10, 20, speed=5)
    assert (found.requests, found.failed, found.problems) == (100, 40, {"status 503": 40})
    assert found.recovered == pytest.approx(3.9 * 5)
    assert found.gap == pytest.approx(4.01 * 5)
    assert found.outage == pytest.approx(4.01 * 5)
    assert found.share == pytest.approx(0.4)


def test_what_fails_to_the_end_has_not_recovered() -> None:
    assert service([*steady(0, 9), *steady(9, 20, 503)], 9, 20).recovered is None
    assert service([], 0, 20).recovered is None


def test_nothing_failed_is_recovered_at_once() -> None:
    found = service(steady(0, 10), 2, 10)
    assert (found.recovered, found.failed) == (0, 0)
    assert found.p99 == 0.01
    assert found.zones == {"euw1-az1": 80}


def test_one_user_can_be_out_while_others_are_served() -> None:
    records = [*steady(0, 20), request(5, 0, user=2, lasts=3, e="timeout"), request(9, user=2)]
    found = service(records, 0, 20)
    assert found.outage == pytest.approx(4.01)
    assert found.gap < 0.2
    assert found.problems == {"timeout": 1}
