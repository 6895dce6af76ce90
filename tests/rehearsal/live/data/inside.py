"""Runs a scene in namespaces of its own, as the live plane runs, with a lab whose account is a table."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rehearsal.home import CHECKOUT
from rehearsal.live.door import NAMESPACES
from rehearsal.live.network.allowed import why_not


def run(module: str, scene: str) -> Any:
    """What a scene of a module says, as JSON; the scene is an async function of a lab."""
    if reason := why_not():
        pytest.skip(reason)
    done = subprocess.run(
        ["unshare", *NAMESPACES, sys.executable, "-m", module, scene],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'components'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


class Names:
    """Keeps what was published."""

    def __init__(self) -> None:
        self.known: dict[str, list[str]] = {}

    def publish(self, name: str, addresses: list[str], **_: Any) -> None:
        self.known[name] = list(addresses)

    def withdraw(self, name: str) -> None:
        self.known.pop(name, None)


class Account:
    """Answers from a table of (service, operation, region); keeps what was reported."""

    def __init__(self, answers: Mapping[tuple[str, str], Any]) -> None:
        self.answers = dict(answers)
        self.wanted: list[dict[str, Any]] = []
        self.reports: list[list[Any]] = []

    async def ask(self, _: str, region: str, operation: str, **parameters: Any) -> Any:
        found = self.answers.get((region, operation), {})
        return found(**parameters) if callable(found) else found

    async def ask_all(self, service: str, region: str, operation: str, key: str, **parameters: Any) -> Any:
        return (await self.ask(service, region, operation, **parameters)).get(key, [])

    async def wishes(self) -> list[dict[str, Any]]:
        return list(self.wanted)

    async def promoted(self, wish: int, **became: Any) -> None:
        self.wanted = [each for each in self.wanted if each["number"] != wish]
        self.reports.append(["promoted", wish, became])

    async def report_primary(self, _service: str, _region: str, resource: str, node: str, *_: str) -> None:
        self.reports.append(["primary", resource, node])

    async def report_nodes(self, _service: str, _region: str, nodes: Mapping[str, str]) -> None:
        self.reports.append(["nodes", dict(nodes)])


def main(
    scenes: Mapping[str, Callable[[Any], Awaitable[Any]]], answers: Mapping[tuple[str, str], Any], pace: float
) -> None:
    """Run the scene that the command line names and print what it says."""
    from pyroute2 import IPRoute

    from rehearsal.live.authority import Authority
    from rehearsal.live.events import Events
    from rehearsal.live.network.fabric import Fabric
    from rehearsal.live.outline import Outline, Region
    from rehearsal.live.pace import Pace

    with IPRoute() as here:
        here.link("set", index=here.link_lookup(ifname="lo")[0], state="up")

    async def play() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            names = sorted({region for region, _ in answers}, reverse=True)
            lab = SimpleNamespace(
                folder=Path(folder),
                account=Account(answers),
                pace=Pace(pace),
                fabric=Fabric(),
                events=Events(Path(folder) / "events.jsonl"),
                authority=Authority(Path(folder) / "authority"),
                names=Names(),
                outline=Outline(tuple(Region(name, "", (), ()) for name in names)),
            )
            try:
                return await scenes[sys.argv[1]](lab)
            finally:
                await lab.fabric.close()

    print(json.dumps(asyncio.run(play())))
