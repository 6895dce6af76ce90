"""Reports of previews on the emulated AWS: of an edit against another commit or what is deployed, and of drift."""

import fcntl
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rehearsal import terminal
from rehearsal.base_commit import Base
from rehearsal.emulator import process
from rehearsal.engine import Engine, EngineError
from rehearsal.home import CHECKOUT, Home

PACK = "policies"
"""The folder of a project's policy pack."""


class NothingStandsError(RuntimeError):
    """A review or a look for drift wants something to compare with."""


@dataclass(frozen=True)
class Report:
    """A report in the making: where it goes, and what it is compared with."""

    folder: Path
    base: str | None = None
    drift: bool = False
    accept_state_loss: bool = False

    @property
    def events(self) -> Path:
        """The engine's events."""
        return self.folder / "events.jsonl"

    @property
    def file(self) -> Path:
        """The report, short enough for a comment."""
        return self.folder / "report.md"

    def write(self, stack: str, plan: Path) -> int:
        """Have `python -m review` write the report and print its headline; its exit code is the verdict."""
        command = [sys.executable, "-m", "review", str(self.events), "--stack", stack]
        command += ["--base", self.base] if self.base else []
        command += ["--plan", str(plan), "--output", str(self.file), "--full", str(self.folder / "full.md")]
        command += ["--drift"] if self.drift else []
        command += ["--accept-state-loss"] if self.accept_state_loss else []
        return subprocess.run(command, check=False, cwd=CHECKOUT).returncode


def packs_of(project: Path) -> list[Path]:
    """The project's own policy pack, if it has one."""
    pack = project.resolve() / PACK
    return [pack] if (pack / "PulumiPolicy.yaml").exists() else []


def review(engine: Engine, report: Report) -> int:
    """Preview the engine's project against what is deployed and report it; the exit code is the verdict."""
    report.folder.mkdir(parents=True, exist_ok=True)
    report.file.unlink(missing_ok=True)
    flags = ["--refresh"] if report.drift else []
    packs = [] if report.drift else packs_of(engine.project)
    # The plan has inputs in full, so it isn't kept.
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder, "plan.json")
        engine.preview_events(report.events, "--save-plan", str(plan), *flags, policy_packs=packs)
        code = report.write(engine.stack, plan)
    if report.file.exists():
        terminal.say(f"Report: {report.file}")
    return code


def standing(root: Path) -> None:
    """Raise NothingStandsError unless `make up` put something up that is still deployed."""
    if process.running(root) is None or not (root / "state").exists():
        raise NothingStandsError(
            "nothing is deployed to compare with: `make up` first, or name a commit: make review BASE=main"
        )


def review_from_base(home: Home, project: Path, base: Base, report: Report) -> int:
    """Put the base's program up on an emulated AWS of its own, and review the working tree against that."""
    with alone(home.root / "base") as folder:
        own = replace(home, root=folder / "home")
        own.root.mkdir()
        own.prepare()
        try:
            engine = Engine(own, process.start(own.root), base.write_to(folder / "project"))
            engine.select()
            put_up(engine, base)
            terminal.say("Previewing the working tree against it ...")
            return review(replace(engine, project=project), report)
        finally:
            process.stop(own.root)


def put_up(engine: Engine, base: Base) -> None:
    """`pulumi up` of the base's own program."""
    if base.other_packages:
        terminal.say(f"requirements.lock differs: {base.name}'s program runs with the packages of this tree")
    terminal.say(f"Putting up {base.name} ({base.commit[:8]}) on an emulated AWS of its own ...")
    try:
        with terminal.clock():
            engine.up(capture=True)
    except EngineError as error:
        raise EngineError([f"up of {base.name}"], error.output) from None


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """An empty folder that is gone afterwards. What a killed review has left in it, also running, goes first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"another review is at work in {folder}") from None
        _clear(folder)
        folder.mkdir()
        try:
            yield folder
        finally:
            _clear(folder)


def _clear(folder: Path) -> None:
    if (folder / "home").exists():
        process.stop(folder / "home")
    shutil.rmtree(folder, ignore_errors=True)
