"""The command without an account: its help, its policy, and how lightly it starts."""

import json
import subprocess
import sys

import pytest

from ops.status.command import main
from ops.status.readings.every import CALLS

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
