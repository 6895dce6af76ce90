"""The command without an account: its help, its policy, and how lightly it starts."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ops.core.account import Account
from ops.core.operate import Operator
from ops.core.stack import Cluster, Stack
from ops.core.terminal import HOME, Terminal
from ops.status import command, look
from ops.status.command import main
from ops.status.readings.every import CALLS
from tests.ops.status.healthy import FACTS

STARTS = """
import contextlib, sys
from ops.__main__ import main
with contextlib.suppress(SystemExit):
    main(["status", "--help"])
heavy = {"pulumi", "pulumi_aws", "rich", "typer", "boto3", "botocore.config"}
print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_help_is_shown_without_pulumi_and_without_the_sdk_of_aws() -> None:
    done = subprocess.run([sys.executable, "-c", STARTS], capture_output=True, text=True, check=True)
    assert "--watch" in done.stdout
    assert done.stderr.strip() == ""


def test_the_policy_is_printed_and_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--policy", "--outputs", "/nowhere"]) == 0
    [statement] = json.loads(capsys.readouterr().out)["Statement"]
    assert {"autoscaling:DescribeAutoScalingGroups", "s3:GetObject"} <= set(statement["Action"])
    assert not [
        action for action in statement["Action"] if action.split(":")[1].startswith(("Put", "Create", "Delete"))
    ]


def test_no_call_changes_anything() -> None:
    assert {call.operation.split("_")[0] for call in CALLS} <= {"describe", "get", "list", "head"}


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[float]]:
    """Watch a stack, on a terminal or not, until the third wait is interrupted: the waits."""

    def watch(*, live: bool) -> list[float]:
        waits: list[float] = []

        def slept(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                raise KeyboardInterrupt

        def prepared(options: argparse.Namespace) -> Operator:
            terminal = Terminal()
            terminal.live = terminal.colours = live
            clusters = {"primary": Cluster("primary", "eu-west-1", "g", "tg", "lb", "lb.example", "store", ())}
            return Operator(Stack("www.example.com", clusters), Account(object()), terminal, options)

        monkeypatch.setattr(command, "operator", prepared)
        monkeypatch.setattr(look, "look", lambda *_, **__: FACTS if len(waits) < 2 else replace(FACTS, switched=True))
        monkeypatch.setattr("time.sleep", slept)
        assert main(["--watch"]) == 130
        return waits

    return watch


def test_watching_looks_again_until_it_is_interrupted(watched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert watched(live=True) == [5, 5, 5]
    printed = capsys.readouterr().out
    assert printed.count(f"{HOME}\033[32mMay I lose a zone now? yes") == 2
    assert printed.count(f"{HOME}\033[33mMay I lose a zone now? ") == 1
    assert "again every 5 s; Ctrl-C ends it" in printed


def test_watching_without_a_terminal_prints_a_line_for_each_other_answer(
    watched: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watched(live=False) == [5, 5, 5]
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(" UTC healthy: May I lose a zone now? yes.  A region? yes.")
    assert "users are sent to the standby" in second


@pytest.mark.parametrize("patience", ["0", "-1", "nan", "inf", "long"])
def test_a_patience_that_is_none_is_refused(patience: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main([f"--patience={patience}"])
    assert raised.value.code == 2
    assert f"argument --patience: {patience} is no number of seconds above 0" in capsys.readouterr().err
