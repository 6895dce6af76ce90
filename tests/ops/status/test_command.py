"""The command without an account: its help, its policy, and how lightly it starts."""

import argparse
import json
import subprocess
import sys

import pytest

from ops.core.account import Account
from ops.core.operate import Operator
from ops.core.stack import Cluster, Stack
from ops.core.terminal import Terminal
from ops.status import command, look
from ops.status.command import HOME, main
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


def test_watching_looks_again_until_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[float] = []

    def slept(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    def prepared(options: argparse.Namespace) -> Operator:
        terminal = Terminal()
        terminal.live = True
        clusters = {"primary": Cluster("primary", "eu-west-1", "g", "tg", "lb", "lb.example", "store", ())}
        return Operator(Stack("www.example.com", clusters), Account(object()), terminal, options)

    monkeypatch.setattr(command, "operator", prepared)
    monkeypatch.setattr(look, "look", lambda *_, **__: FACTS)
    monkeypatch.setattr("time.sleep", slept)
    assert main(["--watch"]) == 130
    assert looks == [5, 5, 5]
    assert capsys.readouterr().out.count(f"{HOME}\033[32mMay I lose a zone now? yes") == 3
