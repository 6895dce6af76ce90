"""Auto Scaling: instances that are there, spread, registered, healed and refreshed."""

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.rehearsal.emulator.fleets import Fleet, make_fleet

pytestmark = pytest.mark.xdist_group("emulator-autoscaling")


@pytest.fixture
def fleet(network: Any, aws: Callable[..., Any]) -> Fleet:
    return make_fleet(network, aws)


def test_instances_are_spread_over_the_zones_and_healthy_behind_the_balancer(fleet: Fleet) -> None:
    fleet.create(DesiredCapacity=4)
    assert fleet.zones == [1, 1, 2]
    assert fleet.healthy == set(fleet.instances) == fleet.running()


def test_an_instance_is_what_the_template_version_says(fleet: Fleet) -> None:
    fleet.create(version="2", Tags=[{"Key": "team", "Value": "web", "PropagateAtLaunch": True}])
    one = fleet.instances[0]
    found = fleet.network.ec2.describe_instances(InstanceIds=[one])["Reservations"][0]["Instances"][0]
    assert [group["GroupId"] for group in found["SecurityGroups"]] == [fleet.network.group]
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert found["IamInstanceProfile"]["Arn"] == fleet.profile
    assert "PublicIpAddress" not in found
    tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
    assert (tags["Name"], tags["team"], tags["aws:ec2launchtemplate:version"]) == ("two", "web", "2")
    data = fleet.network.ec2.describe_instance_attribute(InstanceId=one, Attribute="userData")["UserData"]["Value"]
    assert base64.b64decode(data) == b"two"


@pytest.mark.parametrize("end", ["terminate_instances", "stop_instances"])
def test_a_lost_instance_is_replaced_and_registered(fleet: Fleet, end: str) -> None:
    fleet.create()
    lost = fleet.instances[0]
    getattr(fleet.network.ec2, end)(InstanceIds=[lost])
    assert lost not in fleet.instances
    assert fleet.zones == [1, 1, 1]
    assert fleet.healthy == set(fleet.instances) == fleet.running()


def test_an_unhealthy_instance_is_replaced(fleet: Fleet) -> None:
    fleet.create()
    lost = fleet.instances[0]
    fleet.api.set_instance_health(InstanceId=lost, HealthStatus="Unhealthy")
    assert lost not in fleet.healthy
    assert fleet.healthy == set(fleet.instances) == fleet.running()


def test_nothing_is_replaced_while_replacing_is_suspended(fleet: Fleet) -> None:
    fleet.create()
    before = fleet.instances
    fleet.api.suspend_processes(AutoScalingGroupName=fleet.name, ScalingProcesses=["ReplaceUnhealthy"])
    fleet.network.ec2.stop_instances(InstanceIds=before[:1])
    assert fleet.instances == before
    assert [p["ProcessName"] for p in fleet.group["SuspendedProcesses"]] == ["ReplaceUnhealthy"]
    fleet.api.resume_processes(AutoScalingGroupName=fleet.name)
    assert before[0] not in fleet.instances


def test_scaling_in_leaves_the_zones_even_and_no_stale_target(fleet: Fleet) -> None:
    fleet.create(DesiredCapacity=7)
    fleet.api.set_desired_capacity(AutoScalingGroupName=fleet.name, DesiredCapacity=3)
    assert fleet.zones == [1, 1, 1]
    assert fleet.healthy == set(fleet.instances) == fleet.running()


@pytest.mark.parametrize(
    "wrong", [{"DesiredCapacity": 10}, {"DesiredCapacity": 2}, {"MinSize": 10}, {"VPCZoneIdentifier": "subnet-1"}]
)
def test_sizes_and_subnets_that_cannot_be_are_refused(
    fleet: Fleet, refused: Callable[..., str], wrong: dict[str, Any]
) -> None:
    assert refused(fleet.create, **wrong) == "ValidationError"
    found = fleet.api.describe_auto_scaling_groups(AutoScalingGroupNames=[fleet.name])
    assert found["AutoScalingGroups"] == []


def test_a_template_version_that_does_not_exist_is_refused(fleet: Fleet, refused: Callable[..., str]) -> None:
    assert refused(fleet.create, version="9") == "ValidationError"
    assert refused(fleet.create, TargetGroupARNs=[fleet.target_group + "x"]) == "ValidationError"


@pytest.mark.parametrize("wrong", [{"ImageId": "ami-0123456789abcdef0"}, {"InstanceType": "t4g.colossal"}])
def test_a_template_that_nothing_starts_from_is_refused(
    fleet: Fleet, refused: Callable[..., str], wrong: dict[str, str]
) -> None:
    fleet.network.ec2.create_launch_template_version(
        LaunchTemplateId=fleet.template, SourceVersion="2", LaunchTemplateData=wrong
    )
    assert refused(fleet.create, version="3") == "ValidationError"
    assert fleet.running() == set()


def test_settings_are_described_as_they_were_given(fleet: Fleet) -> None:
    settings: dict[str, Any] = {
        "DefaultInstanceWarmup": 90,
        "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150},
        "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-only"},
        "AvailabilityZoneImpairmentPolicy": {
            "ZonalShiftEnabled": True,
            "ImpairedZoneHealthCheckBehavior": "ReplaceUnhealthy",
        },
        "HealthCheckGracePeriod": 120,
        "MaxInstanceLifetime": 86400,
    }
    fleet.create(**settings)
    assert {key: fleet.group[key] for key in settings} == settings
    fleet.update(DefaultInstanceWarmup=30)
    assert {key: fleet.group[key] for key in settings} == {**settings, "DefaultInstanceWarmup": 30}


def test_a_new_template_version_replaces_nothing_by_itself(fleet: Fleet) -> None:
    fleet.create(version="1")
    before = fleet.instances
    fleet.use("2")
    assert (fleet.instances, fleet.versions) == (before, {"1"})


def test_a_refresh_really_replaces_one_instance_after_the_other(fleet: Fleet) -> None:
    fleet.create(version="1")
    before = set(fleet.instances)
    fleet.use("2")
    fleet.api.start_instance_refresh(AutoScalingGroupName=fleet.name)
    seen, served = [], []
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        refresh = fleet.api.describe_instance_refreshes(AutoScalingGroupName=fleet.name)["InstanceRefreshes"][0]
        seen.append(refresh["PercentageComplete"])
        served.append(len(fleet.healthy))
        if refresh["Status"] == "Successful":
            break
        time.sleep(0.05)
    assert refresh["Status"] == "Successful"
    assert {0, 33, 66, 100} <= set(seen)
    assert set(served) == {3}
    assert not before & set(fleet.instances)
    assert (fleet.versions, fleet.zones) == ({"2"}, [1, 1, 1])
    assert fleet.healthy == set(fleet.instances) == fleet.running()


def test_a_refresh_that_skips_what_matches_replaces_nothing(fleet: Fleet) -> None:
    fleet.create()
    before = fleet.instances
    assert fleet.refreshed(Preferences={"SkipMatching": True})["Status"] == "Successful"
    assert fleet.instances == before


def test_a_refresh_with_a_desired_configuration_makes_it_the_groups(fleet: Fleet) -> None:
    fleet.create(version="1")
    wanted = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "2"}}
    assert fleet.refreshed(DesiredConfiguration=wanted)["Status"] == "Successful"
    assert fleet.group["LaunchTemplate"]["Version"] == "2"
    assert fleet.versions == {"2"}


def test_a_cancelled_refresh_leaves_the_rest_alone(fleet: Fleet, refused: Callable[..., str]) -> None:
    fleet.create(version="1", DesiredCapacity=6)
    fleet.use("2")
    group = {"AutoScalingGroupName": fleet.name}
    fleet.api.start_instance_refresh(**group)
    assert refused(fleet.api.start_instance_refresh, **group) == "InstanceRefreshInProgress"
    fleet.api.cancel_instance_refresh(**group)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = fleet.api.describe_instance_refreshes(**group)["InstanceRefreshes"][0]
        if found["Status"] == "Cancelled":
            break
        time.sleep(0.05)
    assert found["Status"] == "Cancelled"
    assert "1" in fleet.versions
    assert refused(fleet.api.cancel_instance_refresh, **group) == "ActiveInstanceRefreshNotFound"


def test_a_rollback_returns_to_the_configuration_before(fleet: Fleet) -> None:
    fleet.create(version="1", DesiredCapacity=6)
    wanted = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "2"}}
    fleet.api.start_instance_refresh(AutoScalingGroupName=fleet.name, DesiredConfiguration=wanted)
    deadline = time.monotonic() + 20
    while fleet.versions == {"1"} and time.monotonic() < deadline:
        time.sleep(0.05)
    fleet.api.rollback_instance_refresh(AutoScalingGroupName=fleet.name)
    while time.monotonic() < deadline:
        found = fleet.api.describe_instance_refreshes(AutoScalingGroupName=fleet.name)["InstanceRefreshes"][0]
        if found["Status"] == "RollbackSuccessful":
            break
        time.sleep(0.05)
    assert found["Status"] == "RollbackSuccessful"
    assert (fleet.versions, fleet.group["LaunchTemplate"]["Version"]) == ({"1"}, "1")


def released(fleet: Fleet, health: str = "", **preferences: Any) -> dict[str, Any]:
    """Release a third version, whose servers have a mark in their user data, and wait for its end."""
    script = base64.b64encode(f"#!/bin/sh\n# {health}\n".encode()).decode()
    fleet.network.ec2.create_launch_template_version(
        LaunchTemplateId=fleet.template, SourceVersion="2", LaunchTemplateData={"UserData": script}
    )
    wanted = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "3"}}
    return fleet.refreshed(DesiredConfiguration=wanted, Preferences={"AutoRollback": True, **preferences})


def test_a_version_that_never_gets_healthy_is_rolled_back_and_never_the_groups(fleet: Fleet) -> None:
    fleet.create(version="1")
    before = fleet.instances
    done = released(fleet, "REHEARSAL_HEALTH=never")
    assert (done["Status"], done["RollbackDetails"]["PercentageCompleteOnRollback"]) == ("RollbackSuccessful", 0)
    assert fleet.group["LaunchTemplate"]["Version"] == "1"
    assert sorted(fleet.instances) == sorted(before)  # none was terminated for a server that never served
    fleet.api.set_desired_capacity(AutoScalingGroupName=fleet.name, DesiredCapacity=4)
    assert fleet.versions == {"1"}
    assert fleet.healthy == set(fleet.instances)


def test_a_server_that_never_gets_healthy_is_seen_in_the_target_group_and_on_its_console(fleet: Fleet) -> None:
    fleet.create(version="1")
    script = base64.b64encode(b"REHEARSAL_HEALTH='never'").decode()
    data = {"UserData": script}
    fleet.network.ec2.create_launch_template_version(
        LaunchTemplateId=fleet.template, SourceVersion="2", LaunchTemplateData=data
    )
    fleet.use("3")
    fleet.api.set_desired_capacity(AutoScalingGroupName=fleet.name, DesiredCapacity=4)
    answer = fleet.network.aws("elbv2").describe_target_health(TargetGroupArn=fleet.target_group)
    states = {each["Target"]["Id"]: each["TargetHealth"]["State"] for each in answer["TargetHealthDescriptions"]}
    [bad] = [instance for instance, state in states.items() if state == "unhealthy"]
    assert "exit code 1" in fleet.network.ec2.get_console_output(InstanceId=bad)["Output"]


@pytest.mark.parametrize("how", [{"BakeTime": 600}, {"CheckpointPercentages": [34, 100], "CheckpointDelay": 600}])
def test_an_alarm_in_the_bake_time_or_at_a_checkpoint_brings_the_version_before_back(
    fleet: Fleet, how: dict[str, Any], aws: Callable[..., Any]
) -> None:
    fleet.create(version="1")
    cloudwatch = aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=fleet.name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, MetricName="Errors",
        Namespace="Test", Period=60, Statistic="Sum", Threshold=5, TreatMissingData="notBreaching",
    )  # fmt: skip
    done = released(fleet, "REHEARSAL_HEALTH=later", AlarmSpecification={"Alarms": [fleet.name]}, **how)
    assert done["Status"] == "RollbackSuccessful"
    assert fleet.name in done["RollbackDetails"]["RollbackReason"]
    assert (fleet.versions, fleet.group["LaunchTemplate"]["Version"]) == ({"1"}, "1")
    again = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "2"}}
    preferences = {"AutoRollback": True, "AlarmSpecification": {"Alarms": [fleet.name]}}
    assert fleet.refreshed(DesiredConfiguration=again, Preferences=preferences)["Status"] == "Successful"


def test_without_a_rollback_a_failed_refresh_leaves_the_group_its_version(fleet: Fleet) -> None:
    fleet.create(version="1")
    assert released(fleet, "REHEARSAL_HEALTH=never", AutoRollback=False)["Status"] == "Failed"
    assert fleet.group["LaunchTemplate"]["Version"] == "1"


def test_a_group_whose_version_moves_has_nothing_to_roll_back_to(fleet: Fleet, refused: Callable[..., str]) -> None:
    fleet.create(version="$Latest")
    wanted = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "1"}}
    start = {"AutoScalingGroupName": fleet.name, "DesiredConfiguration": wanted}
    preferences = {"AutoRollback": True}
    assert refused(fleet.api.start_instance_refresh, **start, Preferences=preferences) == "ValidationError"


def test_a_zone_that_goes_and_comes_moves_the_instances_with_it(fleet: Fleet) -> None:
    fleet.create()
    fleet.update(VPCZoneIdentifier=",".join(fleet.network.subnets[:2]))
    assert fleet.zones == [1, 2]
    fleet.update(VPCZoneIdentifier=",".join(fleet.network.subnets))
    assert fleet.zones == [1, 1, 1]
    assert fleet.healthy == set(fleet.instances) == fleet.running()


def test_deleting_needs_force_while_there_are_instances(fleet: Fleet, refused: Callable[..., str]) -> None:
    fleet.create()
    delete = {"AutoScalingGroupName": fleet.name}
    assert refused(fleet.api.delete_auto_scaling_group, **delete) == "ResourceInUse"
    fleet.network.ec2.terminate_instances(InstanceIds=fleet.instances[:1])
    fleet.api.delete_auto_scaling_group(**delete, ForceDelete=True)
    mine = [{"Name": "vpc-id", "Values": [fleet.network.vpc]}]
    assert fleet.network.ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"] == []
    assert fleet.running() == set()
    assert fleet.healthy == set()


def test_a_target_tracking_policy_is_kept_with_its_arn(fleet: Fleet) -> None:
    fleet.create()
    metric = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": "app/x/1/targetgroup/y/2"}
    tracking = {"PredefinedMetricSpecification": metric, "TargetValue": 500.0, "DisableScaleIn": False}
    made = fleet.api.put_scaling_policy(
        AutoScalingGroupName=fleet.name,
        PolicyName="requests",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=tracking,
    )
    found = fleet.api.describe_policies(AutoScalingGroupName=fleet.name)["ScalingPolicies"][0]
    assert found["PolicyARN"] == made["PolicyARN"]
    assert found["TargetTrackingConfiguration"] == tracking
    fleet.api.delete_policy(AutoScalingGroupName=fleet.name, PolicyName="requests")
    assert fleet.api.describe_policies(AutoScalingGroupName=fleet.name)["ScalingPolicies"] == []


def test_tags_of_a_group_are_kept_and_found(fleet: Fleet) -> None:
    fleet.create(Tags=[{"Key": "a", "Value": "1", "PropagateAtLaunch": False}])
    tag = {"ResourceId": fleet.name, "ResourceType": "auto-scaling-group", "Key": "b", "PropagateAtLaunch": True}
    fleet.api.create_or_update_tags(Tags=[{**tag, "Value": "2"}])
    assert {t["Key"]: (t["Value"], t["PropagateAtLaunch"]) for t in fleet.group["Tags"]} == {
        "a": ("1", False),
        "b": ("2", True),
    }
    fleet.api.delete_tags(Tags=[{**tag, "Key": "a"}])
    wanted = [{"Name": "auto-scaling-group", "Values": [fleet.name]}]
    assert [t["Key"] for t in fleet.api.describe_tags(Filters=wanted)["Tags"]] == ["b"]


def test_detaching_a_target_group_takes_the_instances_out(fleet: Fleet) -> None:
    fleet.create()
    given = {"AutoScalingGroupName": fleet.name, "TargetGroupARNs": [fleet.target_group]}
    fleet.api.detach_load_balancer_target_groups(**given)
    assert fleet.healthy == set()
    fleet.api.attach_load_balancer_target_groups(**given)
    assert fleet.healthy == set(fleet.instances)


def test_an_instance_on_standby_serves_nothing_and_is_made_up_for(fleet: Fleet) -> None:
    fleet.create()
    one = fleet.instances[0]
    given = {"AutoScalingGroupName": fleet.name, "InstanceIds": [one]}
    fleet.api.enter_standby(**given, ShouldDecrementDesiredCapacity=False)
    assert one not in fleet.healthy
    assert len(fleet.healthy) == 3
    fleet.api.exit_standby(**given)
    assert one in fleet.healthy
    assert fleet.group["DesiredCapacity"] == 4
