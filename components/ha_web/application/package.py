"""A package: the folder or archive that an application comes in, read and checked. No SDK here."""

import fnmatch
import io
import os
import posixpath
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ha_web.application.manifest import FILE_NAME, Manifest, ManifestError, read_manifest

LEFT_OUT = (
    *(".git", ".hg", ".svn", ".DS_Store", ".venv", "__pycache__", "*.pyc"),
    ".env",  # passwords of a developer's machine; the servers' come from `secrets`
)
"""Files and folders that stay behind in every package."""

LARGEST = 4 * 1024**3
"""Bytes: one request uploads at most 5 GB, and the archive has some more than the files.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html"""

MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}
"""Architectures by their number in the header of a Linux executable.
https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html (e_machine)"""


@dataclass(frozen=True)
class File:
    """One file of a package."""

    name: str
    """Path in the package, with slashes."""
    content: Path | bytes
    executable: bool = False
    target: str = ""
    """What a symbolic link leads to; empty for a file."""

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def head(self, count: int) -> bytes:
        """Return the first bytes."""
        if isinstance(self.content, bytes):
            return self.content[:count]
        with self.content.open("rb") as file:
            return file.read(count)


@dataclass(frozen=True)
class Package:
    """An application's manifest and files, sorted by name."""

    manifest: Manifest
    files: tuple[File, ...]


def read_package(path: str | Path, architecture: str | None = None) -> Package:
    """Return the package in a folder or an archive (.zip, .tar, and .tar compressed).

    Raises ManifestError with a line for each problem.

    Args:
        architecture: the servers', `arm64` or `x86_64`; None if it isn't known.
    """
    place = Path(path)
    if not place.exists():
        raise ManifestError(["there is no such folder or archive"])
    found = list(_in_folder(place) if place.is_dir() else _in_archive(place))
    files = {file.name: file for file in found}
    if FILE_NAME not in files:
        raise ManifestError([f"it has no {FILE_NAME}, which says how the application is started"])
    content = files[FILE_NAME].content
    text = content if isinstance(content, bytes) else content.read_bytes()
    manifest = read_manifest(text.decode(errors="replace"))
    kept = tuple(files[name] for name in sorted(files) if not _is_left_out(name, manifest.leave_out))
    problems = [
        *_command_problems("start", manifest.start, kept, made_by_install=manifest.install is not None),
        *(_command_problems("install", manifest.install, kept) if manifest.install else []),
        *_link_problems(kept),
        *_architecture_problems(manifest, kept, architecture),
    ]
    if (size := sum(file.size for file in kept if not file.target)) > LARGEST:
        problems.append(f"it has {size / 1024**3:.1f} GiB; at most {LARGEST / 1024**3:.0f} can be uploaded")
    if problems:
        raise ManifestError(problems)
    return Package(manifest, kept)


def _in_folder(folder: Path) -> Iterator[File]:
    for parent, folders, names in os.walk(folder):
        # What is left out everywhere is not even looked at: a history may be larger than all else.
        folders[:] = sorted(each for each in folders if not _is_left_out(each, ()))
        links = [each for each in folders if Path(parent, each).is_symlink()]
        for name in sorted([*names, *links]):
            path = Path(parent, name)
            inside = path.relative_to(folder).as_posix()
            if _is_left_out(inside, ()):
                continue
            if path.is_symlink():
                yield File(inside, b"", target=path.readlink().as_posix())
            elif path.is_file():
                yield File(inside, path, executable=bool(path.stat().st_mode & stat.S_IXUSR))


def _in_archive(path: Path) -> list[File]:
    try:
        if zipfile.is_zipfile(path):
            found = list(_in_zip(path))
        elif tarfile.is_tarfile(path):
            found = list(_in_tar(path))
        else:
            raise ManifestError(["it is neither a folder nor an archive (.zip, .tar, .tar.gz, .tar.bz2, .tar.xz)"])
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise ManifestError([f"the archive can't be read: {error}"]) from None
    outside = [file.name for file in found if file.name.startswith("/") or ".." in file.name.split("/")]
    if outside:
        raise ManifestError([f"the archive has {outside[0]}, which leads out of it"])
    return _without_one_folder([file for file in found if not _is_left_out(file.name, ())])


def _without_one_folder(files: list[File]) -> list[File]:
    """Return the files of the one folder that everything is in, if the manifest is there: as in downloads of GitHub."""
    tops = {file.name.split("/", 1)[0] for file in files}
    if len(tops) != 1 or FILE_NAME in tops:
        return files
    prefix = f"{tops.pop()}/"
    return [File(f.name.removeprefix(prefix), f.content, f.executable, f.target) for f in files]


def _in_zip(path: Path) -> Iterator[File]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            mode, name = member.external_attr >> 16, posixpath.normpath(member.filename)
            if stat.S_ISLNK(mode):
                yield File(name, b"", target=archive.read(member).decode())
            else:
                yield File(name, archive.read(member), executable=bool(mode & stat.S_IXUSR))


def _in_tar(path: Path) -> Iterator[File]:
    with tarfile.open(path) as archive:
        for member in archive:
            name = posixpath.normpath(member.name)
            if member.issym():
                yield File(name, b"", target=member.linkname)
            elif member.isfile() or member.islnk():
                content = archive.extractfile(member) or io.BytesIO()
                yield File(name, content.read(), executable=bool(member.mode & stat.S_IXUSR))


def _is_left_out(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a pattern fits the path, the start of it, or (without a slash) the name of any part of it."""
    parts = name.split("/")
    starts = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    for pattern in (*LEFT_OUT, *(each.rstrip("/") for each in patterns)):
        if any(fnmatch.fnmatchcase(each, pattern) for each in (starts if "/" in pattern else parts)):
            return True
    return False


def _command_problems(
    key: str, command: str, files: tuple[File, ...], *, made_by_install: bool = False
) -> Iterator[str]:
    """Refuse a command whose file isn't in the package or isn't executable. One without a slash is the system's."""
    word = command.split()[0]
    if "/" not in word or word.startswith("/") or "$" in word:
        return
    name = posixpath.normpath(word)
    found = next((file for file in files if file.name == name), None)
    if found is None and not made_by_install:
        yield f"{key} is {command}; there is no {name} in the package"
    elif found is not None and not found.executable and not found.target:
        yield f"{key} is {command}; {name} is not executable: chmod +x {name}"


def _link_problems(files: tuple[File, ...]) -> Iterator[str]:
    for file in files:
        if not file.target:
            continue
        led = posixpath.normpath(posixpath.join(posixpath.dirname(file.name), file.target))
        if file.target.startswith("/") or led.startswith(".."):
            yield f"{file.name} is a link to {file.target}, which is not in the package"


def _architecture_problems(manifest: Manifest, files: tuple[File, ...], wanted: str | None) -> Iterator[str]:
    """Refuse a package, or a program that it starts, which was compiled for other servers."""
    if wanted is None:
        return
    if manifest.architecture not in (None, wanted):
        yield f"{FILE_NAME}: architecture is {manifest.architecture}; the servers' instance type is {wanted}"
    for command in filter(None, (manifest.start, manifest.install)):
        name = posixpath.normpath(command.split()[0])
        found = next((file for file in files if file.name == name), None)
        head = found.head(20) if found else b""
        machine = MACHINES.get(int.from_bytes(head[18:20], "little")) if head[:4] == b"\x7fELF" else None
        if machine not in (None, wanted):
            yield f"{name} was compiled for {machine}; the servers' instance type is {wanted}"
