"""What a package says of itself: its `ha-web.yaml`, read and checked. No SDK here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ha_web.core.wording import nearest, quoted

FILE_NAME = "ha-web.yaml"

LOWEST_PORT = 1024
"""The application runs as a user without rights, who can't listen below.
https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html (ip_unprivileged_port_start)"""

STORAGE_PORTS = range(20049, 20450)
"""Ports at which the mount helper of EFS listens on the server, one for each mounted file system.
https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html"""

ARCHITECTURES = ("arm64", "x86_64")

BEHIND = {
    "http": ("http", "https", "websocket", "tcp", "tls"),
    "http2": ("http2",),
    "grpc": ("grpc",),
    "tcp": ("tcp", "tls"),
    "udp": ("udp",),
}
"""What an application speaks, and the protocols of a load balancer that it answers behind."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_SYSTEM_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:-]*")
_HEALTH = re.compile(r"/[!-~]*")


class ManifestError(ValueError):
    """Raised for a manifest that no server could follow; `problems` has a line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself."""

    name: str
    """Name of the application, as the service is described on the server."""
    start: str
    """Command that runs the application, in the package's folder, by bash; it may use variables, such as $PORT."""
    install: str | None = None
    """Command that installs it, as root, in the package's folder; it may be run again."""
    packages: tuple[str, ...] = ()
    """Packages of the operating system, by the names of dnf."""
    port: int | None = None
    """Port that it listens on, if it doesn't listen on $PORT."""
    health: str = "/healthz"
    """Path that answers 200 while it is alive."""
    protocols: tuple[str, ...] = ("http",)
    """What it speaks."""
    architecture: str | None = None
    """Architecture that it was compiled for; None runs on every one."""
    credentials: bool = False
    """Whether it may fetch the credentials of the server's role."""
    leave_out: tuple[str, ...] = ()
    """Patterns of files that stay behind."""

    @property
    def behind(self) -> tuple[str, ...]:
        """Return the protocols of a load balancer that it answers behind."""
        return tuple(dict.fromkeys(each for spoken in self.protocols for each in BEHIND[spoken]))


KEYS = {
    "name": "name",
    "start": "start",
    "install": "install",
    "packages": "packages",
    "port": "port",
    "health": "health",
    "protocols": "protocols",
    "architecture": "architecture",
    "credentials": "credentials",
    "leaveOut": "leave_out",
}
"""Keys of the file, and the fields that they fill."""


def read_manifest(text: str) -> Manifest:
    """Return the manifest. Raises ManifestError with all that is wrong."""
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ManifestError([f"{FILE_NAME} is no YAML{where}: {getattr(error, 'problem', '') or error}"]) from None
    if not isinstance(given, Mapping):
        raise ManifestError([f"{FILE_NAME} is {quoted(given)}; it must be a mapping with at least start"])
    reader = _Reader(given)
    manifest = Manifest(
        name=reader.text("name", "application", _NAME, "up to 63 letters, digits and . _ -"),
        start=reader.text("start"),
        install=reader.text("install") or None,
        packages=reader.list_of("packages", _SYSTEM_PACKAGE, "a name that dnf knows"),
        port=reader.port(),
        health=reader.text("health", "/healthz", _HEALTH, "a path that begins with /"),
        protocols=reader.some_of("protocols", BEHIND) or ("http",),
        architecture=reader.architecture(),
        credentials=reader.flag("credentials"),
        leave_out=reader.list_of("leaveOut", re.compile(r".+"), "a pattern such as tests or *.md"),
    )
    if reader.problems:
        raise ManifestError(reader.problems)
    return manifest


def port_problem(key: str, port: int) -> str | None:
    """Return a line for a port that an application can't listen on, or that the platform listens on itself."""
    if port < LOWEST_PORT or port > 65535:
        return f"{key} is {port}; the application runs without root's rights, so it must be {LOWEST_PORT} to 65535"
    if port in STORAGE_PORTS:
        ends = f"{STORAGE_PORTS.start} to {STORAGE_PORTS.stop - 1}"
        return f"{key} is {port}; the mount helper of the shared storage uses {ends} on each server"
    return None


def port_wanted(manifest: Manifest | None, given: int | None, usual: int) -> tuple[int, str | None]:
    """Return the port that the servers listen on, and a line if the settings and the package contradict each other."""
    own = manifest.port if manifest else None
    if own is not None and given is not None and own != given:
        return given, f"port is {given}; the package listens on {own} ({FILE_NAME})"
    port = given if given is not None else own if own is not None else usual
    return port, port_problem("port", port)


class _Reader:
    """Takes one key after the other, and collects what is wrong."""

    def __init__(self, given: Mapping[Any, Any]) -> None:
        self.given = {key: value for key, value in given.items() if value is not None}
        self.problems = [
            f"{FILE_NAME} has {quoted(key)}, which is unknown; {nearest(str(key), KEYS)}"
            for key in given
            if key not in KEYS
        ]
        if "start" not in self.given:
            self.problems.append(f"{FILE_NAME} has no start: the command that runs the application")

    def _wrong(self, key: str, value: Any, wanted: str) -> None:
        self.problems.append(f"{FILE_NAME}: {key} is {quoted(value)}; it must be {wanted}")

    def text(self, key: str, default: str = "", shape: re.Pattern[str] | None = None, wanted: str = "") -> str:
        value = self.given.get(key, default)
        if not isinstance(value, str) or (key in self.given and not value.strip()):
            self._wrong(key, value, "a text")
            return default
        if shape and not shape.fullmatch(value):
            self._wrong(key, value, wanted)
        if "\n" in value.strip() or "\0" in value:
            self._wrong(key, value, "one line")
        return value.strip()

    def _items(self, key: str) -> list[Any]:
        value = self.given.get(key, [])
        if isinstance(value, list):
            return value
        self._wrong(key, value, "a list")
        return []

    def list_of(self, key: str, shape: re.Pattern[str], wanted: str) -> tuple[str, ...]:
        items = self._items(key)
        for item in items:
            if not isinstance(item, str) or not shape.fullmatch(item):
                self._wrong(key, item, wanted)
        return tuple(str(item) for item in items)

    def some_of(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        items = self._items(key)
        for item in items:
            if item not in known:
                self._wrong(key, item, f"of {', '.join(known)}")
        return tuple(str(item) for item in items if item in known)

    def port(self) -> int | None:
        value = self.given.get("port")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong("port", value, "a whole number")
            return None
        problem = port_problem("port", port := int(value))
        self.problems += [f"{FILE_NAME}: {problem}"] if problem else []
        return port

    def architecture(self) -> str | None:
        value = self.given.get("architecture")
        if value is not None and value not in ARCHITECTURES:
            self._wrong("architecture", value, f"of {', '.join(ARCHITECTURES)}")
        return value if isinstance(value, str) else None

    def flag(self, key: str) -> bool:
        value = self.given.get(key, False)
        if not isinstance(value, bool):
            self._wrong(key, value, "true or false")
        return value is True
