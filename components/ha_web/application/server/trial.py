"""A trial of an image: the application is started without its stores and has to answer its health path."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .machine import etc, write, write_environment
from .start import start, stop

SECONDS = 120

STAND_INS = {
    "SESSION_HOST": "127.0.0.1",
    "SESSION_PORT": "6379",
    "SESSION_TTL": "1800",
    "DATABASE_HOST": "127.0.0.1",
    "DATABASE_READER_HOST": "127.0.0.1",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "app",
}
"""Stores at which nothing answers: a server must stay healthy while they fail over."""


def trial(release: Path, described: Mapping[str, Any], port: int, health: str) -> None:
    """Start the application, wait until it is healthy, and take everything away again."""
    write_environment(etc("environment"), {**STAND_INS, "PORT": str(port)})
    server = {
        **{"port": port, "health": health, "secrets": {}, "logGroup": "", "credentials": False, "udp": False},
        **{"stopSeconds": 90, "bootSeconds": SECONDS, "container": _container(release), "tlsPort": None},
    }
    write(etc("server.json"), json.dumps(server) + "\n", 0o600)
    try:
        start(release, described)
    finally:
        stop()


def _container(release: Path) -> str:
    """Return the container image that was pulled when the image was baked, by its digest."""
    done = json.loads((release / "installed.json").read_text())
    found = next((each.partition(" ")[2] for each in done if each.startswith("container ")), "")
    return f"@sha256:{found.partition(':')[2]}" if found else ""
