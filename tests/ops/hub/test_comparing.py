"""Two judges: where they agree, and where not."""

from typing import Any

import pytest

from ops.hub.comparing import document, lines, rows
from tests.ops.hub.hub import stack


def service(rto: int = 2, judged: str = "ACHIEVABLE") -> dict[str, Any]:
    return {
        "effectivePolicyValues": {"multiAzRto": {"value": rto}, "multiAzRpo": {"value": 1}},
        "achievability": {"multiAzRtoRpo": judged},
    }


@pytest.mark.parametrize(
    ("hub", "declares", "difference"),
    [
        (service(), "2m", ""),
        (service(judged="NOT_ACHIEVABLE"), "2m", "the judges disagree"),
        (service(), "60s", "the hub holds it to 2 minutes: `ha-web hub declare`"),
        (service(rto=1), "60s", "the judges disagree"),  # 90 s are computed
        (service(rto=1, judged=""), "60s", ""),
        (service(), None, "declared at the hub alone"),
        ({}, "2m", "not declared at the hub: `ha-web hub declare`"),
    ],
)
def test_a_difference_is_said_and_what_mends_it(hub: dict[str, Any], declares: str | None, difference: str) -> None:
    objectives = {"zone": {"recovery": declares}} if declares else {}
    row = rows(stack(objectives=objectives), hub)[0]
    assert (row.failure, row.kind, row.difference) == ("zone", "recovery", difference)


def test_what_nobody_declares_is_no_row() -> None:
    assert rows(stack(objectives={}), {}) == []


def test_a_recovery_that_never_ends_is_not_achievable() -> None:
    [row] = rows(stack(objectives={"zone": {"recovery": "2m"}}, recovery={"zone": {"recovery": {"seconds": None}}}), {})
    assert (row.computed, row.ours) == (None, "not achievable")


def test_a_person_reads_both() -> None:
    hub = {**service(judged="NOT_ACHIEVABLE"), "openFindingsCount": 3}
    told = lines(document(stack(), hub, {"assessmentStatus": "SUCCESS", "endedAt": "2026-11-30"}))
    assert told[0] == "www.example.com: assessment SUCCESS at 2026-11-30, 3 open findings"
    assert told[1] == ("zone recovery: declared 120 s, computed 90 s (achievable); Resilience Hub: not achievable")
    assert told[2] == "  difference: the judges disagree"
