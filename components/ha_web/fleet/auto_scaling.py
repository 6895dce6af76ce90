"""The Auto Scaling group of a fleet, and its scaling policies."""

from collections.abc import Sequence
from typing import Any, cast

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.core.tags import named
from ha_web.release.replacing import MAX_HEALTHY_PERCENT, MIN_HEALTHY_PERCENT

METRICS = [
    *("GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances"),
    *("GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances"),
]


def create_server_group(
    scope: Scope,
    template: aws.ec2.LaunchTemplate,
    *,
    instance_types: Sequence[str],
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
    target_group_arns: Sequence[pulumi.Input[str]],
    minimum: int,
    maximum: int,
    idle: bool,
    boot_seconds: int,
    after: Sequence[pulumi.Resource],
) -> aws.autoscaling.Group:
    """Create the group.

    It sets no desired capacity, so that the next `up` keeps the one that scaling has set. Only an idle group sets it,
    to 0, so that a fleet that has served stops its servers when its region becomes a pilot light.

    What it launches is the provider's matter only when it is created: a later version comes by a Release, so that the
    group never has one that has failed. The provider would write it into the group first, and AWS's rollback would then
    go back to that very version (https://github.com/hashicorp/terraform-provider-aws/issues/34189).

    The provider waits for no capacity, since after a change it would wait for exactly the number in its state, which
    scaling has changed since; the Release waits for the first servers.
    """
    named = {"id": template.id, "version": template.latest_version.apply(lambda number: str(int(number)))}
    return aws.autoscaling.Group(
        f"{scope.name}-group",
        launch_template=None if len(instance_types) > 1 else cast(Any, named),
        mixed_instances_policy=_mixed_policy(named, instance_types) if len(instance_types) > 1 else None,
        vpc_zone_identifiers=subnet_ids,
        min_size=0 if idle else minimum,
        max_size=maximum,
        desired_capacity=0 if idle else None,
        wait_for_capacity_timeout="0",
        target_group_arns=[*target_group_arns],
        health_check_type="ELB",
        health_check_grace_period=boot_seconds,
        default_instance_warmup=boot_seconds,
        # `balanced-only` would go on trying in a zone that has failed instead of launching in the others.
        availability_zone_distribution={"capacity_distribution_strategy": "balanced-best-effort"},
        instance_maintenance_policy={
            "min_healthy_percentage": MIN_HEALTHY_PERCENT,
            "max_healthy_percentage": MAX_HEALTHY_PERCENT,
        },
        enabled_metrics=[aws.autoscaling.Metric(metric) for metric in METRICS],
        metrics_granularity="1Minute",
        tags=_server_tags(scope),
        **scope.untagged_args(depends_on=[*after], ignore_changes=["launch_template", "mixed_instances_policy"]),
    )


def _mixed_policy(
    template: dict[str, pulumi.Output[str]], instance_types: Sequence[str]
) -> aws.autoscaling.GroupMixedInstancesPolicyArgsDict:
    """Return the policy as a Release has it: On-Demand servers, of the first type that a zone has.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
    """
    specification = {"launch_template_id": template["id"], "version": template["version"]}
    return {
        "launch_template": {
            "launch_template_specification": cast(Any, specification),
            "overrides": [{"instance_type": each} for each in instance_types],
        },
        "instances_distribution": {
            "on_demand_allocation_strategy": "prioritized",
            "on_demand_percentage_above_base_capacity": 100,
        },
    }


def _server_tags(scope: Scope) -> list[aws.autoscaling.GroupTagArgsDict]:
    tags = named(scope.name, scope.tags)
    return [{"key": key, "value": tags[key], "propagate_at_launch": True} for key in sorted(tags)]


DEFAULT_REQUESTS_PER_TARGET = 1_000
DEFAULT_CPU_TARGET = 50


def scaling_problems(requests_per_target: int | None, request_count_label: object | None, cpu_target: int) -> list[str]:
    """Return a line for each target that cannot be tracked."""
    problems = []
    if requests_per_target is not None and request_count_label is None:
        problems.append(
            "requests_per_target is given; it needs request_count_label, the load balancer whose requests count"
        )
    if requests_per_target is not None and requests_per_target < 1:
        problems.append(f"requests_per_target is {requests_per_target}; it must be at least 1 a minute")
    if not 1 <= cpu_target <= 100:
        problems.append(f"cpu_target is {cpu_target}; it must be 1 to 100 percent")
    return problems


def create_scaling(
    scope: Scope,
    group: aws.autoscaling.Group,
    requests_per_target: int,
    request_count_label: pulumi.Input[str] | None,
    cpu_target: int,
) -> None:
    """Create two target tracking policies: either may add servers, and one is removed only if both agree.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
    """
    _track(scope, "cpu", group, cpu_target, {"predefined_metric_type": "ASGAverageCPUUtilization"})
    if request_count_label is not None:
        requests: aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgsDict = {
            "predefined_metric_type": "ALBRequestCountPerTarget",
            "resource_label": request_count_label,
        }
        _track(scope, "requests", group, requests_per_target, requests)


def _track(
    scope: Scope,
    role: str,
    group: aws.autoscaling.Group,
    target: int,
    metric: aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgsDict,
) -> None:
    aws.autoscaling.Policy(
        f"{scope.name}-{role}-target",
        autoscaling_group_name=group.name,
        policy_type="TargetTrackingScaling",
        target_tracking_configuration={"target_value": float(target), "predefined_metric_specification": metric},
        **scope.untagged_args(),
    )
