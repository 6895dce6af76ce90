"""What a person sees on a terminal, and what a log has in its place."""

import io
import os
import time

import pytest

from ops.core import terminal
from ops.core.terminal import HOME, Terminal


class Tty(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((20, 6)))


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Tty:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Tty()


@pytest.mark.usefixtures("small")
def test_a_screen_begins_with_the_first_line_and_tells_how_many_do_not_fit(out: Tty) -> None:
    told = Terminal(out)
    told.screen([told.paint("may I? yes", "good"), "x" * 21, "last", "gone", "gone, too"], "Ctrl-C")
    assert out.getvalue() == f"{HOME}\033[32mmay I? yes\033[0m\n{'x' * 21}\nlast\n2 more lines; Ctrl-\n"
    told.screen(["may I? yes"], "Ctrl-C")
    assert out.getvalue().endswith(f"{HOME}may I? yes\nCtrl-C\n")


@pytest.mark.usefixtures("small")
def test_a_clock_shows_where_something_is_at(out: Tty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "AFTER", 0.01)
    told = Terminal(out)
    with told.clock("wait"):
        _until(out, "   wait … 0 s")
        told.show("1 of 3 run")
        _until(out, "   1 of 3 run … 0 s")
    with told.clock("next"):
        _until(out, "   next … 0 s")
    assert out.getvalue().endswith("\033[2K\r")


def _until(out: Tty, text: str) -> None:
    end = time.monotonic() + 20
    while text not in out.getvalue():
        assert time.monotonic() < end, out.getvalue()
        time.sleep(0.01)


def test_elsewhere_each_change_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "AFTER", 0.01)
    out = io.StringIO()
    told = Terminal(out)
    with told.clock("wait"):
        for text in ("1 of 3 run", "1 of 3 run", "2 of 3 run"):
            told.show(text)
        time.sleep(0.05)
    assert out.getvalue() == "   1 of 3 run\n   2 of 3 run\n"


def test_without_colours_a_line_changes_all_the_same(out: Tty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    told = Terminal(out)
    assert told.live
    assert told.paint("yes", "good") == "yes"


def test_nothing_but_the_document_goes_to_a_terminal_that_wants_json(
    out: Tty, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Terminal(out, as_json=True)
    told.show("1 of 3 run")
    told.document({"state": "healthy"})
    assert out.getvalue() == '{\n  "state": "healthy"\n}\n'
    assert capsys.readouterr().err == "   1 of 3 run\n"
