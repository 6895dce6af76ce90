"""systemd's units, as far as servers of ours have them: read from the file that was written. Pure.

https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_STOP = 90.0
"""Seconds: DefaultTimeoutStopSec."""

DEFAULT_RESTART = 0.1
"""Seconds: DefaultRestartSec."""

PATH = "/run/rehearsal/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_SPAN = {"": 1.0, "s": 1.0, "sec": 1.0, "ms": 0.001, "m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Unit:
    """A service."""

    name: str
    start: str = ""
    """ExecStart."""
    user: str = ""
    folder: str = "/"
    variables: tuple[str, ...] = ()
    """Environment: NAME=value."""
    files: tuple[str, ...] = ()
    """EnvironmentFile, with its minus sign if it may be missing."""
    restart: str = "no"
    restart_seconds: float = DEFAULT_RESTART
    stop_seconds: float = DEFAULT_STOP
    kill_mode: str = "control-group"
    output: str = ""
    """File that the output is added to; empty for the journal."""
    before: tuple[str, ...] = ()
    """Units that start after this one, and so are stopped before it."""
    folders: tuple[str, ...] = field(default=())
    """Folders of its own, by their paths: StateDirectory and so on."""

    def restarts(self, code: int) -> bool:
        """Return whether the service is started again after it ended by itself."""
        return self.restart == "always" or (self.restart in ("on-failure", "on-abnormal") and code != 0)


def parse(name: str, *texts: str) -> Unit:
    """Return the unit of a file and of what is added to it (drop-ins)."""
    said: dict[str, list[str]] = {}
    for line in (line for text in texts for line in _lines(text)):
        key, separator, value = line.partition("=")
        if not separator:
            continue
        if value.strip():
            said.setdefault(key.strip(), []).append(value.strip())
        else:
            said[key.strip()] = []  # an empty value takes back what was said

    def last(key: str, default: str = "") -> str:
        return said[key][-1] if said.get(key) else default

    output = last("StandardOutput")
    roots = {"StateDirectory": "/var/lib", "CacheDirectory": "/var/cache", "RuntimeDirectory": "/run"}
    return Unit(
        name=name,
        start=last("ExecStart"),
        user=last("User"),
        folder=last("WorkingDirectory", "/"),
        variables=tuple(word for line in said.get("Environment", ()) for word in shlex.split(line)),
        files=tuple(said.get("EnvironmentFile", ())),
        restart=last("Restart", "no"),
        restart_seconds=seconds(last("RestartSec"), DEFAULT_RESTART),
        stop_seconds=seconds(last("TimeoutStopSec"), DEFAULT_STOP),
        kill_mode=last("KillMode", "control-group"),
        before=tuple(word for line in said.get("Before", ()) for word in line.split()),
        output=output.partition(":")[2] if output.startswith(("append:", "file:")) else "",
        folders=tuple(f"{root}/{each}" for key, root in roots.items() for each in last(key).split()),
    )


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line for line in joined.splitlines() if line.strip() and line.lstrip()[0] not in "#;["]


def seconds(text: str, default: float) -> float:
    """Return a time span of systemd in seconds: `90`, `1min 30s`, `infinity`."""
    if not text:
        return default
    if text == "infinity":
        return float("inf")
    parts = re.findall(r"([\d.]+)\s*([a-z]*)", text)
    return sum(float(number) * _SPAN.get(unit, 1.0) for number, unit in parts)


def variables_of(text: str) -> dict[str, str]:
    """Return what an EnvironmentFile says: quotes as systemd's, a backslash before a sign stands for the sign.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
    """
    found = {}
    pattern = r"^[ \t]*(\w+)=(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^\n]*))[ \t]*$"
    for name, double, single, plain in re.findall(pattern, text, re.M | re.S):
        found[name] = re.sub(r"\\(.)", r"\1", double, flags=re.S) or single or plain.strip()
    return found


def command(start: str, environment: Mapping[str, str]) -> list[str]:
    """Return the words of ExecStart: `${NAME}` within a word, `$NAME` as words of its own, no shell."""
    words: list[str] = []
    for word in shlex.split(start.lstrip("-+!@:")):
        alone = re.fullmatch(r"\$(\w+)", word)
        if alone:
            words += environment.get(alone[1], "").split()
        else:
            words.append(re.sub(r"\$\{(\w+)\}", lambda found: environment.get(found[1], ""), word))
    return words
