"""The output of the commands, on a terminal and elsewhere."""

import time

import pytest

from rehearsal import terminal


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """Output that a terminal of 80 columns shows."""
    monkeypatch.setattr(terminal, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return capsys


def test_a_log_gets_plain_lines_of_a_known_width(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say(terminal.bold("x" * 200))
    with terminal.clock(), terminal.counting("parts", 3) as reached:
        reached(2)
    assert terminal.width() == 120
    assert capsys.readouterr().out == "x" * 200 + "\n  2 parts in 0 s\n"


@pytest.mark.usefixtures("watched")
def test_a_terminal_gets_bold_headings_and_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (terminal.bold("a"), terminal.width()) == ("\033[1ma\033[0m", 80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.bold("a") == "a"


def test_a_terminal_shows_a_clock_until_it_is_over_and_leaves_nothing_of_it(
    watched: pytest.CaptureFixture[str],
) -> None:
    def interrupted() -> None:
        with terminal.clock():
            time.sleep(1.2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert watched.readouterr().out == "\r\033[K  1 s\r\033[K"
