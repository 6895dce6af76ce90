"""Which servers count, and the vCPUs that are left."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ops.status.readings.zones import READINGS
from tests.ops.status.readings.answers import read


def server(number: int, zone: str, state: str = "InService", version: str = "3") -> dict[str, Any]:
    return {
        "InstanceId": f"i-{number}",
        "AvailabilityZone": zone,
        "LifecycleState": state,
        "HealthStatus": "Healthy",
        "ProtectedFromScaleIn": False,
        "InstanceType": "t4g.small",
        "LaunchTemplate": {"LaunchTemplateId": "lt", "Version": version},
    }


def group(*instances: dict[str, Any]) -> dict[str, Any]:
    numbers = {"MinSize": 2, "MaxSize": 9, "DesiredCapacity": 3, "DefaultCooldown": 1, "HealthCheckType": "ELB"}
    told = {
        "AutoScalingGroupName": "group",
        **numbers,
        "AvailabilityZones": ["a", "b"],
        "CreatedTime": datetime.now(UTC),
        "LaunchTemplate": {"LaunchTemplateId": "lt", "Version": "3"},
        "Instances": [*instances],
    }
    return {"AutoScalingGroups": [told]}


def health(**states: str) -> dict[str, Any]:
    return {
        "TargetHealthDescriptions": [
            {"Target": {"Id": name.replace("_", "-")}, "TargetHealth": {"State": state}}
            for name, state in states.items()
        ]
    }


def test_a_server_counts_where_group_and_balancer_find_it_healthy() -> None:
    found = read(
        READINGS,
        "servers",
        describe_auto_scaling_groups=group(
            server(1, "a"), server(2, "a", "Terminating"), server(3, "b", version="2"), server(4, "b")
        ),
        describe_target_health=health(i_1="healthy", i_2="healthy", i_3="draining", i_4="healthy"),
    )
    assert dict(found.serving) == {"a": 1, "b": 1}
    assert (found.version, dict(found.versions)) == ("3", {"3": 3, "2": 1})
    assert (found.left, found.healthy) == (1, 2)


def test_a_zone_without_a_server_is_a_zone() -> None:
    found = read(
        READINGS,
        "servers",
        describe_auto_scaling_groups=group(server(1, "a")),
        describe_target_health=health(i_1="healthy"),
    )
    assert dict(found.serving) == {"a": 1, "b": 0}
    assert (found.fullest, found.left) == ("a", 0)


METRIC = {"MetricNamespace": "AWS/Usage", "MetricName": "ResourceCount", "MetricDimensions": {"Service": "EC2"}}
TYPES = {"InstanceTypes": [{"VCpuInfo": {"DefaultVCpus": 2}}]}


@pytest.mark.parametrize("instances", [(server(1, "a"),), ()])
def test_vcpus_are_those_of_the_servers_type_also_where_none_runs(instances: tuple[dict[str, Any], ...]) -> None:
    points = [{"Timestamp": datetime(2026, 1, day, tzinfo=UTC), "Maximum": float(day)} for day in (2, 7, 5)]
    found = read(
        READINGS,
        "quota",
        describe_auto_scaling_groups=group(*instances),
        describe_launch_template_versions={
            "LaunchTemplateVersions": [{"LaunchTemplateData": {"InstanceType": "t4g.small"}}]
        },
        describe_instance_types=TYPES,
        get_service_quota={"Quota": {"Value": 64.0, "UsageMetric": METRIC}},
        get_metric_statistics={"Datapoints": points},
    )
    assert (found.allowed, found.used, found.each) == (64.0, 7.0, 2)


def test_where_the_account_has_no_value_of_its_own_the_default_holds() -> None:
    found = read(
        READINGS,
        "quota",
        describe_auto_scaling_groups=group(server(1, "a")),
        describe_instance_types=TYPES,
        get_service_quota="NoSuchResourceException",
        get_aws_default_service_quota={"Quota": {"Value": 5.0}},
    )
    assert (found.allowed, found.used) == (5.0, None)


def shifted(**more: Any) -> Any:
    return {"arn": "arn:of:lb", "appliedWeights": {"euw1-az1": 0.0}, "zonalShifts": [], **more}


AT = datetime(2026, 11, 30, 5, 12, tzinfo=UTC)
BY_HAND = {
    **{"appliedStatus": "APPLIED", "zonalShiftId": "shift-1", "resourceIdentifier": "arn:of:lb"},
    **{"awayFrom": "euw1-az1", "expiryTime": AT, "startTime": AT, "comment": "x"},
}
BY_AWS = {"appliedStatus": "APPLIED", "awayFrom": "euw1-az2", "startTime": AT}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("ResourceNotFoundException", {}),
        (shifted(), {}),
        (shifted(zonalShifts=[BY_HAND]), {"euw1-az1": "until 2026-11-30 05:12 UTC"}),
        (shifted(autoshifts=[BY_AWS]), {"euw1-az2": "until the zone is well, by AWS"}),
    ],
)
def test_zones_that_users_are_kept_out_of_are_told_with_until_when(answer: Any, expected: dict[str, str]) -> None:
    assert read(READINGS, "away", get_managed_resource=answer) == expected
