"""The part `files`: EFS file systems as folders, copied to replicas that are read only until let go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.live.files.copying import copy_tree
from rehearsal.live.lab import Lab
from rehearsal.live.network.places import Place

EVERY = 60.0
"""Seconds at AWS between two copies. An assumption: EFS is designed for a lag of 15 minutes at most.
https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html"""

RELEASE = 120.0
"""Seconds at AWS until a replication that is deleted is gone: several minutes, says
https://docs.aws.amazon.com/efs/latest/ug/delete-replications.html"""

SIMULATED = f"a file system is a folder; a replica is a copy made every {EVERY:g} s, as it is not known when EFS copies"


@dataclass
class FileSystem:
    """A file system. `source`: the (region, id) that it is a replica of."""

    region: str
    id: str
    folder: Path
    source: tuple[str, str] | None = None
    copied_at: float | None = None


class Files:
    """The file systems of the account."""

    name = "files"
    reads = frozenset({"efs"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.systems: dict[tuple[str, str], FileSystem] = {}
        self._folder = lab.folder / "files"
        self._released: set[tuple[str, str]] = set()
        self._wishes: dict[int, float] = {}

    def folder(self, region: str, file_system: str) -> Path | None:
        """Return the folder that a server mounts; None if there is no such file system."""
        found = self.systems.get((region, file_system))
        return found.folder if found else None

    def writable(self, region: str, file_system: str) -> bool:
        """Tell whether a server may write there: not into a replica."""
        found = self.systems.get((region, file_system))
        return found is not None and found.source is None

    async def reconcile(self) -> None:
        """Bring the folders into step with the account."""
        sources: dict[tuple[str, str], tuple[str, str]] = {}
        known: set[tuple[str, str]] = set()
        for region in (each.name for each in self.lab.outline.regions):
            for system in await self.lab.account.ask_all("efs", region, "describe_file_systems", "FileSystems"):
                key = (region, system["FileSystemId"])
                known.add(key)
                if key not in self.systems:
                    folder = self._folder / system["FileSystemId"]
                    folder.mkdir(parents=True, exist_ok=True)
                    self.systems[key] = FileSystem(*key, folder)
            try:
                answer = await self.lab.account.ask("efs", region, "describe_replication_configurations")
            except ClientError:
                continue  # none
            for replication in answer.get("Replications", []):
                source = (replication["SourceFileSystemRegion"], replication["SourceFileSystemId"])
                for destination in replication["Destinations"]:
                    if destination.get("Status") != "ERROR":
                        sources[destination["Region"], destination["FileSystemId"]] = source
        for key in [key for key in self.systems if key not in known]:
            del self.systems[key]
        self._released &= set(sources)
        for key, system in self.systems.items():
            system.source = None if key in self._released else sources.get(key)

    async def observe(self) -> None:
        """Copy what is due, and let replicas go that were asked for."""
        for system in self.systems.values():
            await self._copy(system)
        for wish in await self.lab.account.wishes():
            if wish["service"] == "efs" and wish["kind"] == "delete-replication":
                await self._release(int(wish["number"]), wish["details"])

    async def _copy(self, system: FileSystem) -> None:
        source = self.systems.get(system.source) if system.source else None
        if source is None or not self.lab.fabric.reachable(Place(source.region), Place(system.region)):
            return
        if system.copied_at is not None and self._since(system.copied_at) < EVERY:
            return
        began = time.monotonic()
        await asyncio.to_thread(copy_tree, source.folder, system.folder)
        system.copied_at = began

    async def _release(self, number: int, details: Mapping[str, Any]) -> None:
        began = self._wishes.setdefault(number, time.monotonic())
        if self._since(began) < RELEASE:
            return
        for key, system in self.systems.items():
            if system.id == details["destination"]:
                self._released.add(key)
                system.source = None
                text = f"{system.id} in {system.region} takes writes: its replication is deleted"
                self.lab.events.note("files", text, region=system.region, subject=system.id, level="warn")
        await self.lab.account.promoted(number)

    def _since(self, moment: float) -> float:
        return float(self.lab.pace.aws(time.monotonic() - moment))

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        copies = {system.source: system.region for system in self.systems.values() if system.source}
        return {
            "files": [
                {
                    "id": system.id,
                    "region": system.region,
                    "writes": system.source is None,
                    "copies_to": copies.get(key, ""),
                    "lag": round(self._since(system.copied_at), 1) if system.source and system.copied_at else 0.0,
                }
                for key, system in sorted(self.systems.items())
            ],
            "simulated": SIMULATED,
        }

    async def aclose(self) -> None:
        """Nothing runs."""
