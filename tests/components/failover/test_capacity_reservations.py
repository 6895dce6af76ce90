"""EC2 capacity that is reserved for a standby."""

from typing import Any, cast

import pytest
from ha_web import CapacityReservations, CapacityReservationsArgs, ConfigurationError

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
GIVEN: dict[str, Any] = {
    "servers": 6,
    "instance_type": "m7g.large",
    "zone_names": ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
}


def reserved(**args: Any) -> Made[CapacityReservations]:
    return make(lambda: CapacityReservations("standby", cast(CapacityReservationsArgs, {**GIVEN, **args})))


@pytest.mark.parametrize(("servers", "each"), [(6, 2), (7, 3), (1, 1)])
def test_each_zone_has_the_most_servers_that_scaling_may_put_there(servers: int, each: int) -> None:
    made = reserved(servers=servers).all(RESERVATION)
    assert [(one["availabilityZone"], one["instanceCount"]) for one in made] == [
        (zone, each) for zone in GIVEN["zone_names"]
    ]


def test_any_launch_of_the_type_takes_from_them_and_they_never_end() -> None:
    made = reserved()
    for one in made.all(RESERVATION):
        assert (one["instanceType"], one["instancePlatform"]) == ("m7g.large", "Linux/UNIX")
        assert (one["instanceMatchCriteria"], one["endDateType"]) == ("open", "unlimited")
    assert made.outputs["reservation_ids"] == [one.id for one in made.all(RESERVATION)]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"servers": 0}, "servers is 0; without any there is nothing to reserve"),
        ({"zone_names": []}, "zone_names is empty; capacity is reserved zone by zone"),
    ],
)
def test_what_reserves_nothing_is_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        reserved(**args)
    assert str(refused.value) == f'CapacityReservations "standby": {message}'


def test_its_region_reaches_all_of_it() -> None:
    assert_region_reaches_everything(
        lambda region: CapacityReservations("standby", cast(CapacityReservationsArgs, {**GIVEN, "region": region}))
    )
