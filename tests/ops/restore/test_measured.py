"""What a restore test says of its measurement can be read again."""

import pytest

from ops.restore.measured import read, said


@pytest.mark.parametrize("seconds", [0, 84.4, 5400])
def test_what_is_said_is_read(seconds: float) -> None:
    outcome = said(seconds, "available")
    assert read(outcome) == round(seconds)
    assert outcome.endswith("available")


@pytest.mark.parametrize("outcome", ["done", "failed: it is not usable: gone", ""])
def test_nothing_else_is(outcome: str) -> None:
    assert read(outcome) is None
