"""What a home knows of its emulated AWS: `emulator.json`, which only the home's owner can read."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

HIGHEST_PORT = 65535


class DamagedError(ValueError):
    """The file isn't what `write` writes."""


@dataclass(frozen=True)
class Record:
    """A server's process, port and secrets; without a process, the port that the next one prefers."""

    port: int = 0
    pid: int = 0
    key: str = ""
    token: str = ""


def file_of(home: Path) -> Path:
    """The file."""
    return home / "emulator.json"


def read(home: Path) -> Record:
    """What the file says, an empty record where there is none. DamagedError says what is wrong with it."""
    try:
        known = json.loads(file_of(home).read_bytes())
    except FileNotFoundError:
        return Record()
    except ValueError as error:
        raise DamagedError(f"isn't JSON: {error}") from None
    except OSError as error:
        raise DamagedError(f"can't be read: {error.strerror}") from None
    if not isinstance(known, dict):
        raise DamagedError("isn't an object")
    found = {name: known.get(name, default) for name, default in asdict(Record()).items()}
    if not _whole(found["port"]) or not 0 <= found["port"] <= HIGHEST_PORT:
        raise DamagedError(f"port is {found['port']!r}, and not one of 0 to {HIGHEST_PORT}")
    if not _whole(found["pid"]) or found["pid"] < 0:
        raise DamagedError(f"pid is {found['pid']!r}, which is no process")
    if not isinstance(found["key"], str) or not isinstance(found["token"], str):
        raise DamagedError("key or token is no text")
    return Record(**found)


def known(home: Path) -> Record:
    """What the file says; an empty record where it says nothing, or nothing that could be true."""
    try:
        return read(home)
    except DamagedError:
        return Record()


def write(home: Path, record: Record) -> None:
    """Replace the file in one step, so that nobody reads half of it; other users can't read it at all."""
    written = file_of(home).with_suffix(f".{os.getpid()}")
    written.unlink(missing_ok=True)
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(record), file)
    written.replace(file_of(home))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
