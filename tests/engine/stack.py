"""A small program in a project on disk, and its stack: put up by the real engine through the emulated plugins."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.emulator.process import Emulator
from rehearsal.home import Home
from rehearsal.pulumi_cli import ensure
from tests.conftest import REGION

SETTINGS = {"aws:region": REGION, "aws:accessKey": "rehearsal", "aws:secretKey": "rehearsal"}
CHANGES = ("create", "update", "replace", "delete")
COUNTED = re.compile(r"(\d+) (created|updated|replaced|deleted|unchanged)")

Changes = dict[tuple[str, str], set[str]]
"""(Operation, name) -> properties that differ."""


def new_home(root: Path) -> Home:
    """A home of its own in `root`."""
    home = Home(root / "home", ensure())
    home.prepare()
    return home


def new_project(folder: Path, program: str, settings: Mapping[str, Any] = SETTINGS, stack: str = "dev") -> Path:
    """A project in a new folder, which it is named for, with the settings of one stack."""
    folder.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(f"name: {folder.name}\nruntime: python\n")
    (folder / f"Pulumi.{stack}.yaml").write_text(json.dumps({"config": settings}))
    (folder / "__main__.py").write_text(program)
    return folder


def changes(previewed: Mapping[str, Any]) -> Changes:
    """The changes in what `pulumi preview --json` prints."""
    return {
        (step["op"], step["urn"].rpartition("::")[2]): set(step.get("detailedDiff") or {})
        for step in previewed["steps"]
        if step["op"] in CHANGES
    }


@dataclass(frozen=True)
class Stack:
    """The stack `dev` of a project."""

    home: Home
    emulator: Emulator
    project: Path

    @classmethod
    def new(
        cls, root: Path, emulator: Emulator, program: str, name: str = "tiny", settings: Mapping[str, Any] = SETTINGS
    ) -> Stack:
        """A stack of a new project in `root`; nothing is put up yet."""
        made = cls(new_home(root), emulator, new_project(root / name, program, settings))
        made.run("stack", "init", "dev")
        return made

    def tried(self, *args: str) -> subprocess.CompletedProcess[str]:
        """A command of `pulumi`, however it ends."""
        command = [str(self.home.bin / "pulumi"), "--non-interactive", *args]
        environment = self.home.environment(self.emulator)
        return subprocess.run(
            command, cwd=self.project, env=environment, capture_output=True, text=True, check=False, timeout=180
        )

    def run(self, *args: str) -> str:
        """What a command of `pulumi` prints; it must end well."""
        done = self.tried(*args)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self, *flags: str) -> dict[str, int]:
        """How many resources were created, updated, replaced, deleted, left unchanged."""
        printed = self.run("up", "--yes", "--skip-preview", *flags)
        return {what: int(count) for count, what in COUNTED.findall(printed)}

    def previewed(self, *flags: str) -> dict[str, Any]:
        """The document of a preview: steps and diagnostics."""
        document: dict[str, Any] = json.loads(self.run("preview", "--json", *flags))
        return document

    def preview(self, *flags: str) -> Changes:
        """What an `up` would change."""
        return changes(self.previewed(*flags))

    def state(self) -> list[dict[str, Any]]:
        """The resources in the stack's state."""
        exported: list[dict[str, Any]] = json.loads(self.run("stack", "export"))["deployment"]["resources"]
        return exported

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        found: dict[str, Any] = json.loads(self.run("stack", "output", "--json"))
        return found

    def refresh(self) -> None:
        """Take over what AWS has now."""
        self.run("refresh", "--yes", "--skip-preview")

    def destroy(self) -> None:
        """Delete everything."""
        self.run("destroy", "--yes", "--skip-preview")
