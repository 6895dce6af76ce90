"""Scaling policies in the living mode: target tracking by the metrics of each minute.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
"""

from collections.abc import Mapping
from typing import Any

from rehearsal.emulator.corrections.autoscaling import living
from rehearsal.emulator.corrections.autoscaling.attachments import KEPT
from rehearsal.emulator.corrections.autoscaling.groups import GROUPS, Group
from rehearsal.emulator.corrections.zonal_shifts import shifted_zone
from rehearsal.emulator.living import changes, clock, metrics, tracking
from rehearsal.emulator.resets import on_reset

_looked: dict[str, int] = {}
"""The last minute in which a group's policies were looked at, by its identifier."""


@on_reset
@clock.at_start
def forget() -> None:
    """Forget when was looked."""
    _looked.clear()


@clock.every_tick
def look() -> None:
    """Look at each group's policies once a minute, at AWS."""
    minute = int(clock.now() // metrics.MINUTE)
    for group in [*GROUPS.values()]:
        if _looked.setdefault(group.identifier, minute) == minute:
            continue
        _looked[group.identifier] = minute
        if "AlarmNotification" not in group.suspended:
            follow(group)


def follow(group: Group) -> None:
    """Scale as the group's policies want."""
    ready = [member for member in group.serving if living.is_ready(group, member)]
    wishes = [wish(group, policy, len(ready)) for policy in policies(group)]
    decided = tracking.decide(wishes, group.desired, all_ready=len(ready) == len(group.serving))
    if decided is None:
        return
    wanted, by = decided
    desired = max(group.minimum, min(group.maximum, wanted))
    shifted = desired < group.desired and shifted_zone(group.region, group.arn)
    if (
        desired == group.desired or shifted
    ):  # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-zonal-shift.html
        return
    alarm = f"TargetTracking-{group.name}-Alarm{'High' if by.rises else 'Low'}"
    change = f"changing the desired capacity from {group.desired} to {desired}."
    group.desired = desired
    changes.note("autoscaling")
    living.converge(group, f"a monitor alarm {alarm} in state ALARM triggered policy {by.policy} {change}")


def policies(group: Group) -> list[dict[str, Any]]:
    """The enabled target tracking policies of a group."""
    found = [policy for (kind, of, _), policy in sorted(KEPT.items()) if (kind, of) == ("policy", group.identifier)]
    return [p for p in found if p["PolicyType"] == "TargetTrackingScaling" and p.get("Enabled", True)]


def wish(group: Group, policy: Mapping[str, Any], ready: int) -> tracking.Wish:
    """What a policy wants by what was measured."""
    configuration = policy["TargetTrackingConfiguration"]
    minutes = measured(group, configuration, tracking.MINUTES_ABOVE)
    longer = None if configuration.get("DisableScaleIn") else measured(group, configuration, tracking.MINUTES_BELOW)
    return tracking.wish(policy["PolicyName"], float(configuration["TargetValue"]), minutes, longer, ready)


def measured(group: Group, configuration: Mapping[str, Any], count: int) -> list[float] | None:
    """The metric of a policy in the last minutes; None where data is missing, or for a metric that isn't emulated.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredefinedMetricSpecification.html
    """
    specification = configuration.get("PredefinedMetricSpecification", {})
    match specification.get("PredefinedMetricType"):
        case "ASGAverageCPUUtilization":
            named = {"AutoScalingGroupName": group.name}
            found = metrics.series(group.region, "AWS/EC2", "CPUUtilization", named).last(clock.now(), count)
            return [minute.average for minute in found or []] or None
        case "ALBRequestCountPerTarget":
            label = specification.get("ResourceLabel", "")
            named = {"TargetGroup": label[label.find("targetgroup/") :]}
            series = metrics.series(group.region, "AWS/ApplicationELB", "RequestCountPerTarget", named)
            return [minute.total for minute in series.last(clock.now(), count) or []] or None
    return None
