"""On-Demand Capacity Reservations: what AWS is asked for."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin.calls.context import RECORDED
from rehearsal.emulator.process import Emulator
from tests.rehearsal.aws_plugin.asked import of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
GIVEN = {
    "availabilityZone": "eu-west-1a",
    "endDateType": "unlimited",
    "instanceCount": 2,
    "instanceMatchCriteria": "open",
    "instancePlatform": "Linux/UNIX",
    "instanceType": "m7g.large",
}


@pytest.fixture
def reservation(emulator: Emulator, unique: str) -> Resource:
    return Program(emulator).up(RESERVATION, unique, **GIVEN, tags={"Name": "web"})


def test_it_is_recorded_and_can_be_cancelled(reservation: Resource) -> None:
    assert reservation.state[RECORDED] == ["CreateCapacityReservation"]
    assert reservation.id.startswith("cr-")
    assert reservation.state["arn"].endswith(f":capacity-reservation/{reservation.id}")
    assert reservation.changes() == {}
    reservation.delete()


def test_another_number_is_sent_with_its_end_as_by_the_provider_and_another_type_replaces(
    reservation: Resource,
) -> None:
    [told] = of_update(RESERVATION, GIVEN, instanceCount=3)
    assert {name: told[name] for name in ("EndDateType", "InstanceCount")} == {
        "EndDateType": "unlimited",
        "InstanceCount": 3,
    }
    assert reservation.changes(instanceType="m7g.xlarge") == {"instanceType": "UPDATE_REPLACE"}
    assert reservation.changes(instanceCount=3) == {"instanceCount": "UPDATE"}


def test_a_platform_that_ec2_does_not_know_is_refused(reservation: Resource) -> None:
    [(argument, _reason)] = reservation.refusals({**GIVEN, "instancePlatform": "Linux"})
    assert argument == "instancePlatform"
