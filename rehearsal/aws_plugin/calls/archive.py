"""Archives and assets as they arrive on Pulumi's wire, made into a zip file.

They are objects with a signature: https://www.pulumi.com/docs/iac/concepts/assets-archives/
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key under which special objects have their kind."""

ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip file can hold: the same files are the same bytes."""


def zipped(archive: Any) -> bytes:
    """An archive as a zip file. Where the engine leaves the contents out (a comparison), so does the file.

    Raises ValueError for what is no archive, or comes from an address (the rehearsal fetches nothing).
    """
    if not isinstance(archive, Mapping) or archive.get(SIGNATURE) != ARCHIVE:
        raise ValueError("an archive is wanted")
    if archive.get("path") and not Path(archive["path"]).is_dir():
        return Path(archive["path"]).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(_files(archive)):
            file.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return packed.getvalue()


def contents(asset: Any) -> bytes:
    """Return what is in an asset, a file or a text; nothing where the engine leaves it out, in a comparison.

    Raises ValueError for what is no asset, or comes from an address.
    """
    if not isinstance(asset, Mapping) or asset.get(SIGNATURE) != ASSET:
        raise ValueError("an asset is wanted")
    if asset.get("uri"):
        raise ValueError("the rehearsal fetches no archive or asset from an address")
    return Path(asset["path"]).read_bytes() if asset.get("path") else _text(asset)


def _files(archive: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, bytes]]:
    if archive.get("uri"):
        raise ValueError("the rehearsal fetches no archive or asset from an address")
    if archive.get("path"):
        folder = Path(archive["path"])
        files = [each for each in folder.rglob("*") if each.is_file()]
        yield from ((prefix + each.relative_to(folder).as_posix(), each.read_bytes()) for each in files)
    for name, inner in (archive.get("assets") or {}).items():
        if inner.get(SIGNATURE) == ARCHIVE:
            yield from _files(inner, f"{prefix}{name}/")
        elif inner.get("uri"):
            raise ValueError("the rehearsal fetches no archive or asset from an address")
        else:
            yield prefix + name, Path(inner["path"]).read_bytes() if inner.get("path") else _text(inner)


def _text(asset: Mapping[str, Any]) -> bytes:
    return str(asset.get("text") or "").encode()
