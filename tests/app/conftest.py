"""One installation of the application for all tests; stores and applications are started as tests need them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.rig import App, ClusterNode, Valkey
from tests.components.application.machine import Machine


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A server that has booted with the application's release."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    run = machine.start()
    assert run.returncode == 0, run.stderr
    return machine


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A store that no test disturbs."""
    with Valkey(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture(scope="session")
def app(installed: Machine, shared_store: Valkey) -> Iterator[App]:
    """The application with its defaults, over the shared store; no test disturbs it."""
    with App(installed, shared_store.port) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Valkey]:
    with Valkey(tmp_path) as server:
        yield server


@pytest.fixture
def replica(tmp_path: Path, store: Valkey) -> Iterator[Valkey]:
    with Valkey(tmp_path) as server:
        server.follow(store)
        yield server


@pytest.fixture
def shard(tmp_path: Path) -> Iterator[tuple[ClusterNode, ClusterNode]]:
    """Primary and replica of a store in cluster mode."""
    with ClusterNode(tmp_path) as primary, ClusterNode(tmp_path) as replica:
        primary.lead()
        replica.follow(primary)
        yield primary, replica


@pytest.fixture
def start(installed: Machine, store: Valkey) -> Iterator[Callable[..., App]]:
    """Starts the application: `start(SESSION_TTL="60")`, and for another port than the store's `start(port)`."""
    with ExitStack() as running:

        def start(port: int | None = None, **settings: str) -> App:
            return running.enter_context(App(installed, port or store.port, settings))

        yield start
