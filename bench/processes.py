"""Where the time of a preview goes: processor time and memory of each process that `pulumi` starts. Linux only."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
EVERY = 0.02
"""Seconds between two looks: what a process uses after the last look at it is not counted."""
TICKS = os.sysconf("SC_CLK_TCK")

MARKS = {
    "policy pack": ("pulumi.policy", "pulumi-analyzer-policy"),
    "emulated AWS": ("rehearsal.emulator",),
    "aws plugin": ("rehearsal.aws_plugin", "pulumi-resource-aws"),
    "program": ("language_host/program.py", "pulumi-language-python-exec"),
    "language host": ("language_host/server.py", "pulumi-language-python"),
}
"""What the command line of a part has, the first that fits."""
PARTS = ("program", "engine", "aws plugin", "language host", "policy pack", "emulated AWS", "other")


@dataclass
class Used:
    """Processor seconds, and the most memory at any time in MiB, of all processes of a part."""

    processor: float = 0.0
    memory: float = 0.0


Parts = Mapping[str, Used]
"""What each part used; those that did not run are left out."""


def used_by(action: Callable[[], object]) -> Parts:
    """What each part uses while something runs."""
    watch = Watch()
    watch.during(action)
    return watch.parts()


@dataclass
class Watch:
    """Looks at the processes below this one while something runs."""

    seen: dict[int, tuple[str, Used]] = field(default_factory=dict)
    before: dict[int, float] = field(default_factory=dict)
    """Processor seconds of what ran already."""

    def look(self) -> None:
        """Note what each process below this one has used so far."""
        for pid in below(os.getpid(), parents()):
            try:
                words = _read(pid, "cmdline").split("\0")
                used = Used(processor_of(_read(pid, "stat")), memory_of(_read(pid, "status")))
            except OSError:
                continue  # it has ended
            if any(words):
                self.seen[pid] = (part_of(words), used)

    def during(self, action: Callable[[], object]) -> None:
        """Do something, and look again and again until it is done."""
        self.look()
        self.before = {pid: used.processor for pid, (_, used) in self.seen.items()}
        over = threading.Event()

        def watch() -> None:
            while not over.wait(EVERY):
                self.look()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            action()
        finally:
            over.set()
            watcher.join()

    def parts(self) -> Parts:
        """What was seen, by part."""
        found: dict[str, Used] = {}
        for pid, (part, used) in self.seen.items():
            sum_ = found.setdefault(part, Used())
            sum_.processor += used.processor - self.before.get(pid, 0.0)
            sum_.memory += used.memory
        return {part: found[part] for part in PARTS if part in found}


def _read(pid: int, name: str) -> str:
    return (PROC / str(pid) / name).read_text(errors="replace")


def parents() -> dict[int, int]:
    """The parent of each process."""
    found = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = int(after_the_name((folder / "stat").read_text())[1])
            except OSError:
                continue
    return found


def below(root: int, parent: Mapping[int, int]) -> Iterator[int]:
    """The processes below one, at any depth."""
    for pid in parent:
        above, path = parent.get(pid), {pid}
        while above is not None and above not in path and above != root:
            path.add(above)
            above = parent.get(above)
        if above == root:
            yield pid


def after_the_name(stat: str) -> list[str]:
    """The fields of a line of /proc/PID/stat after the name, which may have spaces: the state is the first."""
    return stat.rpartition(")")[2].split()


def processor_of(stat: str) -> float:
    """Processor seconds of a process so far."""
    fields = after_the_name(stat)
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(status: str) -> float:
    """The most memory that a process has had so far, in MiB."""
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines.get("VmHWM", "0 kB").split()[0]) / 1024


def part_of(command: list[str]) -> str:
    """Which part of a preview a command line is, with Pulumi's language host or the rehearsal's."""
    first, line = Path(command[0]).name, " ".join(command)
    if first == "pulumi":
        return "engine"
    for part, marks in MARKS.items():
        if any(mark in line for mark in marks):
            return part
    return "other"
