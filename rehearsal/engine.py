"""One Pulumi project in the rehearsal's home: the commands that `make` offers, as the engine runs them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rehearsal import vaults
from rehearsal.account import Account
from rehearsal.emulator.process import Emulator
from rehearsal.home import CHECKOUT, Home

STACK = "local"
STREAMED = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}
"""Makes `pulumi preview --json` print each event of the engine, policy findings too, and not one document of steps."""

KEPT = (sys.executable, "-m", "review.filter_events")
"""Passes on the events that may be kept."""

MULTI_REGION = "aws:memorydb/multiRegionCluster:MultiRegionCluster"
UPDATING = 5.0
"""Seconds until MemoryDB's clusters are no longer updating after the deletion of another one; at AWS, some minutes."""

GRACE = 15.0
"""Seconds that an interrupted `pulumi` has to end what it started. It takes one or two."""


class TerminatedError(KeyboardInterrupt):
    """SIGTERM: it reached this process alone, where Ctrl-C reaches `pulumi` as well."""


RESULTS = ("update failed", "preview failed")
"""Errors that only say that there were others."""


class EngineError(RuntimeError):
    """`pulumi` ended with an error, which it has shown itself; `output` has it where it was captured."""

    def __init__(self, command: list[str], output: str = "") -> None:
        super().__init__(f"`pulumi {' '.join(command)}` failed" + (f":\n{output}" if output else ""))
        self.output = output

    @property
    def reason(self) -> str:
        """The first error that was printed, in a line; the last line if there is none; nothing if none was captured.

        The engine ends with which resources failed, in an order of its own, and with how long it took.
        """
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
        named = [each for each in errors if each not in RESULTS]
        return (named or errors or lines[-1:] or [""])[0]


def judged_by(policy_packs: Sequence[Path]) -> list[str]:
    """The flags that have policy packs judge a preview."""
    return [flag for pack in policy_packs for flag in ("--policy-pack", str(pack))]


@dataclass(frozen=True)
class Engine:
    """Runs `pulumi` on the project in `project` against `emulator`."""

    home: Home
    emulator: Emulator
    project: Path
    stack: str = STACK

    def run(self, *args: str, capture: bool = False) -> str:
        """Run `pulumi ARGS` in the project; return what it printed when `capture`. Raises EngineError."""
        command = [str(self.home.bin / "pulumi"), *args]
        pipe = subprocess.PIPE if capture else None
        with self._started(command, self.environment(), pipe, pipe) as pulumi:
            printed, complained = pulumi.communicate()
        if pulumi.returncode != 0:
            raise EngineError(list(args), (printed or "") + (complained or ""))
        return printed or ""

    @contextmanager
    def _started(
        self, command: list[str], environment: dict[str, str], stdout: int | None, stderr: int | None
    ) -> Iterator[subprocess.Popen[str]]:
        """`pulumi`, running. Killed it would leave plugins behind, so an interruption waits until it has ended."""
        with subprocess.Popen(
            command, cwd=self.project, env=environment, stdout=stdout, stderr=stderr, text=True
        ) as pulumi:
            try:
                yield pulumi
                pulumi.wait()
            except BaseException as interruption:
                if not isinstance(interruption, KeyboardInterrupt) or isinstance(interruption, TerminatedError):
                    pulumi.send_signal(signal.SIGINT)
                try:
                    pulumi.communicate(timeout=GRACE)
                except subprocess.TimeoutExpired:
                    pulumi.kill()
                raise

    def environment(self) -> dict[str, str]:
        """The home's, and the project's own components before those that are installed: another commit has others."""
        environment = self.home.environment(self.emulator)
        paths = [str(self.project / "components"), environment.get("PYTHONPATH", "")]
        return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}

    def select(self) -> None:
        """Make the stack when it is not there, and select it."""
        self.run("stack", "select", "--create", self.stack, capture=True)

    def up(self, *args: str, capture: bool = False) -> str:
        """`pulumi up`. An account that was just started is empty: a refresh first finds what is gone."""
        refresh = ["--refresh"] if self.emulator.fresh and self.exists() else []
        flags = ["--yes", "--skip-preview", "--suppress-outputs", "--stack", self.stack]
        return self.run("up", *flags, *refresh, *args, capture=capture)

    def preview(self, *args: str, policy_packs: Sequence[Path] = (), capture: bool = False) -> str:
        """`pulumi preview` with the differences of each resource, and what the packs say of them."""
        flags = judged_by(policy_packs)
        return self.run("preview", "--diff", "--stack", self.stack, *flags, *args, capture=capture)

    def preview_events(
        self, file: Path, *args: str, policy_packs: Sequence[Path] = (), config_file: Path | None = None
    ) -> int:
        """Write the events of a `pulumi preview` to `file`, a line of JSON each; return the exit code.

        A preview that fails has events, too. They say why, unless `pulumi` itself does on stderr.
        """
        flags = [*judged_by(policy_packs), *(["--config-file", str(config_file)] if config_file else []), *args]
        command = [str(self.home.bin / "pulumi"), "preview", "--json", "--stack", self.stack, *flags]
        environment = {**self.environment(), **STREAMED}
        with file.open("w") as events, self._started(command, environment, subprocess.PIPE, None) as preview:
            # Without the SDK's debug messages, which have secrets in clear.
            subprocess.run(KEPT, check=True, stdin=preview.stdout, stdout=events, cwd=CHECKOUT)
        return preview.returncode

    def destroy(self, capture: bool = False) -> str:
        """Destroy the stack the way a user leaves: protection off, backup vaults emptied, then `pulumi destroy`.

        With durable sessions in two regions the second store can't be deleted right after the first: once more, then.
        """
        with self.unprotected() as config:
            output = self.up("--config-file", str(config), capture=capture)
            vaults.empty(Account(self.emulator), self.resources())
            flags = ["--yes", "--skip-preview", "--stack", self.stack, "--config-file", str(config)]
            try:
                return output + self.run("destroy", *flags, capture=capture)
            except EngineError:
                if all(resource["type"] != MULTI_REGION for resource in self.resources()):
                    raise
                time.sleep(UPDATING)
                return output + self.run("destroy", *flags, capture=capture)

    @contextmanager
    def unprotected(self) -> Iterator[Path]:
        """A copy of the stack's config with `ha-web:deletionProtection: false`."""
        settings = yaml.safe_load((self.project / f"Pulumi.{self.stack}.yaml").read_text())
        settings["config"]["ha-web:deletionProtection"] = False
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, f"Pulumi.{self.stack}.yaml")
            copy.write_text(yaml.safe_dump(settings))
            yield copy

    def export(self) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` gives it."""
        exported: dict[str, Any] = json.loads(self.run("stack", "export", "--stack", self.stack, capture=True))
        return exported

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the state, without those that wait for deletion."""
        found = self.export().get("deployment", {}).get("resources") or []
        return [resource for resource in found if not resource.get("delete")]

    def exists(self) -> bool:
        """Return whether the stack's state has any resource."""
        return bool(self.resources())

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        shown = self.run("stack", "output", "--json", "--stack", self.stack, capture=True)
        outputs: dict[str, Any] = json.loads(shown)
        return outputs
