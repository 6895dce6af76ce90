"""The first process inside: what it starts ends as it would, and orphans leave nothing behind."""

import subprocess
import sys

import pytest

from rehearsal.live.door import NAMESPACES
from rehearsal.live.network.allowed import why_not

INIT = (sys.executable, "-m", "rehearsal.live.init")


@pytest.mark.parametrize(("script", "code"), [("exit 3", 3), ("kill -KILL $$", 137)])
def test_the_exit_code_is_the_commands(script: str, code: int) -> None:
    with subprocess.Popen([*INIT, "sh", "-c", script], stdin=subprocess.PIPE) as first:
        assert first.wait(10) == code


@pytest.mark.parametrize(("trap", "code"), [("exit 4", 4), ("", 137)])
def test_the_command_is_asked_to_end_with_the_input_and_is_ended_if_it_does_not(trap: str, code: int) -> None:
    script = f"trap '{trap}' TERM; echo up; while :; do sleep 0.05; done"
    with subprocess.Popen([*INIT, "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == b"up\n"
        first.stdin.close()
        assert first.wait(15) == code


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
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.read().strip() == left
