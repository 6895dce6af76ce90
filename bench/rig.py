"""What the previews run on: a home of their own with the real engine, and an emulated AWS whose account is empty."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ratios import Spent, timed
from rehearsal.emulator import process
from rehearsal.engine import Engine
from rehearsal.home import Home
from rehearsal.pulumi_cli import ensure

Key = tuple[str, str]
"""Type and name of a resource."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How `pulumi preview --json` shows what only the cloud will know (sdk/go/common/resource/plugin/rpc.go)."""


@dataclass(frozen=True)
class Rig:
    """A temporary folder, the engine's home in it and the emulated AWS."""

    folder: Path
    home: Home
    emulator: process.Emulator

    def engine(self, project: Path, stack: str) -> Engine:
        """The engine on the project, its empty stack made and selected."""
        engine = Engine(self.home, self.emulator, project, stack)
        engine.select()
        return engine


@contextmanager
def rig() -> Iterator[Rig]:
    """Set up all that previews need; the emulated AWS is stopped and the folder removed at the end."""
    with tempfile.TemporaryDirectory(prefix="ha-web-bench-") as name:
        folder = Path(name)
        home = Home(folder / "home", ensure())
        home.root.mkdir()
        try:
            emulator = process.start(home.root)
            home.prepare()
            yield Rig(folder, home, emulator)
        finally:
            process.stop(home.root)


@dataclass(frozen=True)
class Program:
    """A program that can be previewed; `created` is how many resources its preview must plan, components included."""

    engine: Engine
    created: int
    flags: tuple[str, ...] = ()

    def preview(self) -> Spent:
        """What a `pulumi preview` takes, as a user types it.

        Raises:
            RuntimeError: the preview planned something else, so that its time would mean nothing.
        """
        shown: list[str] = []
        command = ("preview", "--stack", self.engine.stack, *self.flags)
        took = timed(lambda: shown.append(self.engine.run(*command, capture=True)))
        found = re.search(r"\+ (\d+) to create", shown[0])
        if not found or int(found[1]) != self.created:
            name = self.engine.project.name
            raise RuntimeError(f"the preview of {name} plans {found and found[1]} resources and not {self.created}")
        return took


def planned(engine: Engine) -> dict[Key, dict[str, Any]]:
    """The inputs of every resource that a preview would create, by type and name; components are among them."""
    shown = engine.run("preview", "--json", "--stack", engine.stack, capture=True)
    states = [step["newState"] for step in json.loads(shown)["steps"]]
    created = [state for state in states if not state["type"].startswith("pulumi:providers:")]
    return {(state["type"], state["urn"].split("::")[-1]): state.get("inputs", {}) for state in created}


DRAWN = re.compile(r"-[0-9a-f]{7}\b")
"""How a name ends that the provider has made up."""


def of_provider(resources: Mapping[Key, dict[str, Any]]) -> dict[Key, dict[str, Any]]:
    """Those that AWS has: no components, no stack."""
    return {key: inputs for key, inputs in resources.items() if key[0].startswith("aws:")}


def differences(ours: Mapping[Key, Any], flat: Mapping[Key, Any]) -> list[str]:
    """Why two previews don't plan the same resources; what either side doesn't know yet may be anything."""
    lines = [f"only in one program: {type_} {name}" for type_, name in sorted(set(ours) ^ set(flat))]
    for key in sorted(set(ours) & set(flat)):
        found = _differing(ours[key], flat[key], "")
        lines += [f"{key[0]} {key[1]}: {path} differs" for path in found]
    return lines


def _differing(one: Any, other: Any, path: str) -> Iterator[str]:
    if UNKNOWN in (one, other) or one == other:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(set(one) | set(other)):
            yield from _differing(one.get(key), other.get(key), f"{path}.{key}" if path else key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other, strict=True)):
            yield from _differing(*pair, f"{path}[{index}]")
    elif not (_auto_name(one, other) or _secret(one, other)):
        yield path


def _auto_name(one: Any, other: Any) -> bool:
    """Names that the provider makes up end in hex digits drawn from a seed of the engine; a text may have one in it."""
    return isinstance(one, str) and isinstance(other, str) and DRAWN.sub("-", one) == DRAWN.sub("-", other)


def _secret(one: Any, other: Any) -> bool:
    return "[secret]" in (one, other)
