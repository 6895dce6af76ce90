"""How a release proceeds: its settings, their problems, and the preferences of the instance refresh."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from ha_web.release.replacing import replacing

DEFAULT_BAKE_SECONDS = 300
LONGEST_WAIT = 172_800
MOST_ALARMS = 10
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AlarmSpecification.html"""


class ReleaseSettingsArgs(TypedDict):
    """How a new version of the servers is brought out, and which one."""

    version: NotRequired[int]
    """Number of the launch template's version to serve: an earlier one is the way back. Later changes are not released
    until this is taken away. Default: the newest."""
    hold: NotRequired[bool]
    """True to go on with the version that is served, whatever the newest is: so that another region gets it alone.
    Default false."""
    alarm_names: NotRequired[list[pulumi.Input[str]]]
    """Names of up to 10 CloudWatch alarms of the region. When one goes off while a version is released, the version
    before serves again; one that is on already when the release begins can't judge it and is left out, with a warning.
    Default: none; health checks alone decide."""
    bake_seconds: NotRequired[int]
    """Seconds that the alarms are watched after the last server was replaced, up to 172800, before the release counts
    as done; not waited for without alarms. Default 300 (our choice): two bad minutes and CloudWatch's delay set off an
    alarm."""
    canary_percent: NotRequired[int]
    """Percent of the servers, and so of the traffic, that get the new version first, 1 to 99; the rest follow after
    `canary_seconds` without an alarm. At least one server is a canary. Default: none; all are replaced in one go."""
    canary_seconds: NotRequired[int]
    """Seconds that the canaries serve beside the old version, up to 172800. Default 600 (our choice)."""


DEFAULT_CANARY_SECONDS = 600


def settings_problems(settings: ReleaseSettingsArgs) -> list[str]:
    """Return a line for each setting that AWS would refuse, or that has no effect."""
    problems = []
    alarms = settings.get("alarm_names", [])
    if settings.get("hold", False) and "version" in settings:
        problems.append("hold and version are both given; one says to stay, the other where to go")
    if (version := settings.get("version", 1)) < 1:
        problems.append(f"version is {version}; versions count from 1")
    if len(alarms) > MOST_ALARMS:
        problems.append(f"alarm_names has {len(alarms)}; a release can watch {MOST_ALARMS}")
    for name in ("bake_seconds", "canary_seconds"):
        if not 0 <= (seconds := int(settings.get(name, 0))) <= LONGEST_WAIT:  # type: ignore[call-overload]  # a key
            problems.append(f"{name} is {seconds}; it must be 0 to {LONGEST_WAIT}")
    percent = settings.get("canary_percent")
    if percent is not None and not 1 <= percent <= 99:
        problems.append(f"canary_percent is {percent}; it must be 1 to 99")
    if percent is not None and not alarms:
        problems.append(f"canary_percent is {percent}, and alarm_names is empty; nothing would judge the canaries")
    if percent is None and "canary_seconds" in settings:
        problems.append("canary_seconds is given without canary_percent; there are no canaries")
    return problems


def preferences_of(settings: ReleaseSettingsArgs, alarms: Sequence[str], servers: int) -> dict[str, Any]:
    """Return the preferences of the refresh that releases a version.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html

    Args:
        alarms: those that can judge it.
        servers: the number there is, so that a percentage means at least one.
    """
    preferences = {**replacing(), "AutoRollback": True}
    if not alarms:
        return preferences
    preferences["AlarmSpecification"] = {"Alarms": [*alarms]}
    preferences["BakeTime"] = settings.get("bake_seconds", DEFAULT_BAKE_SECONDS)
    percent = settings.get("canary_percent")
    if percent is not None:
        least = -(-100 // max(servers, 1))
        preferences["CheckpointPercentages"] = [min(max(percent, least), 99), 100]
        preferences["CheckpointDelay"] = settings.get("canary_seconds", DEFAULT_CANARY_SECONDS)
    return preferences
