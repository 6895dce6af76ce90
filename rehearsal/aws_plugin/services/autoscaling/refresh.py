"""Auto Scaling: the instance refresh that the real provider starts for a new launch template or a changed trigger."""

from __future__ import annotations

import time
from typing import Any

from rehearsal.aws_plugin.calls.clients import code
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError, same_name
from rehearsal.aws_plugin.calls.steps import build
from rehearsal.aws_plugin.entry import Call, HookContext
from rehearsal.aws_plugin.services.autoscaling.steps import DRAIN_PATIENCE, LAUNCHED_FROM, PAUSE

UPDATED = (
    *("availabilityZoneDistribution", "availabilityZones", "capacityRebalance", "capacityReservationSpecification"),
    *("context", "defaultCooldown", "defaultInstanceWarmup", "desiredCapacity", "desiredCapacityType"),
    *("enabledMetrics", "healthCheckGracePeriod", "healthCheckType", "instanceLifecyclePolicy"),
    *("instanceMaintenancePolicy", "launchConfiguration", "launchTemplate", "loadBalancers", "maxInstanceLifetime"),
    *("maxSize", "minSize", "mixedInstancesPolicy", "placementGroup", "protectFromScaleIn", "serviceLinkedRoleArn"),
    *("suspendedProcesses", "tags", "targetGroupArns", "terminationPolicies", "trafficSources", "vpcZoneIdentifiers"),
)
"""Everything that can change in place, and so be a trigger."""

REFRESH = Call(
    "StartInstanceRefresh",
    {"AutoScalingGroupName": "{id}"},
    rename={"instanceRefresh.strategy": "/Strategy", "instanceRefresh.preferences": "/Preferences"},
    takes=("instanceRefresh",),
)

CANCELLED = ("Cancelled", "Successful", "Failed", "RollbackSuccessful", "RollbackFailed")


def _refresh(context: HookContext) -> dict[str, Any]:
    """The request that starts a refresh as the program wants it."""
    block = {key: value for key, value in context.args["instanceRefresh"].items() if key != "triggers"}
    request = build(REFRESH, context, {"instanceRefresh": block})
    if request.get("Preferences", {}).get("AutoRollback"):
        template = Call("UpdateAutoScalingGroup", rename=TEMPLATE_RENAME, takes=LAUNCHED_FROM)
        wanted = {
            name: context.args[name] for name in ("launchTemplate", "mixedInstancesPolicy") if name in context.args
        }
        request["DesiredConfiguration"] = build(template, context, wanted)
    return request


TEMPLATE_RENAME = {"launchTemplate.id": "LaunchTemplateId", "launchTemplate.name": "LaunchTemplateName"}


def triggers(context: HookContext) -> set[str]:
    """The arguments whose change starts a refresh; triggers are spelled as Terraform's (`tag`, `max_size`)."""
    found = set(LAUNCHED_FROM)
    for trigger in context.args["instanceRefresh"].get("triggers") or []:
        name = same_name(UPDATED, trigger)
        if name is None:
            raise RefusedError("instanceRefresh.triggers", f'"{trigger}" is no argument that changes in place')
        found.add(name)
    return found


def check_refresh(context: HookContext) -> None:
    """Validate at preview what a refresh would be sent; nothing is refreshed by a creation."""
    if context.dry and context.args.get("instanceRefresh"):
        triggers(context)
        context.send(REFRESH, _refresh(context))


def start_refresh(context: HookContext) -> None:
    """Start a refresh if the launch template or a trigger changed; one that is under way is cancelled first."""
    if not context.args.get("instanceRefresh") or not triggers(context) & context.changed:
        return
    request = _refresh(context)
    try:
        context.send(REFRESH, request)
    except CallError as error:
        if code(error.cause) not in ("InstanceRefreshInProgress", "InstanceRefreshInProgressFault"):
            raise
        _cancel_refresh(context)
        context.send(REFRESH, request)


def _cancel_refresh(context: HookContext) -> None:
    name = {"AutoScalingGroupName": context.id}
    try:
        context.call("CancelInstanceRefresh", name)
    except CallError as error:
        if code(error.cause) not in ("ActiveInstanceRefreshNotFound", "ActiveInstanceRefreshNotFoundFault"):
            raise
    until = time.monotonic() + DRAIN_PATIENCE
    while time.monotonic() < until:
        refreshes = context.call("DescribeInstanceRefreshes", name)["InstanceRefreshes"]
        if all(each["Status"] in CANCELLED for each in refreshes):
            return
        time.sleep(PAUSE)
    raise RuntimeError(
        f"Auto Scaling group {context.id}: its instance refresh was not cancelled in {DRAIN_PATIENCE:.0f} s"
    )
