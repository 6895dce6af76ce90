"""Groups whose members take their time: they boot, pass checks, drain, and are replaced when they fail."""

import time

import pytest

from rehearsal.emulator.process import EmulatorError
from tests.rehearsal.emulator.fleets import Fleet
from tests.rehearsal.emulator.planes import SPEED, Plane

pytestmark = pytest.mark.xdist_group("emulator-living-groups")

POLICY = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}


def test_a_member_is_pending_until_its_instance_runs_and_then_registered(fleet: Fleet, plane: Plane) -> None:
    fleet.create()
    assert plane.states == ["Pending"] * 3
    assert plane.health == {}
    found = fleet.network.ec2.describe_instances(InstanceIds=fleet.instances[:1])["Reservations"][0]["Instances"][0]
    assert found["State"]["Name"] == "pending"
    assert fleet.api.describe_scaling_activities()["Activities"][0]["StatusCode"] == "InProgress"
    plane.boots = False
    plane.until(lambda: True)
    time.sleep(0.5)
    assert plane.states == ["Pending"] * 3
    plane.boots = True
    plane.calm()
    assert set(plane.health) == set(fleet.instances)
    assert {a["StatusCode"] for a in fleet.api.describe_scaling_activities()["Activities"]} == {"Successful"}


def test_a_target_is_initial_until_it_was_measured(fleet: Fleet, plane: Plane) -> None:
    fleet.create()
    instances = [{"region": "eu-west-1", "id": name, "state": "running"} for name in fleet.instances]
    plane.emulator.report(instances=instances)
    deadline = time.monotonic() + 5
    while not plane.health and time.monotonic() < deadline:
        time.sleep(0.05)
    assert plane.target_health[fleet.instances[0]] == {
        "State": "initial",
        "Reason": "Elb.RegistrationInProgress",
        "Description": "Target registration is in progress",
    }


def test_what_served_before_is_initial_and_has_its_grace_from_the_start(fleet: Fleet, plane: Plane) -> None:
    plane.emulator.rest()
    fleet.create(HealthCheckGracePeriod=300)
    assert set(plane.health.values()) == {"healthy"}
    plane.emulator.live(SPEED)
    assert set(plane.health.values()) == {"initial"}
    before = fleet.instances
    plane.bad = set(before[:1])
    began = time.monotonic()
    plane.until(lambda: set(fleet.instances) != set(before))
    assert time.monotonic() - began >= 300 / SPEED


def test_an_unhealthy_member_is_replaced_only_when_its_successor_is_ready(fleet: Fleet, plane: Plane) -> None:
    fleet.create(InstanceMaintenancePolicy=POLICY, DefaultInstanceWarmup=60, HealthCheckGracePeriod=30)
    plane.calm()
    time.sleep(60 / SPEED + 0.5)  # the first are warm
    plane.seen.clear()
    lost = fleet.instances[0]
    plane.bad = {lost}
    plane.until(lambda: len(fleet.instances) == 4)
    assert plane.target_health[lost]["Reason"] == "Target.Timeout"
    plane.until(lambda: len(fleet.instances) == 4 and plane.states == ["InService"] * 4)
    plane.until(lambda: lost not in fleet.instances)
    plane.calm()
    assert fleet.zones == [1, 1, 1]
    assert any("ELB system health check failure" in a["Cause"] for a in activities(fleet))
    assert all(list(states.values()).count("InService") >= 3 for states in plane.seen)


def test_without_a_policy_an_unhealthy_member_goes_at_once(fleet: Fleet, plane: Plane) -> None:
    fleet.create()
    plane.calm()
    lost = fleet.instances[0]
    plane.bad = {lost}
    plane.until(lambda: "Terminating" in plane.states)
    plane.until(lambda: lost not in fleet.instances)
    plane.calm()


def test_a_member_drains_before_it_is_terminated(fleet: Fleet, plane: Plane) -> None:
    fleet.create()
    api = fleet.network.aws("elbv2")
    attribute = {"Key": "deregistration_delay.timeout_seconds", "Value": "90"}
    api.modify_target_group_attributes(TargetGroupArn=fleet.target_group, Attributes=[attribute])
    plane.calm()
    goes = fleet.instances[0]
    began = time.monotonic()
    fleet.api.terminate_instance_in_auto_scaling_group(InstanceId=goes, ShouldDecrementDesiredCapacity=False)
    assert plane.health[goes] == "draining"
    assert goes in fleet.running()
    plane.until(lambda: goes not in fleet.running())
    assert time.monotonic() - began >= 90 / SPEED
    plane.until(lambda: goes not in plane.health)
    plane.calm()
    assert len(fleet.instances) == 3


def test_a_lost_host_fails_its_status_checks_and_is_replaced(fleet: Fleet, plane: Plane) -> None:
    fleet.create(HealthCheckType="EC2")
    plane.calm()
    lost = fleet.instances[0]
    plane.emulator.report(instances=[{"region": "eu-west-1", "id": lost, "state": "gone"}])
    status = fleet.network.ec2.describe_instance_status(InstanceIds=[lost])["InstanceStatuses"][0]
    assert status["SystemStatus"]["Status"] == "ok"
    time.sleep(60 / SPEED + 0.1)
    status = fleet.network.ec2.describe_instance_status(InstanceIds=[lost])["InstanceStatuses"]
    assert not status or status[0]["SystemStatus"]["Status"] == "impaired"
    plane.until(lambda: lost not in fleet.instances)
    assert any("status checks failure" in activity["Cause"] for activity in activities(fleet))


def test_a_terminated_instance_is_replaced(fleet: Fleet, plane: Plane) -> None:
    fleet.create(InstanceMaintenancePolicy=POLICY)
    plane.calm()
    lost = fleet.instances[0]
    fleet.network.ec2.terminate_instances(InstanceIds=[lost])
    plane.until(lambda: lost not in fleet.instances)
    plane.calm()
    assert len(fleet.instances) == 3


def test_nothing_is_launched_in_a_zone_that_is_cut(fleet: Fleet, plane: Plane) -> None:
    fleet.create()
    plane.calm()
    zone = fleet.group["Instances"][0]["AvailabilityZone"]
    plane.emulator.report(cut=[zone])
    plane.bad = {m["InstanceId"] for m in fleet.group["Instances"] if m["AvailabilityZone"] == zone}
    plane.until(lambda: not plane.bad & set(fleet.instances))
    plane.calm()
    assert fleet.zones == [1, 2]
    plane.emulator.report(cut=[])
    plane.until(lambda: fleet.zones == [1, 1, 1])


def test_a_suspended_process_leaves_the_unhealthy_alone(fleet: Fleet, plane: Plane) -> None:
    fleet.create()
    plane.calm()
    before = set(fleet.instances)
    fleet.api.suspend_processes(AutoScalingGroupName=fleet.name, ScalingProcesses=["ReplaceUnhealthy"])
    plane.bad = {fleet.instances[0]}
    plane.until(lambda: "Unhealthy" in {m["HealthStatus"] for m in fleet.group["Instances"]})
    time.sleep(0.5)
    assert set(fleet.instances) == before


def test_scaling_in_drains_too(fleet: Fleet, plane: Plane) -> None:
    fleet.create(DesiredCapacity=4)
    plane.calm()
    fleet.api.set_desired_capacity(AutoScalingGroupName=fleet.name, DesiredCapacity=3)
    assert plane.states == ["InService"] * 3 + ["Terminating"]
    assert sorted(plane.health.values()) == ["draining", "healthy", "healthy", "healthy"]


def test_at_rest_all_that_was_under_way_is_done(fleet: Fleet, plane: Plane) -> None:
    fleet.create(DesiredCapacity=4)
    plane.calm()
    fleet.api.set_desired_capacity(AutoScalingGroupName=fleet.name, DesiredCapacity=5)
    fleet.api.terminate_instance_in_auto_scaling_group(
        InstanceId=fleet.instances[0], ShouldDecrementDesiredCapacity=True
    )
    plane.emulator.rest()
    assert plane.states == ["InService"] * 4
    assert fleet.healthy == set(fleet.instances) == fleet.running()
    with pytest.raises(EmulatorError, match="living mode is off"):
        plane.emulator.report(cut=[])


def activities(fleet: Fleet) -> list[dict[str, str]]:
    found: list[dict[str, str]] = fleet.api.describe_scaling_activities(AutoScalingGroupName=fleet.name)["Activities"]
    return found


def test_a_users_health_check_respects_the_grace_period_unless_told_not_to(fleet: Fleet, plane: Plane) -> None:
    fleet.create(HealthCheckGracePeriod=3600)
    plane.calm()
    lost = fleet.instances[0]
    given = {"InstanceId": lost, "HealthStatus": "Unhealthy"}
    fleet.api.set_instance_health(**given)
    assert {m["HealthStatus"] for m in fleet.group["Instances"]} == {"Healthy"}
    fleet.api.set_instance_health(**given, ShouldRespectGracePeriod=False)
    plane.until(lambda: lost not in fleet.instances)
    plane.calm()
    causes = [activity["Cause"] for activity in activities(fleet)]
    assert any("unhealthy instance needing to be replaced" in cause for cause in causes)
    assert any("user health-check" in cause for cause in causes)


def test_where_nobody_gets_healthy_the_unhealthy_do_not_pile_up(fleet: Fleet, plane: Plane) -> None:
    plane.bad_versions = {"2"}
    fleet.create(InstanceMaintenancePolicy=POLICY)
    plane.until(lambda: len({name for states in plane.seen for name in states}) >= 9, 30)
    standing = [sum(state != "Terminating" for state in states.values()) for states in plane.seen]
    assert max(standing) <= 3 + 3 + 1  # the desired ones, as many unhealthy ones, and one that has yet to go


def test_a_group_whose_target_group_no_balancer_uses_is_ready_by_itself(fleet: Fleet, plane: Plane) -> None:
    api = fleet.network.aws("elbv2")
    made = api.create_target_group(Name=f"{fleet.name}-x", Protocol="HTTP", Port=80, VpcId=fleet.network.vpc)
    unused = made["TargetGroups"][0]["TargetGroupArn"]
    fleet.create(TargetGroupARNs=[unused], InstanceMaintenancePolicy=POLICY)
    plane.until(lambda: plane.states == ["InService"] * 3)
    found = api.describe_target_health(TargetGroupArn=unused)["TargetHealthDescriptions"]
    assert {each["TargetHealth"]["Reason"] for each in found} == {"Target.NotInUse"}
    lost = fleet.instances[0]
    fleet.api.set_instance_health(InstanceId=lost, HealthStatus="Unhealthy")
    plane.until(lambda: lost not in fleet.instances)
