"""Health checks: what the real provider tells Route 53 of a change, and of what is removed."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import of_update

CHECK = "aws:route53/healthCheck:HealthCheck"
SITE = {"type": "HTTPS", "fqdn": "www.example.com", "port": 443, "resourcePath": "/healthz", "requestInterval": 10}
ALARM = {"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmName": "serves", "cloudwatchAlarmRegion": REGION}
IDENTIFIER = {"AlarmIdentifier": {"Name": "serves", "Region": REGION}}


def test_an_update_sends_only_what_changed() -> None:
    [made] = of_update(CHECK, SITE, resourcePath="/other")
    assert made == {"call": "UpdateHealthCheck", "HealthCheckId": "it", "ResourcePath": "/other"}


@pytest.mark.parametrize(("changed", "told"), [({"triggers": {"a": "2"}}, {}), ({"cloudwatchAlarmName": "b"}, {})])
def test_an_alarms_settings_are_copied_anew_for_a_trigger_or_another_alarm(
    changed: dict[str, Any], told: dict[str, Any]
) -> None:
    [made] = of_update(CHECK, ALARM, **changed)
    name = changed.get("cloudwatchAlarmName", "serves")
    assert made == {
        "call": "UpdateHealthCheck",
        "HealthCheckId": "it",
        "AlarmIdentifier": {"Name": name, "Region": REGION},
        **told,
    }


def test_a_path_that_is_removed_is_empty_and_a_port_that_is_removed_is_refused() -> None:
    [made] = of_update(CHECK, SITE, resourcePath=None)
    assert made["ResourcePath"] == ""
    with pytest.raises((RefusedError, AssertionError), match="0"):
        of_update(CHECK, SITE, port=None)


def test_children_that_are_all_removed_stay_and_are_a_difference_for_ever() -> None:
    old = {"type": "CALCULATED", "childHealthchecks": ["a"], "childHealthThreshold": 1}
    [made] = of_update(CHECK, old, childHealthchecks=None, childHealthThreshold=2)
    assert "ChildHealthChecks" not in made
    now = {"type": "CALCULATED", "childHealthThreshold": 1}
    found = between(registry.type_of(CHECK), now, {**now, "childHealthchecks": ["a"]}, now, REGION, {})
    assert found.inputs == {"childHealthchecks": "DELETE"}
