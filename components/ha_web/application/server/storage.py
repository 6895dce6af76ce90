"""The shared file system, mounted before the application starts and after each reboot.

https://docs.aws.amazon.com/efs/latest/ug/mount-fs-auto-mount-onreboot.html
"""

from __future__ import annotations

from collections.abc import Mapping

from .machine import Problem, at, ran, retried

DEFAULT_PATH = "/srv/ha-web"


def mount(environment: Mapping[str, str]) -> str:
    """Mount the file system that the environment names; return its path, or nothing if there is none.

    Over TLS, with the role's rights and through the access point: the file system takes nobody otherwise.
    """
    system, point = environment.get("STORAGE_FILE_SYSTEM", ""), environment.get("STORAGE_ACCESS_POINT", "")
    if not system and not point:
        return ""
    if not system or not point:
        raise Problem("STORAGE_FILE_SYSTEM, STORAGE_ACCESS_POINT: only one is set")
    path = environment.get("STORAGE_PATH", DEFAULT_PATH)
    at(path).mkdir(parents=True, exist_ok=True)
    _add_to_table(f"{system}:/ {path} efs _netdev,noresvport,tls,iam,accesspoint={point} 0 0\n")
    if not ran("mountpoint", "-q", path):
        retried(lambda: ran("mount", path), f"STORAGE_FILE_SYSTEM={system}: can't be mounted at {path}")
    return path


def _add_to_table(line: str) -> None:
    table = at("/etc/fstab")
    table.parent.mkdir(parents=True, exist_ok=True)
    before = table.read_text().splitlines(keepends=True) if table.exists() else []
    table.write_text("".join([*(each for each in before if " efs " not in each), line]))
