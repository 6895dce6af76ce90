"""The emulated account as operators' commands reach it."""

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network
from tests.ops.backup.protected import ProtectedStack


@pytest.fixture
def stack(
    emulator: Emulator, aws: Client, unique: str, network: Network, monkeypatch: pytest.MonkeyPatch
) -> ProtectedStack:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
    return ProtectedStack(aws, unique, network)
