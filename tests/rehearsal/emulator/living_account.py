"""Fixtures of an emulated AWS of its own that lives: a test would otherwise change the pace of others."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.emulator import process
from tests.conftest import Client, clients
from tests.rehearsal.emulator.fleets import Fleet, make_fleet
from tests.rehearsal.emulator.planes import SPEED, Plane


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.Emulator]:
    home = tmp_path_factory.mktemp("living")
    yield process.start(home)
    process.stop(home)


@pytest.fixture(scope="session")
def aws(emulator: process.Emulator) -> Client:
    return clients(emulator)


@pytest.fixture
def living(emulator: process.Emulator) -> Iterator[process.Emulator]:
    emulator.live(SPEED)
    yield emulator
    emulator.rest()


@pytest.fixture
def fleet(network: Any, aws: Callable[..., Any]) -> Iterator[Fleet]:
    made = make_fleet(network, aws)
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}
    aws("elbv2").modify_target_group_attributes(TargetGroupArn=made.target_group, Attributes=[delay])
    yield made
    if made.exists:
        made.api.delete_auto_scaling_group(AutoScalingGroupName=made.name, ForceDelete=True)


@pytest.fixture
def plane(living: process.Emulator, fleet: Fleet) -> Plane:
    return Plane(living, fleet)
