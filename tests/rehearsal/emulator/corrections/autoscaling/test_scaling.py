"""Policies act on what was measured, and scheduled actions when they are due, by AWS's clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.rehearsal.emulator.fleets import Fleet
from tests.rehearsal.emulator.planes import SPEED, Plane

pytestmark = pytest.mark.xdist_group("emulator-living-groups")


@pytest.fixture
def scaled(fleet: Fleet, plane: Plane) -> Fleet:
    fleet.create(DesiredCapacity=3)
    label = f"app/none/0/{resource(fleet)}"
    for name, specification, target in (
        ("cpu", {"PredefinedMetricType": "ASGAverageCPUUtilization"}, 50.0),
        ("requests", {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": label}, 1000.0),
    ):
        fleet.api.put_scaling_policy(
            AutoScalingGroupName=fleet.name,
            PolicyName=name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingConfiguration={"PredefinedMetricSpecification": specification, "TargetValue": target},
        )
    plane.calm()
    return fleet


def resource(fleet: Fleet) -> str:
    """The target group as metrics name it."""
    return fleet.target_group.rpartition(":")[2]


def putting(fleet: Fleet, cpu: float | None, requests: float | None) -> Callable[[], None]:
    """Put data as often as it is called: the percentage, and requests at a rate a minute at AWS."""
    watch = fleet.network.aws("cloudwatch")
    last = [time.monotonic()]

    def put() -> None:
        now = time.monotonic()
        minutes, last[0] = (now - last[0]) * SPEED / 60, now
        named = [{"Name": "AutoScalingGroupName", "Value": fleet.name}]
        if cpu is not None:
            data = [{"MetricName": "CPUUtilization", "Dimensions": named, "Value": cpu}]
            watch.put_metric_data(Namespace="AWS/EC2", MetricData=data)
        if requests is not None:
            named = [{"Name": "TargetGroup", "Value": resource(fleet)}]
            datum = {"MetricName": "RequestCountPerTarget", "Dimensions": named, "Value": requests * minutes}
            watch.put_metric_data(Namespace="AWS/ApplicationELB", MetricData=[datum])

    return put


def during(plane: Plane, put: Callable[[], None], reached: Callable[[], bool], seconds: float) -> bool:
    """Put data and report until something is reached; whether it was."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        put()
        plane.step()
        if reached():
            return True
        time.sleep(0.05)
    return False


def test_too_many_requests_for_three_minutes_scale_out(scaled: Fleet, plane: Plane) -> None:
    began = time.monotonic()
    put = putting(scaled, 30, 1900)
    assert during(plane, put, lambda: scaled.group["DesiredCapacity"] > 3, 20)
    assert (time.monotonic() - began) * SPEED / 60 >= 3
    assert "AlarmHigh in state ALARM triggered policy requests" in cause(scaled)
    assert during(plane, put, lambda: plane.states.count("InService") > 3, 20)


def test_the_maximum_holds(scaled: Fleet, plane: Plane) -> None:
    scaled.update(MaxSize=4)
    assert during(plane, putting(scaled, 99, None), lambda: scaled.group["DesiredCapacity"] > 3, 20)
    assert scaled.group["DesiredCapacity"] == 4


def test_little_to_do_for_a_quarter_of_an_hour_scales_in(scaled: Fleet, plane: Plane) -> None:
    scaled.api.set_desired_capacity(AutoScalingGroupName=scaled.name, DesiredCapacity=6)
    plane.calm()
    assert during(plane, putting(scaled, 10, 450), lambda: scaled.group["DesiredCapacity"] < 6, 40)
    assert "AlarmLow" in cause(scaled)


def test_a_suspended_process_scales_nothing(scaled: Fleet, plane: Plane) -> None:
    scaled.api.suspend_processes(AutoScalingGroupName=scaled.name, ScalingProcesses=["AlarmNotification"])
    assert not during(plane, putting(scaled, 99, 5000), lambda: scaled.group["DesiredCapacity"] != 3, 3)


def test_a_scheduled_action_is_carried_out_at_its_minute(scaled: Fleet, plane: Plane) -> None:
    at = datetime.fromtimestamp(plane.emulator.ask("GET", "live")["wall"], UTC) + timedelta(minutes=3)
    sizes: dict[str, Any] = {"MinSize": 4, "MaxSize": 9, "DesiredCapacity": 5}
    scaled.api.put_scheduled_update_group_action(
        AutoScalingGroupName=scaled.name, ScheduledActionName="morning", StartTime=at, **sizes
    )
    plane.until(lambda: scaled.group["DesiredCapacity"] == 5, 10)
    assert scaled.group["MinSize"] == 4
    assert "scheduled action morning" in cause(scaled)


def cause(fleet: Fleet) -> str:
    return str(fleet.api.describe_scaling_activities(AutoScalingGroupName=fleet.name)["Activities"][0]["Cause"])
