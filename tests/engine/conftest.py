"""One `pulumi up` of the whole program a session, by the real engine on an emulated AWS of its own."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.engine import Engine
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import ensure

LEFT_OUT = (".venv", ".git", ".rehearsal", ".*_cache", "__pycache__", "tests", "docs")
Config = dict[str, Any]


def copy_project(target: Path) -> Path:
    """The checkout without what the engine needn't see; stack files in it may be edited."""
    shutil.copytree(CHECKOUT, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (target / ".venv").symlink_to(CHECKOUT / ".venv")
    return target


@dataclass(frozen=True)
class Step:
    """One line of a preview: what happens to a resource, and which properties differ."""

    op: str
    name: str
    type: str
    properties: frozenset[str]


@dataclass(frozen=True)
class Site:
    """A stack that stands on an emulated AWS."""

    engine: Engine
    account: Account

    @property
    def config(self) -> Config:
        """What the stack file says."""
        loaded: Config = yaml.safe_load(self.stack_file.read_text())
        return loaded

    @property
    def stack_file(self) -> Path:
        """The stack's own file."""
        return self.engine.project / f"Pulumi.{self.engine.stack}.yaml"

    def edited(self, edit: Callable[[Config], None], folder: Path) -> Path:
        """A copy of the stack file with an edit to its `config`."""
        settings = self.config
        edit(settings["config"])
        copy = folder / self.stack_file.name
        copy.write_text(yaml.safe_dump(settings))
        return copy

    def preview(self, edit: Callable[[Config], None], folder: Path, *flags: str) -> list[Step]:
        """What an edit of the config would change: every step but those that leave a resource as it is."""
        file = self.edited(edit, folder)
        shown = self.engine.run(
            "preview", "--json", "--stack", self.engine.stack, "--config-file", str(file), *flags, capture=True
        )
        return [step for step in map(_step, json.loads(shown)["steps"]) if step.op != "same"]

    def inputs(self, kind: str) -> list[Config]:
        """The inputs of all resources of a type."""
        return [r["inputs"] for r in self.engine.resources() if r["type"] == kind]


def _step(raw: Config) -> Step:
    urn = raw["urn"].split("::")
    return Step(raw["op"], urn[-1], urn[-2].split("$")[-1], frozenset(raw.get("detailedDiff") or {}))


def stand_up(root: Path) -> Engine:
    """A home, an emulated AWS and a copy of the project in `root`; nothing is deployed yet."""
    home = Home(root / "home", ensure())
    home.prepare()
    engine = Engine(home, process.start(home.root), copy_project(root / "project"))
    engine.select()
    return engine


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The stack `local` after one `up`; tests leave it as they found it."""
    engine = stand_up(tmp_path_factory.mktemp("site"))
    try:
        engine.up(capture=True)
        yield Site(engine, Account(engine.emulator))
    finally:
        process.stop(engine.home.root)
