"""A function's code, unpacked once for each digest."""

import asyncio
import io
import shutil
import urllib.request
import zipfile
from pathlib import Path


def unpacked(folder: Path, digest: str, location: str) -> Path:
    """Return the folder with the code that GetFunction's location leads to; download it if it isn't there."""
    target = folder / digest.replace("/", "_").replace("+", "-").rstrip("=")
    if not target.is_dir():
        with urllib.request.urlopen(location, timeout=30) as answer:  # the account's own address
            package = zipfile.ZipFile(io.BytesIO(answer.read()))
        fresh = target.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        package.extractall(fresh)
        fresh.rename(target)
    return target


async def fetch(folder: Path, digest: str, location: str) -> Path:
    """The same, in a thread."""
    return await asyncio.to_thread(unpacked, folder, digest, location)
