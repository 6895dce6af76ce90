"""Zonal autoshift in the emulated plugin: practice runs are configured before it is on, and after it is off."""

from __future__ import annotations

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network
from tests.rehearsal.aws_plugin.rehearsed import Program

AUTOSHIFT = "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration"


def alarms(name: str) -> list[dict[str, str]]:
    return [{"type": "CLOUDWATCH", "alarmIdentifier": f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"}]


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def balancer(aws: Client, network: Network) -> str:
    arn = str(network.balancer()["LoadBalancerArn"])
    attribute = {"Key": "zonal_shift.config.enabled", "Value": "true"}
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])
    return arn


def test_autoshift_is_turned_on_changed_and_off(program: Program, aws: Client, balancer: str, unique: str) -> None:
    given = {"resourceArn": balancer, "outcomeAlarms": alarms("a"), "blockedWindows": ["Mon:08:00-Mon:18:00"]}
    made = program.up(AUTOSHIFT, unique, zonalAutoshiftStatus="ENABLED", **given)
    assert made.id == balancer
    assert made.settled()
    found = aws("arc-zonal-shift").get_managed_resource(resourceIdentifier=balancer)
    assert found["zonalAutoshiftStatus"] == "ENABLED"
    assert found["practiceRunConfiguration"]["blockedWindows"] == ["Mon:08:00-Mon:18:00"]
    assert made.update(outcomeAlarms=alarms("b"), blockedWindows=None, allowedWindows=["Tue:08:00-Tue:10:00"])
    found = aws("arc-zonal-shift").get_managed_resource(resourceIdentifier=balancer)["practiceRunConfiguration"]
    assert found == {"outcomeAlarms": alarms("b"), "allowedWindows": ["Tue:08:00-Tue:10:00"]}
    assert made.settled()
    made.delete()
    assert made.gone()
    assert "practiceRunConfiguration" not in aws("arc-zonal-shift").get_managed_resource(resourceIdentifier=balancer)


def test_windows_of_both_kinds_are_refused(program: Program, balancer: str, unique: str) -> None:
    window = ["Mon:08:00-Mon:18:00"]
    given = {"resourceArn": balancer, "zonalAutoshiftStatus": "ENABLED", "outcomeAlarms": alarms("a")}
    refusals = program.resource(AUTOSHIFT, unique).refusals(
        {**given, "allowedWindows": window, "blockedWindows": window}
    )
    assert refusals
