"""A release: what a server fetches, as one archive that is the same bytes wherever it is made. No SDK here.

It holds the program that installs and starts the application (`ha_web_server/`), `release.json` for it, and the package
(`package/`). It is not compressed: compressors differ between versions, and the hash of the object is its content's.
"""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ha_web.application.manifest import Manifest
from ha_web.application.package import File, Package

PROGRAM = "ha_web_server"
"""Folder of the server's program in a release, and name under which Python runs it."""

SOURCE = Path(__file__).with_name("server")

CHUNK = 1024**2

_RUN = """\
#!/bin/bash
cd "$(dirname "$0")/package"
exec {start}
"""


@dataclass(frozen=True)
class Release:
    """An archive on this machine, and the SHA-256 of its content, by which everything names it."""

    path: Path
    digest: str
    manifest: Manifest | None
    """The package's; none for a container or an image of one's own."""


def make_release(folder: Path, package: Package | None = None, kind: str = "package") -> Release:
    """Write a release into the folder.

    Args:
        package: the application, if it comes as a package.
        kind: `package`, `container` or `image`; what the server's program does depends on it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Under a name of its own first: two previews may be at it at once.
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for each in sorted(_files(package, kind), key=lambda found: found.name):
                _add(archive, each)
        unnamed = Path(file.name)
    digest = _digest_of(unnamed)
    path = unnamed.rename(folder / f"{digest}.tar")
    return Release(path, digest, package.manifest if package else None)


def _files(package: Package | None, kind: str) -> Iterator[File]:
    for path in SOURCE.glob("*.py"):
        yield File(f"{PROGRAM}/{path.name}", path)
    yield File("release.json", _described(package, kind))
    if package:
        yield File("run", _RUN.format(start=package.manifest.start).encode(), executable=True)
        yield from (File(f"package/{f.name}", f.content, f.executable, f.target) for f in package.files)


def _described(package: Package | None, kind: str) -> bytes:
    said = package.manifest if package else None
    known = {
        "kind": kind,
        "name": said.name if said else "application",
        "install": said.install if said else None,
        "packages": list(said.packages) if said else [],
        "credentials": bool(said and said.credentials),
    }
    return (json.dumps(known, indent=1, sort_keys=True) + "\n").encode()


def _add(archive: tarfile.TarFile, file: File) -> None:
    """Add a file without what differs between machines: times, owners, and rights but for the one to execute."""
    entry = tarfile.TarInfo(file.name)
    entry.mode = 0o755 if file.executable else 0o644
    if file.target:
        entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, file.target, 0o777
        archive.addfile(entry)
        return
    entry.size = file.size
    if isinstance(file.content, bytes):
        archive.addfile(entry, io.BytesIO(file.content))
    else:
        with file.content.open("rb") as content:
            archive.addfile(entry, content)


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
