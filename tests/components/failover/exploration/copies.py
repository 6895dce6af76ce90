"""A copy of the function's code, as it is or with a line changed on purpose."""

import importlib
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ha_web.failover.runtime as original

CODE = Path(original.__file__).parent
_numbers = count()


@dataclass(frozen=True)
class Change:
    """A piece of a module's text, and what stands there instead."""

    module: str
    old: str
    new: str


@dataclass(frozen=True)
class Copy:
    """Modules of a copy that is imported under a name of its own."""

    folder: str
    handler: Any
    config: Any
    notes: Any
    observe: Any


@contextmanager
def copy_of_the_code(changes: Sequence[Change] = ()) -> Iterator[Copy]:
    """Import a copy; each piece that is changed must be there exactly once."""
    name = f"failover_copy_{next(_numbers)}"
    with TemporaryDirectory() as where:
        folder = Path(where, name)
        shutil.copytree(CODE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for change in changes:
            file = folder / f"{change.module}.py"
            text = file.read_text()
            if text.count(change.old) != 1:
                raise ValueError(f"{change.module}.py has {text.count(change.old)} times: {change.old}")
            file.write_text(text.replace(change.old, change.new))
        sys.path.insert(0, where)
        importlib.invalidate_caches()
        try:
            modules = {
                each: importlib.import_module(f"{name}.{each}") for each in ("handler", "config", "notes", "observe")
            }
            yield Copy(str(folder), **modules)
        finally:
            sys.path.remove(where)
            for loaded in [each for each in sys.modules if each.split(".")[0] == name]:
                del sys.modules[loaded]
