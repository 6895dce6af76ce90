"""What shells are told: bash tries it, the others' texts are looked at."""

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


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("",), ["status", "zone"]),
        (("st",), ["status"]),
        (("status", "--j"), ["--json"]),
        (("zone", ""), ["away"]),
        (("zone", "away", "eu"), ["euw1-az1"]),
        (("zone", "away", "--how", ""), ["fast", "slow"]),
        (("status", "--stack", "lo"), ["local"]),
    ],
)
def test_bash_completes_commands_their_own_options_and_stacks(typed: tuple[str, ...], offered: list[str]) -> None:
    assert completed(*typed) == offered


def test_zsh_and_fish_show_what_each_is_for() -> None:
    assert "'zone:one zone'" in SHELLS["zsh"](KNOWN)
    fish = SHELLS["fish"](KNOWN).splitlines()
    assert "complete -c ha-web -n '__fish_seen_subcommand_from status' -l json -d 'print it'\\''s JSON'" in fish
    assert "complete -c ha-web -n '__fish_seen_subcommand_from status' -l stack -r -d 'the stack'" in fish
    assert (
        "complete -c ha-web -n '__fish_seen_subcommand_from zone; and not __fish_seen_subcommand_from away' -a away "
        "-d 'send users away'"
    ) in fish


def test_the_command_prints_what_the_shell_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bash"]) == 0
    assert "complete -F _ha_web ha-web" in capsys.readouterr().out
