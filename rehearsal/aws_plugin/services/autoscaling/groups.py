"""Auto Scaling: groups. How a group is waited for and drained is in `steps.py`."""

from __future__ import annotations

from dataclasses import replace

from rehearsal.aws_plugin.entry import As, AutoName, Call, Hook, Members, Read, Type
from rehearsal.aws_plugin.services.autoscaling import refresh, steps

GROUP = {"AutoScalingGroupName": "{id}"}

TAG = {"ResourceId": "{id}", "ResourceType": "auto-scaling-group", "Key": "{item.key}"}

TEMPLATE = {"id": "LaunchTemplateId", "name": "LaunchTemplateName"}

MIXED = "mixedInstancesPolicy.launchTemplate"

RENAME: dict[str, str | As] = {
    "launchConfiguration": "LaunchConfigurationName",
    **{f"launchTemplate.{name}": member for name, member in TEMPLATE.items()},
    "protectFromScaleIn": "NewInstancesProtectedFromScaleIn",
    "vpcZoneIdentifiers": As("VPCZoneIdentifier", to=",".join, back=lambda text: text.split(",") if text else []),
    # The SDK spells these "Mib" and "Gb"; only "memoryGibPerVcpu" differs by more than case.
    f"{MIXED}.overrides.instanceRequirements.memoryGibPerVcpu": "MemoryGiBPerVCpu",
}

CREATE_ONLY = ("initialLifecycleHooks", "targetGroupArns", "loadBalancers", "trafficSources", "tags")

CLEARED = {
    "context": "",
    "defaultCooldown": 300,
    "defaultInstanceWarmup": 0,
    "healthCheckGracePeriod": 300,
    "instanceMaintenancePolicy": {"minHealthyPercentage": -1, "maxHealthyPercentage": -1},
    "launchConfiguration": None,
    "launchTemplate": None,
    "maxInstanceLifetime": 0,
    "mixedInstancesPolicy": None,
    "placementGroup": "",
    "terminationPolicies": ["Default"],
}
"""Values sent for a setting that the program no longer gives, as by the real provider: those with which the API
documents a reset, but for defaultInstanceWarmup, where 0 is a warm-up of no length.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
"""

NO_POLICY = (
    "!(old.instanceMaintenancePolicy) && (instanceMaintenancePolicy.minHealthyPercentage == `-1`"
    " || instanceMaintenancePolicy.maxHealthyPercentage == `-1`)"
)
"""-1 of a percentage takes a policy away, so that where there is none it is no change."""

DEFAULTS = {
    "healthCheckGracePeriod": 300,
    "instanceRefresh.preferences.maxHealthyPercentage": 100,
    "instanceRefresh.preferences.minHealthyPercentage": 90,
    "instanceRefresh.preferences.scaleInProtectedInstances": "Ignore",
    "instanceRefresh.preferences.standbyInstances": "Ignore",
    "metricsGranularity": "1Minute",
    "waitForCapacityTimeout": "10m",
}
"""Defaults that the real provider fills in."""

UPDATE = Call(
    "UpdateAutoScalingGroup",
    GROUP,
    rename=RENAME,
    skip=("name", *CREATE_ONLY),
    cleared=CLEARED,
    along={"*": ("protectFromScaleIn",), "healthCheckType": ("healthCheckGracePeriod",)},
)

CREATE = Call(
    "CreateAutoScalingGroup",
    {"AutoScalingGroupName": "{name}"},
    rename=RENAME,
    skip=("trafficSources", "loadBalancers"),
    nonzero=("defaultCooldown", "defaultInstanceWarmup", "desiredCapacity", "healthCheckGracePeriod"),
)

EMPTY = replace(
    CREATE,
    params={**CREATE.params, "MinSize": 0, "MaxSize": 0},
    skip=(*CREATE.skip, "desiredCapacity", "desiredCapacityType"),
    when="{initialLifecycleHooks}",
)
"""A group with hooks of its own is created empty: the first server, too, is to pass them."""


WARM_POOL: dict[str, str | As] = {
    "warmPool.instanceReusePolicy": "/InstanceReusePolicy",
    "warmPool.maxGroupPreparedCapacity": "/MaxGroupPreparedCapacity",
    "warmPool.minSize": "/MinSize",
    "warmPool.poolState": "/PoolState",
}

PUT_WARM_POOL = Call("PutWarmPool", GROUP, rename=WARM_POOL, takes=("warmPool",), when="{warmPool}", recorded=True)

DELETE_WARM_POOL = Call(
    "DeleteWarmPool",
    {**GROUP, "ForceDelete": "{forceDelete || forceDeleteWarmPool || `false`}"},
    takes=("warmPool",),
    when="{!warmPool}",
    recorded=True,
)

ATTACHED = (
    Members(
        "tags",
        Call(
            "CreateOrUpdateTags",
            {"Tags": [{**TAG, "Value": "{item.value}", "PropagateAtLaunch": "{item.propagateAtLaunch}"}]},
        ),
        Call("DeleteTags", {"Tags": [TAG]}),
        each=True,
        created=True,
    ),
    Members(
        "trafficSources",
        Call("AttachTrafficSources", {**GROUP, "TrafficSources": "{added}"}, recorded=True),
        Call("DetachTrafficSources", {**GROUP, "TrafficSources": "{removed}"}, recorded=True),
        to=lambda source: {"Identifier": source["identifier"], "Type": source.get("type", "elbv2")},
    ),
    Members(
        "loadBalancers",
        Call("AttachLoadBalancers", {**GROUP, "LoadBalancerNames": "{added}"}, recorded=True),
        Call("DetachLoadBalancers", {**GROUP, "LoadBalancerNames": "{removed}"}, recorded=True),
    ),
    Members(
        "targetGroupArns",
        Call("AttachLoadBalancerTargetGroups", {**GROUP, "TargetGroupARNs": "{added}"}),
        Call("DetachLoadBalancerTargetGroups", {**GROUP, "TargetGroupARNs": "{removed}"}),
        created=True,
    ),
)
"""Attachments of a group: `CreateAutoScalingGroup` passes the first target groups and tags itself."""

SWITCHED = (
    Members(
        "suspendedProcesses",
        Call("SuspendProcesses", {**GROUP, "ScalingProcesses": "{added}"}),
        Call("ResumeProcesses", {**GROUP, "ScalingProcesses": "{removed}"}),
    ),
    Members(
        "enabledMetrics",
        Call("EnableMetricsCollection", {**GROUP, "Granularity": "{metricsGranularity}", "Metrics": "{added}"}),
        Call("DisableMetricsCollection", {**GROUP, "Metrics": "{removed}"}),
    ),
)

TYPES = [
    Type(
        "aws:autoscaling/group:Group",
        "autoscaling",
        create=CREATE,
        instead=(EMPTY,),
        id="{name}",
        then=(
            Hook(steps.refuse_contradictions, dry=True),
            Hook(refresh.check_refresh, dry=True),
            Hook(steps.put_initial_hooks, dry=True),
            *ATTACHED,
            Hook(steps.await_created),
            *SWITCHED,
            PUT_WARM_POOL,
        ),
        update=(
            UPDATE,
            *ATTACHED,
            Hook(refresh.start_refresh, takes=("instanceRefresh", *refresh.UPDATED)),
            PUT_WARM_POOL,
            DELETE_WARM_POOL,
            Hook(steps.await_updated, takes=("desiredCapacity", "desiredCapacityType", "minSize")),
            *SWITCHED,
        ),
        read=Read(
            "DescribeAutoScalingGroups",
            {"AutoScalingGroupNames": ["{id}"]},
            "AutoScalingGroups[0]",
            rename={
                "enabledMetrics": "EnabledMetrics[].Metric",
                "suspendedProcesses": "SuspendedProcesses[].ProcessName",
                "name": "AutoScalingGroupName",
                "warmPool": "WarmPoolConfiguration",
            },
        ),
        delete=(
            Hook(steps.drain),
            Call("DeleteAutoScalingGroup", {**GROUP, "ForceDelete": "{forceDelete}"}),
            Hook(steps.await_deleted),
        ),
        outputs={
            "arn": "AutoScalingGroupARN",
            "predictedCapacity": "PredictedCapacity",
            "warmPoolSize": "WarmPoolSize",
        },
        auto_name=AutoName(maximum=255),
        default=DEFAULTS,
        local=(
            *("forceDelete", "forceDeleteWarmPool", "ignoreFailedScalingActivities", "initialLifecycleHooks"),
            *("metricsGranularity", "minElbCapacity", "waitForCapacityTimeout", "waitForElbCapacity"),
        ),
        ordered=("terminationPolicies",),
        same={
            "instanceMaintenancePolicy": NO_POLICY,
            "terminationPolicies": "!terminationPolicies && old.terminationPolicies == ['Default']",
        },
        unread=("initialLifecycleHooks", "trafficSources", "loadBalancers", "warmPool"),
        computed=(
            *("desiredCapacity", "availabilityZones", "availabilityZoneDistribution", "healthCheckType"),
            *("defaultCooldown", "vpcZoneIdentifiers", "targetGroupArns", "loadBalancers", "trafficSources"),
            *("capacityReservationSpecification", "serviceLinkedRoleArn", "instanceLifecyclePolicy"),
        ),
    ),
]
