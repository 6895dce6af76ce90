"""systemd's units: what a unit of ours says, systemd's quoting, time spans, the words of a command."""

from pathlib import Path

import pytest
from ha_web.application.server import tls
from ha_web.application.server.unit import Service, package_unit

from rehearsal.live.servers.unit import command, parse, seconds, variables_of
from tests.components.application.machine import Machine

OURS = package_unit(Service(name="shop", stop_seconds=90, logs_to_file=True), "/opt/ha-web/releases/abc")


def test_our_own_unit_is_understood() -> None:
    unit = parse("ha-web-app.service", OURS)
    assert unit.start == "/bin/bash /opt/ha-web/releases/abc/run"
    assert (unit.user, unit.folder) == ("ha-web", "/opt/ha-web/releases/abc/package")
    assert (unit.restart, unit.restart_seconds, unit.stop_seconds) == ("always", 2, 90)
    assert unit.kill_mode == "mixed"
    assert unit.output == "/var/log/ha-web/application.log"
    assert unit.files == ("-/etc/ha-web/environment", "-/etc/ha-web/instance", "-/etc/ha-web/secrets.env")
    assert unit.folders == ("/var/lib/ha-web", "/var/cache/ha-web", "/run/ha-web")
    assert unit.variables == ("HOME=/var/lib/ha-web",)


def test_what_stops_before_a_unit_is_understood() -> None:
    assert parse("ha-web-tls.service", tls.unit()).before == ("ha-web-app.service",)


def test_what_is_added_to_a_unit_counts_and_an_empty_value_takes_back() -> None:
    unit = parse("a.service", "[Service]\nExecStart=/one\nEnvironment=A=1\n", "[Service]\nExecStart=\nExecStart=/two\n")
    assert (unit.start, unit.variables) == ("/two", ("A=1",))
    assert parse("a.service", "[Service]\nEnvironment=A=1\nEnvironment=\n").variables == ()


def test_comments_and_continued_lines() -> None:
    unit = parse("a.service", "# ExecStart=/no\n; nor this\n[Service]\nExecStart=/bin/echo \\\n  on\n")
    assert unit.start == "/bin/echo  on"


@pytest.mark.parametrize(
    ("text", "expected"), [("90", 90), ("1min 30s", 90), ("500ms", 0.5), ("2h", 7200), ("infinity", float("inf"))]
)
def test_time_spans(text: str, expected: float) -> None:
    assert seconds(text, 1) == expected


def test_a_value_that_is_not_said_is_the_default() -> None:
    assert seconds("", 0.1) == 0.1


def test_variables_are_read_as_they_were_written(tmp_path: Path) -> None:
    nasty = 'a "quoted" $HOME `id` \\ end\nsecond line'
    machine = Machine(tmp_path, environment={"PLAIN": "x", "NASTY": nasty, "EMPTY": ""})
    machine.start()
    told = variables_of((machine.root / "etc/ha-web/environment").read_text())
    assert told == {"PLAIN": "x", "NASTY": nasty, "EMPTY": ""}


def test_variables_without_quotes() -> None:
    assert variables_of("A=1\n# B=2\nC='x y'\n") == {"A": "1", "C": "x y"}


def test_the_words_of_a_command_have_variables_and_no_shell() -> None:
    told = {"PORT": "8080", "WORDS": "a b"}
    assert command("-/bin/app --port=${PORT} $WORDS 'x y' $NONE", told) == ["/bin/app", "--port=8080", "a", "b", "x y"]


@pytest.mark.parametrize(
    ("restart", "code", "again"),
    [("always", 0, True), ("on-failure", 0, False), ("on-failure", -9, True), ("no", 1, False)],
)
def test_whether_it_is_started_again(restart: str, code: int, again: bool) -> None:
    assert parse("a.service", f"[Service]\nRestart={restart}\n").restarts(code) is again
