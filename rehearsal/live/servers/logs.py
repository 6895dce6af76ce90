"""CloudWatch's agent of a server: reads the files that its configuration names, and puts their lines to the log group.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVERY = 5.0
"""Seconds: the agent's force_flush_interval, by default."""

MOST = 500
"""Lines a time; a server that writes more has the rest on its disk only."""

Put = Callable[[str, str, list[dict[str, Any]]], Awaitable[None]]
"""Puts events to a group and stream."""


@dataclass(frozen=True)
class File:
    """A file that is read."""

    path: str
    group: str
    stream: str


def files(configuration: Mapping[str, Any], instance: str) -> tuple[File, ...]:
    """Return what the agent's configuration names."""
    collected = configuration.get("logs", {}).get("logs_collected", {}).get("files", {}).get("collect_list", ())
    return tuple(
        File(each["file_path"], each["log_group_name"], each["log_stream_name"].replace("{instance_id}", instance))
        for each in collected
    )


class Sender:
    """Sends the logs of one server."""

    def __init__(self, instance: str, at: Callable[[str], Path], put: Put) -> None:
        self._instance, self._at, self._put = instance, at, put
        self._task: asyncio.Task[None] | None = None

    def configure(self, path: str) -> None:
        """Read a configuration, and send what it names from now on."""
        named = files(json.loads(self._at(path).read_text()), self._instance)
        self.stop()
        self._task = asyncio.create_task(self._send(named), name=f"logs of {self._instance}")

    async def _send(self, named: tuple[File, ...]) -> None:
        read = dict.fromkeys(named, 0)
        while True:
            for each in named:
                with contextlib.suppress(Exception):  # the agent tries again, and nobody waits for it
                    lines, read[each] = _new_lines(self._at(each.path), read[each])
                    if lines:
                        now = int(time.time() * 1000)
                        events = [{"timestamp": now, "message": line} for line in lines[-MOST:]]
                        await self._put(each.group, each.stream, events)
            await asyncio.sleep(EVERY)

    def stop(self) -> None:
        """Send no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


def _new_lines(path: Path, after: int) -> tuple[list[str], int]:
    """Return whole lines of a file after a place, and the place after them; a file that was emptied is read anew."""
    if not path.exists():
        return [], 0
    if path.stat().st_size < after:
        after = 0
    with path.open("rb") as file:
        file.seek(after)
        content = file.read(1 << 20)
    whole = content[: content.rfind(b"\n") + 1]
    return [line for line in whole.decode(errors="replace").splitlines() if line.strip()], after + len(whole)
