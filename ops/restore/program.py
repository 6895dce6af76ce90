"""The program of the stack: its settings and its updates, by Pulumi's command; this process starts without Pulumi."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.core.errors import NOT_ASKED, OpsError

DATABASE = "ha-web:database"

HOLDS_DATA = ("aws:rds/", "aws:efs/", "aws:elasticache/", "aws:memorydb/", "aws:s3/", "aws:backup/", "aws:kms/")
"""Beginnings of types of which nothing may be replaced or deleted on the way."""

SERVERS = ("aws:ec2/launchTemplate:", "aws:autoscaling/group:")

ENDS = ("delete", "replace", "delete-replaced", "create-replacement")
"""Operations of a preview after which something is not the same any more."""


@dataclass(frozen=True)
class Program:
    """A stack, as `pulumi` in this folder knows it."""

    stack: str

    def database(self) -> Mapping[str, Any]:
        """Return the settings of the database. Raises OpsError without one."""
        told = json.loads(self.told("config", "--json"))
        found = told.get(DATABASE)
        if found is None:
            raise OpsError(f"stack {self.stack}: has no {DATABASE}, so there is no database to restore", NOT_ASKED)
        value = found.get("objectValue")
        settings: Mapping[str, Any] = value if isinstance(value, dict) else json.loads(found.get("value") or "{}")
        return settings

    def set(self, path: str, value: str) -> None:
        """Write a setting into the stack's file."""
        self.told("config", "set", "--path", f"{DATABASE}.{path}", value)

    def preview(self) -> list[tuple[str, str, str]]:
        """Return what an update would do: operation, type and name, but for what stays as it is."""
        steps = json.loads(self.told("preview", "--json")).get("steps", [])
        parts = [(step["op"], step["urn"].split("::")) for step in steps]
        return [(op, urn[2].rpartition("$")[2], urn[3]) for op, urn in parts if op not in ("same", "read")]

    def up(self) -> None:
        """Update the stack, in sight of whoever waits. Raises OpsError if it fails."""
        out = sys.stderr if not sys.stdout.isatty() else None
        command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", self.stack]
        if code := _run(command, stdout=out).returncode:
            raise OpsError(f"`pulumi up` ended with {code}; its reason is above, and the same command goes on")

    def told(self, *arguments: str) -> str:
        """Return what a command of Pulumi prints. Raises OpsError with its reason if it fails."""
        done = _run(["pulumi", *arguments, "--stack", self.stack], capture_output=True, text=True)
        if done.returncode:
            said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()] or ["no reason given"]
            reason = next((line for line in said if line.startswith("error:")), said[0]).removeprefix("error: ")
            raise OpsError(f"stack {self.stack}: `pulumi {arguments[0]}`: {reason}", NOT_ASKED)
        return str(done.stdout)


def _run(command: list[str], **how: Any) -> "subprocess.CompletedProcess[Any]":
    try:
        return subprocess.run(command, check=False, **how)
    except OSError as error:
        helps = "run this in the folder of the program, with Pulumi on the path"
        raise OpsError(f"`pulumi` can't be started ({error.strerror}); {helps}", NOT_ASKED) from None


def lost(steps: list[tuple[str, str, str]]) -> list[str]:
    """Return what of a preview would replace or delete something that holds data."""
    return [f"{op} {name} ({kind})" for op, kind, name in steps if op in ENDS and kind.startswith(HOLDS_DATA)]


def of_servers(steps: list[tuple[str, str, str]]) -> list[str]:
    """Return what of a preview would change servers: something else is waiting to be deployed."""
    return [f"{op} {name} ({kind})" for op, kind, name in steps if op != "create" and kind.startswith(SERVERS)]
