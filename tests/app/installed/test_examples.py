"""The example applications, packed, unpacked, installed and started as a server does, over a real Valkey."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from ha_web.application.package import read_package
from ha_web.application.release import make_release

from rehearsal.home import CHECKOUT
from tests.app.rig import LOCALHOST, NO_TLS, Process, Valkey, eventually, free_port
from tests.components.application.machine import SECRET

EXAMPLES = CHECKOUT / "examples" / "applications"


STOP_SECONDS = 90
"""Seconds that the servers give an application to end, by default: 60 more than requests may take."""


@dataclass
class Example(Process):
    """One of them, as its unit runs it; only the store is without TLS here."""

    folder: Path
    name: str
    store: Valkey

    def __post_init__(self) -> None:
        self.port, self.log = free_port(), self.folder / "log"
        release = make_release(self.folder / "made", read_package(EXAMPLES / self.name))
        self.root = self.folder / "release"
        self.root.mkdir()
        subprocess.run(["tar", "-xf", release.path, "-C", self.root], check=True)
        (self.folder / "bin").mkdir()
        shim = self.folder / "bin" / "python3.12"  # the Python that a server has by this name
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        shim.chmod(0o755)
        if release.manifest and release.manifest.install:
            subprocess.run(
                ["bash", "-c", release.manifest.install], cwd=self.root / "package", env=self.env, check=True
            )
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(["bash", self.root / "run"], env=self.env, stdout=log, stderr=log)

    @property
    def env(self) -> dict[str, str]:
        password, user = SECRET["password"], SECRET["username"]
        (self.folder / "password").write_text(password)
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "PORT": str(self.port),
            "SESSION_HOST": LOCALHOST,
            "SESSION_PORT": str(self.store.port),
            "SESSION_USER": user,
            "SESSION_PASSWORD_FILE": str(self.folder / "password"),
            "SESSION_TLS": "false",
            "SESSION_URL": f"redis://{user}:{password}@{LOCALHOST}:{self.store.port}/0",
        }

    def get(self, path: str, **cookies: str) -> httpx.Response:
        return httpx.get(f"http://{LOCALHOST}:{self.port}{path}", cookies=cookies, timeout=10, verify=NO_TLS)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture(
    params=[
        "flask",
        pytest.param("node", marks=pytest.mark.skipif(not shutil.which("npm"), reason="needs Node.js")),
        pytest.param("static", marks=pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx")),
    ]
)
def example(request: pytest.FixtureRequest, tmp_path: Path, store: Valkey) -> Iterator[Example]:
    folder = tmp_path / "server"
    folder.mkdir()
    with Example(folder, request.param, store) as running:
        eventually(running.answers, 30, f"the start of {request.param}")
        yield running


def test_it_counts_in_the_session_store_stays_healthy_without_it_and_ends_on_sigterm(example: Example) -> None:
    first = example.get("/")
    assert first.status_code == 200
    if example.name != "static":
        assert first.json()["visits"] == 1
        assert example.get("/", session=first.cookies["session"]).json()["visits"] == 2
        assert example.get("/readyz").status_code == 200
        example.store.kill()
        assert example.get("/readyz").status_code == 503
    assert example.get("/healthz").status_code == 200
    example.process.terminate()
    assert example.process.wait(STOP_SECONDS) in (0, -15)
