"""The versions that the drill releases: good, bad at boot, bad later."""

import subprocess
from pathlib import Path

import pytest

from rehearsal.live.releases import user_data

GOOD = """#!/bin/bash
set -euo pipefail
release="{folder}"
echo 'echo served; exec sleep 60' >"$release/run"
(cd "$release" && timeout 1 bash run)
"""


def run(folder: Path, kind: str, seconds: float = 0.2) -> tuple[int, str]:
    text = user_data(GOOD.format(folder=folder), kind, 7, seconds)
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False, timeout=30)
    return done.returncode, done.stdout


TIMED_OUT = 124


@pytest.mark.parametrize(("kind", "code", "printed"), [("good", TIMED_OUT, "served\n"), ("bad", 1, "")])
def test_a_version_does_what_its_kind_says(tmp_path: Path, kind: str, code: int, printed: str) -> None:
    assert run(tmp_path, kind) == (code, printed)


def test_one_that_is_bad_later_serves_first_and_then_ends_for_what_fails(tmp_path: Path) -> None:
    code, printed = run(tmp_path, "later")
    assert printed == "served\n"
    assert code == 1, "what fails has no /etc/ha-web/server.json here, and the application is gone"
    assert "send_response(200 if" in (tmp_path / "failing.py").read_text()


def test_versions_differ_though_they_serve_the_same() -> None:
    assert user_data(GOOD, "good", 7, 5) != user_data(GOOD, "good", 8, 5)
