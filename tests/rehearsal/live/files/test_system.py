"""File systems of two Regions, with the account as a table."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rehearsal.live.events import Events
from rehearsal.live.files import Files
from rehearsal.live.files.system import EVERY, RELEASE
from rehearsal.live.outline import Outline, Region
from rehearsal.live.pace import Pace
from tests.rehearsal.live.data.inside import Account

HERE, THERE = "eu-west-1", "eu-central-1"
REPLICATION = {
    "SourceFileSystemRegion": HERE,
    "SourceFileSystemId": "fs-1",
    "Destinations": [{"Region": THERE, "FileSystemId": "fs-2", "Status": "ENABLED"}],
}
ANSWERS: dict[tuple[str, str], Any] = {
    (HERE, "describe_file_systems"): {"FileSystems": [{"FileSystemId": "fs-1"}]},
    (THERE, "describe_file_systems"): {"FileSystems": [{"FileSystemId": "fs-2"}]},
    (HERE, "describe_replication_configurations"): {"Replications": [REPLICATION]},
    (THERE, "describe_replication_configurations"): {"Replications": [REPLICATION]},
}


def lab(folder: Path, reachable: bool = True) -> Any:
    return SimpleNamespace(
        folder=folder,
        account=Account(ANSWERS),
        pace=Pace(1000.0),
        events=Events(folder / "events.jsonl"),
        fabric=SimpleNamespace(reachable=lambda *_: reachable),
        outline=Outline(tuple(Region(name, "", (), ()) for name in (HERE, THERE))),
    )


def test_a_replica_gets_what_its_source_has_and_is_read_only(tmp_path: Path) -> None:
    async def play() -> Files:
        files = Files(lab(tmp_path))
        await files.reconcile()
        for name in ("one", "two"):
            (files.systems[HERE, "fs-1"].folder / name).write_text(name)
            await files.observe()
            await asyncio.sleep(EVERY / 1000 + 0.01)
        await files.observe()
        return files

    files = asyncio.run(play())
    folder = files.folder(THERE, "fs-2")
    assert folder is not None
    assert sorted(path.name for path in folder.iterdir()) == ["one", "two"]
    assert (files.writable(HERE, "fs-1"), files.writable(THERE, "fs-2"), files.writable(HERE, "fs-2")) == (
        True,
        False,
        False,
    )
    assert [(each["id"], each["writes"], each["copies_to"]) for each in files.describe()["files"]] == [
        ("fs-2", False, ""),
        ("fs-1", True, THERE),
    ]


def test_a_region_that_is_cut_gets_no_copy(tmp_path: Path) -> None:
    async def play() -> Files:
        files = Files(lab(tmp_path, reachable=False))
        await files.reconcile()
        (files.systems[HERE, "fs-1"].folder / "one").write_text("1")
        await files.observe()
        return files

    files = asyncio.run(play())
    assert list(files.systems[THERE, "fs-2"].folder.iterdir()) == []


def test_a_replica_takes_writes_once_its_replication_is_deleted(tmp_path: Path) -> None:
    async def play() -> tuple[Files, float, bool]:
        files = Files(lab(tmp_path))
        await files.reconcile()
        details = {"source": "fs-1", "destination": "fs-2", "local_only": False}
        files.lab.account.wanted.append(  # type: ignore[attr-defined] # the tests' account
            {"number": 3, "service": "efs", "kind": "delete-replication", "resource": "fs-1", "details": details}
        )
        await files.observe()
        at_once, began = files.writable(THERE, "fs-2"), time.monotonic()
        while await files.lab.account.wishes():
            await asyncio.sleep(0.01)
            await files.observe()
        took = (time.monotonic() - began) * 1000
        await files.reconcile()  # the account may still show the replication, as DELETING
        return files, took, at_once

    files, took, at_once = asyncio.run(play())
    assert not at_once
    assert took >= RELEASE - 20
    assert files.writable(THERE, "fs-2")
