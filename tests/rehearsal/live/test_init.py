"""The first process inside: what it starts ends as it would, and orphans leave nothing behind."""

import subprocess
import sys

import pytest

from rehearsal.live.door import NAMESPACES
from rehearsal.live.network.allowed import why_not

INIT = (sys.executable, "-m", "rehearsal.live.init")


@pytest.mark.parametrize(("script", "code"), [("exit 3", 3), ("kill -KILL $$", 137)])
def test_the_exit_code_is_the_commands(script: str, code: int) -> None:
    assert subprocess.run([*INIT, "sh", "-c", script], check=False).returncode == code


def test_a_signal_reaches_the_command() -> None:
    with subprocess.Popen(
        [*INIT, "sh", "-c", "trap 'exit 4' TERM; echo up; while :; do sleep 0.05; done"], stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"up\n"
        first.terminate()
        assert first.wait(10) == 4


ORPHANS = """
(sleep 0.1 & sleep 0.1 &)
sleep 0.5
for file in /proc/[0-9]*/stat; do cut -d' ' -f3 $file 2>/dev/null; done | grep -c Z
"""
"""Starts two processes whose parent ends before them; prints how many have ended and are still there."""
CARELESS = (sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])")


@pytest.mark.skipif(bool(why_not()), reason="needs namespaces")
@pytest.mark.parametrize(("first", "left"), [(INIT, "0"), (CARELESS, "2")])
def test_an_orphan_that_has_ended_is_gone(first: tuple[str, ...], left: str) -> None:
    words = ["unshare", *NAMESPACES, *first, "sh", "-c", ORPHANS]
    assert subprocess.run(words, capture_output=True, text=True, check=False, timeout=30).stdout.strip() == left
