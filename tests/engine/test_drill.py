"""A short drill on a live site of its own: what `make live` and `make drill` do, as a user starts them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator import process
from rehearsal.home import CHECKOUT
from rehearsal.live import command as live
from rehearsal.live.network.allowed import why_not

pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=f"the live plane can't run here: {why_not()}"),
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("drill"),
]
SHORT = ("server-killed", "session-primary-killed")


def rehearsal(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rehearsal", "--home", str(home), *words]
    return subprocess.run(command, check=False, cwd=CHECKOUT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A stack that is up and alive."""
    root = tmp_path_factory.mktemp("drill") / "home"
    try:
        put_up = rehearsal(root, "up", "--live")
        assert put_up.returncode == 0, put_up.stdout[-2000:] + put_up.stderr
        yield root
    finally:
        live.stop(root)
        process.stop(root)


def drill(home: Path, out: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Run a drill on a busy machine: few users, no faster than twice AWS's pace."""
    done = rehearsal(home, "drill", "--seed", "7", "--rate", "25", "--fastest", "2", "--out", str(out), *words)
    assert (out / "drill.json").exists(), done.stdout + done.stderr
    return done.returncode, json.loads((out / "drill.json").read_text())


def test_a_killed_server_and_a_killed_session_primary_keep_what_is_promised(home: Path, tmp_path: Path) -> None:
    code, report = drill(home, tmp_path, *(word for name in SHORT for word in ("--scenario", name)))
    said = {each["name"]: (each["verdict"], each["why"], each["rows"]) for each in report["results"]}
    assert [said[name][0] for name in ("control", *SHORT)] == ["met"] * 3, said
    assert code == 0
    killed = next(each for each in report["results"] if each["name"] == "server-killed")
    assert killed["target"].startswith("i-")
    assert killed["service"]["failed"] > 0, "a balancer that doesn't retry fails some requests of a killed server"


def test_a_balancer_that_tries_again_by_itself_shows_no_damage_where_ours_does(home: Path, tmp_path: Path) -> None:
    _, report = drill(home, tmp_path, "--break", "redispatch")
    killed = next(each for each in report["results"] if each["name"] == "server-killed")
    assert report["mistakes"] == ["redispatch"]
    assert killed["service"]["failed"] <= 1
