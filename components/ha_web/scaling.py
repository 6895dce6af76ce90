"""How a fleet grows and shrinks by itself."""

import pulumi
import pulumi_aws as aws

from ha_web.scope import Scope

DEFAULT_REQUESTS_PER_TARGET = 1_000
DEFAULT_CPU_TARGET = 50


def scaling_problems(requests_per_target: int | None, request_count_label: object | None, cpu_target: int) -> list[str]:
    """Targets that cannot be tracked."""
    problems = []
    if requests_per_target is not None and request_count_label is None:
        problems.append("requests_per_target is given; it needs request_count_label, to know whose requests to count")
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
    """Two targets, each of which may add servers; only when both agree does one go.

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
        **scope.untagged(),
    )
