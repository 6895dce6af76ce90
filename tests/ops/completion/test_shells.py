"""What shells are told: each tries it where it is installed."""

import shutil
import subprocess

import pytest

from ops.completion.command import main
from ops.completion.shells import SHELLS
from ops.tree import Command, Option
from rehearsal.home import CHECKOUT

STACK = Option(("--stack",), "the stack", True, ())
KNOWN = [
    Command(("status",), "is all well", (STACK, Option(("--json",), "print it's JSON", False, ())), (), ""),
    Command(("zone",), "one zone", (), (), ""),
    Command(("zone", "away"), "send users away", (Option(("--how",), "", True, ("fast", "slow")),), ("euw1-az1",), ""),
]


def completed(*typed: str) -> list[str]:
    words = " ".join(word or "''" for word in typed)
    asked = f'COMP_WORDS=(ha-web {words}); COMP_CWORD={len(typed)}; _ha_web; echo "${{COMPREPLY[@]}}"'
    script = f"{SHELLS['bash'](KNOWN)}\n{asked}"
    done = subprocess.run(["bash", "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


OFFERED = [
    (("",), ["status", "zone"]),
    (("st",), ["status"]),
    (("status", "--j"), ["--json"]),
    (("zone", ""), ["away"]),
    (("zone", "away", "eu"), ["euw1-az1"]),
    (("zone", "away", "--how", ""), ["fast", "slow"]),
    (("status", "--stack", "lo"), ["local"]),
]


@pytest.mark.parametrize(("typed", "offered"), OFFERED)
def test_bash_completes_commands_their_own_options_and_stacks(typed: tuple[str, ...], offered: list[str]) -> None:
    assert completed(*typed) == offered


def test_zsh_and_fish_show_what_each_is_for() -> None:
    assert "'zone:one zone'" in SHELLS["zsh"](KNOWN)
    fish = SHELLS["fish"](KNOWN).splitlines()
    assert "complete -c ha-web -n '__fish_seen_subcommand_from status' -l json -d 'print it'\\''s JSON'" in fish
    assert (
        "complete -c ha-web -n '__fish_seen_subcommand_from zone; and not __fish_seen_subcommand_from away' -a away "
        "-d 'send users away'"
    ) in fish


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("typed", "offered"), OFFERED)
def test_fish_completes_the_same(typed: tuple[str, ...], offered: list[str]) -> None:
    script = f"{SHELLS['fish'](KNOWN)}\ncomplete -C'{' '.join(('ha-web', *typed))}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == offered


ZSH = """
compdef() { }
_describe() { print -rl -- ${(P)2} }
_files() { print files }
compadd() { shift; print -rl -- "$@" }
"""
"""What zsh's own completion would be asked."""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(("typed", "offered"), OFFERED)
def test_zsh_offers_the_same(typed: tuple[str, ...], offered: list[str]) -> None:
    words = " ".join(word or "''" for word in typed)
    script = f"{ZSH}\n{SHELLS['zsh'](KNOWN)}\nwords=(ha-web {words}); CURRENT={len(typed) + 1}; _ha_web"
    done = subprocess.run(["zsh", "-f", "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found = [line.split(":")[0] for line in done.stdout.splitlines()]
    assert [word for word in found if word.startswith(typed[-1])] == offered


def test_the_command_prints_what_the_shell_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bash"]) == 0
    assert "complete -F _ha_web ha-web" in capsys.readouterr().out
