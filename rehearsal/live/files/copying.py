"""Copies a folder onto another: what is new or has changed, and what is gone."""

import contextlib
import os
import shutil
from pathlib import Path


def copy_tree(source: Path, target: Path) -> int:
    """Make the target like the source; return how many files were written. Each appears whole.

    Files may change meanwhile: what vanishes is left out, the next copy finds the rest.
    """
    written = 0
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir() and not path.is_symlink():
            if there.is_symlink() or there.is_file():
                there.unlink()
            there.mkdir(exist_ok=True)
        elif not _same(path, there):
            if there.is_dir() and not there.is_symlink():
                shutil.rmtree(there)
            part = there.with_name(f".{there.name}.part")
            with contextlib.suppress(FileNotFoundError):
                shutil.copy2(path, part, follow_symlinks=False)
                part.replace(there)
                written += 1
    for path in sorted(target.rglob("*"), reverse=True):
        if not os.path.lexists(source / path.relative_to(target)):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    return written


def _same(one: Path, other: Path) -> bool:
    """Whether two files have the same size and time, or lead to the same."""
    if not os.path.lexists(one) or not os.path.lexists(other) or one.is_symlink() != other.is_symlink():
        return False
    if one.is_symlink():
        return os.readlink(one) == os.readlink(other)  # noqa: PTH115 (as it is written, not resolved)
    if other.is_dir():
        return False
    here, there = one.stat(), other.stat()
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
