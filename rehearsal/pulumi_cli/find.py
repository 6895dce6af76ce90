"""Find a `pulumi` that fits the pinned SDK, or get one, once; it is cached by its version outside the checkout."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from rehearsal import terminal

from .build import build

VERSION = metadata.version("pulumi")
"""The CLI to get is the one the pinned SDK was released with."""
INSTALLER_TIMEOUT = 180
"""Seconds for the vendor's installer, which downloads about 150 MB. No network fails within a second."""


class CliError(RuntimeError):
    """No `pulumi` could be had; the message lists what was tried."""


@dataclass(frozen=True)
class Cli:
    """A `pulumi` that runs: where it is, its version, and whether its own Python language host came with it."""

    path: Path
    version: str
    origin: str

    @property
    def brings_language_host(self) -> bool:
        """Return whether the vendor's `pulumi-language-python` is beside it."""
        return self.path.with_name("pulumi-language-python").exists()


def cache_folder() -> Path:
    """The user's cache folder for this project (`XDG_CACHE_HOME` counts)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "ha-web")


def cached_root() -> Path:
    """The folder for the CLI of the pinned version."""
    return cache_folder() / "pulumi" / VERSION


def version_of(path: Path) -> str | None:
    """The version that `path` reports, without the leading v; None when it does not run."""
    try:
        answer = subprocess.run(
            [path, "version"],
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip().removeprefix("v")


def fits(version: str) -> bool:
    """A CLI serves an SDK of its own major version that is not newer than itself."""
    try:
        have, want = ([int(part) for part in v.split("-")[0].split("+")[0].split(".")] for v in (version, VERSION))
    except ValueError:
        return False
    return have[0] == want[0] and have >= want


def on_path() -> Cli | str:
    """The `pulumi` on PATH, or why not."""
    found = shutil.which("pulumi")
    if not found:
        return "no `pulumi` on PATH"
    path = Path(found).resolve()
    version = version_of(path)
    if version is None:
        return f"{found} does not run"
    if not fits(version):
        return f"{found} is version {version}; the SDK is pinned to {VERSION} and needs that or a later 3.x"
    cli = Cli(path, version, "PATH")
    return cli if cli.brings_language_host else f"{found} has no pulumi-language-python beside it"


def in_cache() -> Cli | str:
    """The one that an earlier run put into the cache, or why not."""
    path = cached_root() / "bin" / "pulumi"
    version = version_of(path) if path.exists() else None
    return Cli(path, version, "cache") if version == VERSION else f"none in {cached_root()}"


def from_vendor() -> Cli | str:
    """The vendor's own installer, which the Automation API carries, or why not."""
    code = (
        "import socket, sys; socket.setdefaulttimeout(10)\n"
        "from pulumi.automation import PulumiCommand\n"
        "PulumiCommand.install(root=sys.argv[1])"
    )
    try:
        with terminal.clock():
            subprocess.run(
                [sys.executable, "-c", code, str(cached_root())],
                check=True,
                capture_output=True,
                text=True,
                timeout=INSTALLER_TIMEOUT,
            )
    except subprocess.TimeoutExpired:
        return f"the vendor's installer did not end within {INSTALLER_TIMEOUT} s"
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "no output").strip().splitlines()[-1]
        return f"the vendor's installer failed: {last}"
    return in_cache()


def from_source() -> Cli | str:
    """A build from the Go module, or why not."""
    try:
        build(VERSION, cached_root(), cache_folder())
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        return f"the build from the Go module failed: {error}"
    return in_cache()


def ensure() -> Cli:
    """Return a CLI that fits: from PATH, the cache, the vendor or its source, in this order.

    Raises CliError with all that was tried.
    """
    steps: list[tuple[str, Callable[[], Cli | str]]] = [
        ("", on_path),
        ("", in_cache),
        (f"Getting the Pulumi CLI {VERSION} from its vendor (about 150 MB, once) ...", from_vendor),
        (
            f"Building the Pulumi CLI {VERSION} from its Go module (about 5 minutes on 2 cores, once) ...",
            from_source,
        ),
    ]
    tried = []
    for announcement, step in steps:
        if announcement:
            terminal.say(announcement)
        found = step()
        if isinstance(found, Cli):
            return found
        tried.append(found)
        if announcement:
            terminal.say(f"  {found}")
    listed = "\n".join(f"  - {reason}" for reason in tried)
    raise CliError(f"no pulumi CLI that fits the SDK {VERSION}; tried:\n{listed}\nInstall Pulumi and put it on PATH.")
