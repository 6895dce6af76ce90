"""The living mode ends where nobody reports any more."""

import pytest

from rehearsal.emulator.living import clock, silence


def test_the_mode_ends_after_too_long_a_silence_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now, stops = [1000.0], list[float]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(clock, "stop", lambda: stops.append(now[0]))
    silence.hear()
    for seconds in (silence.LONGEST / 2, silence.LONGEST / 2):
        now[0] += seconds
        silence.look()
    silence.hear()
    assert stops == []
    for seconds in (silence.LONGEST, 2):
        now[0] += seconds
        silence.look()
    assert stops == [1000.0 + 2 * silence.LONGEST + 2]
