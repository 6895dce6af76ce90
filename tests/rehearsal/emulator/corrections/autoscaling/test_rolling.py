"""A refresh waits for real health: servers that never get healthy stop it, alarms roll it back."""

import time
from typing import Any

import pytest

from tests.rehearsal.emulator.fleets import Fleet
from tests.rehearsal.emulator.planes import SPEED, Plane

pytestmark = pytest.mark.xdist_group("emulator-living-groups")

OVER = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}


def begin(fleet: Fleet, plane: Plane, **preferences: Any) -> str:
    fleet.create("1", HealthCheckGracePeriod=30, DefaultInstanceWarmup=20)
    plane.calm()
    time.sleep(0.5)
    wanted = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "2"}}
    started = fleet.api.start_instance_refresh(
        AutoScalingGroupName=fleet.name, DesiredConfiguration=wanted, Preferences=preferences
    )
    plane.seen.clear()
    return str(started["InstanceRefreshId"])


def refresh(fleet: Fleet) -> dict[str, Any]:
    found: dict[str, Any] = fleet.api.describe_instance_refreshes(AutoScalingGroupName=fleet.name)["InstanceRefreshes"][
        0
    ]
    return found


def serving(plane: Plane) -> list[int]:
    """How many served at each step."""
    return [list(states.values()).count("InService") for states in plane.seen]


def test_servers_are_launched_first_where_more_may_run_than_desired(fleet: Fleet, plane: Plane) -> None:
    begin(fleet, plane, **OVER)
    seen: set[int] = set()

    def ended() -> bool:
        seen.add(refresh(fleet)["PercentageComplete"])
        return "EndTime" in refresh(fleet)

    plane.until(ended, 30)
    assert refresh(fleet)["Status"] == "Successful"
    assert seen == {0, 33, 66, 100}
    plane.calm()
    assert (fleet.versions, fleet.zones) == ({"2"}, [1, 1, 1])
    assert min(serving(plane)) >= 3
    assert max(len(states) for states in plane.seen) <= 5  # one that drains, too
    assert fleet.group["LaunchTemplate"]["Version"] == "2"


def test_servers_go_first_where_no_more_may_run_than_desired(fleet: Fleet, plane: Plane) -> None:
    begin(fleet, plane, MinHealthyPercentage=50, MaxHealthyPercentage=100)
    plane.until(lambda: "EndTime" in refresh(fleet), 30)
    plane.calm()
    assert fleet.versions == {"2"}
    assert 2 in serving(plane)
    assert min(serving(plane)) >= 2


def test_new_servers_that_never_get_healthy_replace_nobody(fleet: Fleet, plane: Plane) -> None:
    plane.bad_versions = {"2"}
    begin(fleet, plane, **OVER)
    before = {name for name in fleet.instances if name}
    plane.until(lambda: sum("health check failure" in a["Cause"] for a in activities(fleet)) >= 2, 30)
    found = refresh(fleet)
    assert (found["Status"], found["PercentageComplete"]) == ("InProgress", 0)
    assert before <= set(fleet.instances)
    fleet.api.cancel_instance_refresh(AutoScalingGroupName=fleet.name)
    plane.until(lambda: refresh(fleet)["Status"] == "Cancelled")
    plane.calm()
    assert set(fleet.instances) == before


def test_a_refresh_without_progress_fails_after_an_hour_and_rolls_back(fleet: Fleet, plane: Plane) -> None:
    plane.bad_versions = {"2"}
    begin(fleet, plane, **OVER, AutoRollback=True)
    before = set(fleet.instances)
    plane.emulator.live(1000)
    plane.until(lambda: "EndTime" in refresh(fleet), 20)
    plane.emulator.live(SPEED)
    assert refresh(fleet)["Status"] == "RollbackSuccessful"
    assert refresh(fleet)["StatusReason"] == "No new server became healthy for an hour."
    plane.calm()
    assert set(fleet.instances) == before


def test_an_alarm_rolls_back_what_was_replaced(fleet: Fleet, plane: Plane) -> None:
    watch = fleet.network.aws("cloudwatch")
    watch.put_metric_alarm(
        AlarmName=fleet.name,
        **{"MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1},
        **{"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"},
    )
    begin(fleet, plane, **OVER, AutoRollback=True, AlarmSpecification={"Alarms": [fleet.name]})
    plane.until(lambda: refresh(fleet)["PercentageComplete"] >= 33, 30)
    watch.set_alarm_state(AlarmName=fleet.name, StateValue="ALARM", StateReason="measured")
    plane.until(lambda: "EndTime" in refresh(fleet), 30)
    assert refresh(fleet)["Status"] == "RollbackSuccessful"
    assert fleet.name in refresh(fleet)["RollbackDetails"]["RollbackReason"]
    plane.calm()
    assert fleet.versions == {"1"}
    assert fleet.group["LaunchTemplate"]["Version"] == "1"


def test_checkpoints_and_the_bake_time_take_awss_time(fleet: Fleet, plane: Plane) -> None:
    begin(fleet, plane, **OVER, CheckpointPercentages=[33, 100], CheckpointDelay=120, BakeTime=90)
    times: dict[tuple[str, int], float] = {}

    def ended() -> bool:
        found = refresh(fleet)
        times.setdefault((found["Status"], found["PercentageComplete"]), time.monotonic())
        return "EndTime" in found

    plane.until(ended, 40)
    assert times["InProgress", 66] - times["InProgress", 33] >= 120 / SPEED
    assert times["Successful", 100] - times["Baking", 100] >= 90 / SPEED - 0.1


def activities(fleet: Fleet) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fleet.api.describe_scaling_activities(AutoScalingGroupName=fleet.name)["Activities"]
    return found
