"""Zonal shifts of balancers and groups: what is managed, what AWS refuses, and where servers are launched."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Client, Network
from tests.rehearsal.emulator.fleets import Fleet, make_fleet

ZONE = "euw1-az1"


@pytest.fixture
def arc(aws: Client) -> Any:
    return aws("arc-zonal-shift")


@pytest.fixture
def fleet(network: Network, aws: Client) -> Fleet:
    return make_fleet(network, aws)


def enabled(aws: Client, network: Network) -> str:
    arn = str(network.balancer()["LoadBalancerArn"])
    attribute = {"Key": "zonal_shift.config.enabled", "Value": "true"}
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])
    return arn


def shift(arn: str, **given: Any) -> dict[str, Any]:
    return {"resourceIdentifier": arn, "awayFrom": ZONE, "expiresIn": "3h", "comment": "test", **given}


def test_a_balancer_is_managed_once_zonal_shift_is_enabled(
    aws: Client, arc: Any, network: Network, refused: Callable[..., str]
) -> None:
    arn = str(network.balancer()["LoadBalancerArn"])
    assert refused(arc.get_managed_resource, resourceIdentifier=arn) == "ResourceNotFoundException"
    attribute = {"Key": "zonal_shift.config.enabled", "Value": "true"}
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])
    found = arc.get_managed_resource(resourceIdentifier=arn)
    assert found["appliedWeights"] == {"euw1-az1": 1.0, "euw1-az2": 1.0, "euw1-az3": 1.0}
    assert arn in {each["arn"] for each in arc.list_managed_resources()["items"]}


def test_a_shift_begins_is_prolonged_and_ends(
    aws: Client, arc: Any, network: Network, refused: Callable[..., str]
) -> None:
    arn = enabled(aws, network)
    made = arc.start_zonal_shift(**shift(arn))
    assert made["expiryTime"] - made["startTime"] == timedelta(hours=3)
    [found] = arc.get_managed_resource(resourceIdentifier=arn)["zonalShifts"]
    assert (found["awayFrom"], found["appliedStatus"], found["shiftType"]) == (ZONE, "APPLIED", "ZONAL_SHIFT")
    assert arc.get_managed_resource(resourceIdentifier=arn)["appliedWeights"][ZONE] == 0.0
    assert refused(arc.start_zonal_shift, **shift(arn, awayFrom="euw1-az2")) == "ConflictException"
    name = made["zonalShiftId"]
    later = arc.update_zonal_shift(zonalShiftId=name, expiresIn="12h", comment="longer")
    assert later["expiryTime"] > datetime.now(UTC) + timedelta(hours=11)
    assert arc.cancel_zonal_shift(zonalShiftId=name)["status"] == "CANCELED"
    assert arc.get_managed_resource(resourceIdentifier=arn)["zonalShifts"] == []
    assert refused(arc.cancel_zonal_shift, zonalShiftId=name) == "ConflictException"
    [listed] = arc.list_zonal_shifts(resourceIdentifier=arn, status="CANCELED")["items"]
    assert (listed["zonalShiftId"], listed["comment"]) == (name, "longer")


@pytest.mark.parametrize(
    "given", [{"awayFrom": "euc1-az1"}, {"expiresIn": "73h"}, {"expiresIn": "4321m"}, {"expiresIn": "3d"}]
)
def test_what_aws_does_not_take_is_refused(
    aws: Client, arc: Any, network: Network, given: dict[str, str], refused: Callable[..., str]
) -> None:
    assert refused(arc.start_zonal_shift, **shift(enabled(aws, network), **given)) == "ValidationException"


def test_a_group_launches_nothing_in_a_zone_that_it_is_kept_out_of(fleet: Fleet, arc: Any) -> None:
    fleet.create(AvailabilityZoneImpairmentPolicy={"ZonalShiftEnabled": True})
    made = arc.start_zonal_shift(**shift(fleet.group["AutoScalingGroupARN"]))
    fleet.update(DesiredCapacity=5)
    assert fleet.zones == [1, 2, 2]
    arc.cancel_zonal_shift(zonalShiftId=made["zonalShiftId"])
    fleet.update(DesiredCapacity=6)
    assert fleet.zones == [2, 2, 2]


def test_a_group_without_zonal_shift_is_not_managed(fleet: Fleet, arc: Any, refused: Callable[..., str]) -> None:
    fleet.create()
    assert refused(arc.start_zonal_shift, **shift(fleet.group["AutoScalingGroupARN"])) == "ResourceNotFoundException"
