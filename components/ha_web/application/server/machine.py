"""The server: its paths, commands that may need a second try, files that only some may read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

TRIES = 5
"""A network, a role or a repository may need some seconds after the boot."""

SERVICE = "ha-web-app"
USER = "ha-web"


class Problem(Exception):
    """Raised with the one line that says why a server can't serve."""


def at(path: str) -> Path:
    """Return a path of the server."""
    return Path(os.environ.get("HA_WEB_ROOT", "") + path)


def etc(name: str = "") -> Path:
    """Return a path in the folder of the server's settings."""
    return at(f"/etc/ha-web/{name}")


def say(text: str) -> None:
    """Write a line for the log of the boot."""
    print(f"ha-web: {text}", flush=True)


def ran(*command: str, given: str = "", folder: Path | None = None, env: Mapping[str, str] | None = None) -> bool:
    """Run a command, its output in the log; return whether it ended well."""
    done = subprocess.run(
        command, input=given.encode(), cwd=folder, env=env, check=False, stdout=sys.stdout.fileno(), stderr=2
    )
    return done.returncode == 0


def run(*command: str, folder: Path | None = None) -> None:
    """Run a command. Raises Problem if it fails."""
    if not ran(*command, folder=folder):
        raise Problem(f"failed: {' '.join(command)}")


def answer(*command: str) -> str | None:
    """Return what a command prints, which may be a secret, or None if it fails."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE)
    return done.stdout.decode() if done.returncode == 0 else None


def pause(seconds: float = 5) -> None:
    """Wait before the next try; tests don't."""
    time.sleep(min(seconds, float(os.environ.get("HA_WEB_RETRY_SECONDS", seconds))))


def retried(attempt: Callable[[], T | None], what: str, tries: int = TRIES) -> T:
    """Return the first answer that is neither None nor False. Raises Problem after the last try."""
    for number in range(1, tries + 1):
        found = attempt()
        if found is not None and found is not False:
            return found
        if number < tries:
            print(f"ha-web: try {number} of {tries} failed: {what}", file=sys.stderr, flush=True)
            pause()
    raise Problem(f"{what}: given up after {tries} tries")


def local_image(reference: str) -> str:
    """Return the name that a container image has on the server: its content's, whichever region it was pulled in."""
    return f"{SERVICE}:{reference.partition('@sha256:')[2]}"


def install_packages(names: Sequence[str]) -> None:
    """Install packages of the operating system."""
    if names:
        command = ("dnf", "install", "-y", "-q", *names)
        retried(lambda: ran(*command), " ".join(command))


def write(path: Path, text: str, mode: int = 0o644, owner: str = "") -> None:
    """Write a file that never, not for a moment, can be read by more than `mode` says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", errors="surrogateescape") as file:
        file.write(text)
    if owner:
        run("chown", owner, str(path))
    path.chmod(mode)


def quoted(value: str) -> str:
    """Return a value as it stands in a file that systemd reads the environment from.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
    """
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def environment(path: Path) -> dict[str, str]:
    """Return the variables of such a file."""
    found = re.findall(r'^(\w+)="((?:[^"\\]|\\.)*)"$', path.read_text(), re.M | re.S)
    return {name: re.sub(r"\\(.)", r"\1", value, flags=re.S) for name, value in found}


def write_environment(path: Path, values: Mapping[str, str]) -> None:
    """Write variables to such a file, for root's eyes only: systemd reads it as root."""
    write(path, "".join(f"{name}={quoted(value)}\n" for name, value in values.items()), 0o600)
