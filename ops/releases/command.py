"""Show which versions of its servers each region of a stack has served, and the commands that go back to one.

It only reads: the stack's state by `pulumi stack export`, and the history of the parameters that it names. Credentials
and profile are those of the environment, as for the AWS CLI. Exit codes: 0 shown, 2 it could not be asked.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ops.releases.history import Parameter, Served, parameters, report, served


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web releases", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--stack", default="prod", help="the stack; prod by default")
    options.add_argument("--back", type=int, default=1, help="how many releases to go back; 1 by default")
    return options


def export(stack: str) -> Mapping[str, Any]:
    """Return the state of a stack. Raises OSError with the reason if Pulumi can't tell it."""
    done = subprocess.run(["pulumi", "stack", "export", "--stack", stack], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError((done.stderr or done.stdout).strip().removeprefix("error: "))
    exported: dict[str, Any] = json.loads(done.stdout)
    return exported


def main(arguments: Sequence[str], export_of: Callable[[str], Mapping[str, Any]] = export) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.back < 1:
            raise OSError(f"--back is {options.back}; it counts from 1")
        found = parameters(export_of(options.stack))
        if not found:
            raise OSError(f"the stack {options.stack} has no release: nothing is deployed, or not by this program")
        print(report({each: history_of(each) for each in found}, options.back, options.stack))
    except (OSError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def history_of(parameter: Parameter) -> list[Served]:
    """Return what the parameter of a release held, as AWS remembers: its last hundred values."""
    pages = boto3.client("ssm", region_name=parameter.region).get_paginator("get_parameter_history")
    return served(entry for page in pages.paginate(Name=parameter.name) for entry in page["Parameters"])
