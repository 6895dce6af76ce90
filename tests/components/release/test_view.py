"""A look at a group, and how it is told."""

from typing import Any

import pytest
from ha_web.release.versions import Version
from ha_web.release.view import healthy, progress, view_of

WANTED = Version("lt-1", "2")


def instance(name: str, zone: str, version: str = "1", **given: str) -> dict[str, Any]:
    usual = {"LifecycleState": "InService", "HealthStatus": "Healthy", "AvailabilityZone": zone, "InstanceId": name}
    return {**usual, "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": version}, **given}


def targets(**states: str) -> dict[str, Any]:
    described = [
        {"Target": {"Id": name}, "TargetHealth": {"State": state, "Description": f"why {name}"}}
        for name, state in states.items()
    ]
    return {"TargetHealthDescriptions": described}


def group(*instances: dict[str, Any]) -> dict[str, Any]:
    return {"MinSize": 2, "Instances": list(instances), "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}}


def test_a_server_serves_when_it_is_healthy_in_all_target_groups() -> None:
    described = group(instance("a", "1a"), instance("b", "1b"))
    assert view_of(described, [targets(a="healthy", b="healthy")], WANTED).serving == 2
    view = view_of(described, [targets(a="healthy", b="healthy"), targets(a="healthy", b="unhealthy")], WANTED)
    assert (view.serving, view.servers[1].reason) == (1, "why b")


@pytest.mark.parametrize("given", [{"LifecycleState": "Pending"}, {"HealthStatus": "Unhealthy"}])
def test_a_server_that_the_group_has_not_in_service_does_not_serve(given: dict[str, str]) -> None:
    assert view_of(group(instance("a", "1a", **given)), [targets(a="healthy")], WANTED).serving == 0


def test_a_server_that_is_registered_nowhere_yet_does_not_serve_unless_there_is_no_target_group() -> None:
    assert view_of(group(instance("a", "1a")), [targets()], WANTED).serving == 0
    assert view_of(group(instance("a", "1a")), [], WANTED).serving == 1


def test_progress_tells_percent_zones_and_health() -> None:
    described = group(
        instance("a", "1a", "2"),
        instance("b", "1b", "2"),
        instance("c", "1b"),
        instance("d", "1b", "2", HealthStatus="U"),
    )
    refresh = {"Status": "InProgress", "PercentageComplete": 33}
    view = view_of(described, [targets(a="healthy", b="initial", c="healthy", d="healthy")], WANTED, refresh)
    assert progress(view, "2") == (
        "version 2: 33 percent, replacing servers; 1a 1 new, 1b 1 new failed and 1 new starting and 1 old; "
        "2 of 4 servers healthy"
    )
    assert healthy(view) == "2 of 4 servers healthy"
