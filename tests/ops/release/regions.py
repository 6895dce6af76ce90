"""Regions as a look finds them, for tests that call nothing."""

from datetime import UTC, datetime
from typing import Any

from ha_web.release.versions import Version
from ha_web.release.view import view_of

from ops.release.facts import Facts, Parameter, Region
from ops.release.history import Served

DAY = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)


def versions(*numbers: int) -> tuple[Served, ...]:
    """The last one first."""
    return tuple(Served(number, DAY) for number in numbers)


def named(number: str | int) -> dict[str, Any]:
    return {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": str(number)}}


def region(
    role: str,
    *served: int,
    launches: int | None = None,
    runs: tuple[int, ...] | None = None,
    refresh: str = "",
    wanted: int = 0,
) -> Region:
    """A region whose group launches a version and has servers of some, with its newest refresh."""
    now = launches or served[0]
    where = {"primary": "eu-west-1", "standby": "eu-central-1"}[role]
    instances = [
        {
            "InstanceId": f"i-{number}",
            "AvailabilityZone": f"{where}a",
            "LifecycleState": "InService",
            "HealthStatus": "Healthy",
            **named(version),
        }
        for number, version in enumerate((now, now) if runs is None else runs)
    ]
    last = {"Status": refresh, "PercentageComplete": 50, "DesiredConfiguration": named(wanted)} if refresh else None
    group = {"Instances": instances, "MinSize": 2, **named(now)}
    view = view_of(group, [], Version("lt-1", str(wanted or now)), last)
    return Region(role, where, f"{role}-group", view, Parameter(f"release-{role}", ""), versions(*served), last)


def silent(role: str) -> Region:
    where = {"primary": "eu-west-1", "standby": "eu-central-1"}[role]
    return Region(role, where, silent="doesn't answer (ConnectTimeoutError)")


def facts(*regions: Region, **gone: str) -> Facts:
    return Facts(regions, {key.replace("_", " "): why for key, why in gone.items()})
