"""What AWS refuses of a plan, beyond the limits of its API's model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.emulator.corrections.region_switch import invalid

BLOCKS = {
    "ARCRegionSwitchPlan": "regionSwitchPlanConfig",
    "ARCRoutingControl": "arcRoutingControlConfig",
    "AuroraGlobalDatabase": "globalAuroraConfig",
    "AuroraProvisionedScaling": "auroraProvisionedScalingConfig",
    "AuroraServerlessScaling": "auroraServerlessScalingConfig",
    "CustomActionLambda": "customActionLambdaConfig",
    "DocumentDb": "documentDbConfig",
    "EC2AutoScaling": "ec2AsgCapacityIncreaseConfig",
    "ECSServiceScaling": "ecsCapacityIncreaseConfig",
    "EKSResourceScaling": "eksResourceScalingConfig",
    "LambdaEventSourceMapping": "lambdaEventSourceMappingConfig",
    "ManualApproval": "executionApprovalConfig",
    "NeptuneGlobalDatabase": "neptuneGlobalDatabaseConfig",
    "Parallel": "parallelConfig",
    "RdsCreateCrossRegionReplica": "rdsCreateCrossRegionReadReplicaConfig",
    "RdsPromoteReadReplica": "rdsPromoteReadReplicaConfig",
    "RdsSwitchoverReadReplica": "rdsSwitchoverReadReplicaConfig",
    "Route53HealthCheck": "route53HealthCheckConfig",
}
"""The types of execution blocks, and the member that configures each:
https://docs.aws.amazon.com/arc-region-switch/latest/api/API_ExecutionBlockConfiguration.html"""


def check(plan: Mapping[str, Any]) -> None:
    """Refuse a plan that AWS would refuse: ValidationException, the first reason."""
    regions = plan["regions"]
    if len(set(regions)) < len(regions):
        raise invalid(f"regions are {', '.join(regions)}; they must differ")
    primary = plan.get("primaryRegion")
    if plan["recoveryApproach"] == "activePassive" and primary not in regions:
        raise invalid(f"primaryRegion is {primary or 'missing'}; an activePassive plan needs one of its regions")
    _check_workflows(plan, regions)
    for workflow in plan["workflows"]:
        steps = workflow.get("steps", [])
        inner = [each for step in steps for each in inner_steps(step)]
        names = Counter(each["name"] for each in (*steps, *inner))
        if twice := [name for name, count in names.items() if count > 1]:
            raise invalid(f"step {twice[0]} is in a workflow twice")
        if any(each["executionBlockType"] == "Parallel" for each in inner):
            raise invalid("a parallel step is within a parallel one")
        for step in (*steps, *inner):
            check_step(step, regions)


def inner_steps(step: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the steps that a parallel step carries out; none of another."""
    found: Sequence[Mapping[str, Any]] = step["executionBlockConfiguration"].get("parallelConfig", {}).get("steps", [])
    return found


def _check_workflows(plan: Mapping[str, Any], regions: Sequence[str]) -> None:
    """Refuse workflows that leave a Region without one, or are there twice.

    One workflow that activates either Region, or one for each; active/active plans have those that deactivate, too.
    https://docs.aws.amazon.com/r53recovery/latest/dg/components-rs.html
    """
    seen = set()
    for workflow in plan["workflows"]:
        action, target = workflow["workflowTargetAction"], workflow.get("workflowTargetRegion")
        if target not in (None, *regions):
            raise invalid(f"workflowTargetRegion is {target}, and not one of {', '.join(regions)}")
        if (action, target) in seen:
            raise invalid(f"there are two workflows that {action} {target or 'either region'}")
        seen.add((action, target))
    needed = ["activate"] if plan["recoveryApproach"] == "activePassive" else ["activate", "deactivate"]
    for action in needed:
        if (action, None) in seen:
            continue
        if lacking := [region for region in regions if (action, region) not in seen]:
            raise invalid(f"no workflow would {action} {lacking[0]}")


def check_step(step: Mapping[str, Any], regions: Sequence[str]) -> None:
    """Refuse a step whose configuration isn't its block's, or that lacks a resource in a Region."""
    name, kind, configuration = step["name"], step["executionBlockType"], step["executionBlockConfiguration"]
    given = [key for key, value in configuration.items() if value is not None]
    if given != [BLOCKS[kind]]:
        raise invalid(f"step {name} is {kind} and has {', '.join(given) or 'nothing'}; it needs {BLOCKS[kind]}")
    block = configuration[BLOCKS[kind]]
    match kind:
        case "CustomActionLambda":
            found = [each.get("arn", "") for each in block["lambdas"]]
        case "EC2AutoScaling":
            found = [each.get("arn", "") for each in block["asgs"]]
        case "AuroraGlobalDatabase":
            found = block["databaseClusterArns"]
        case _:
            return
    where = [arn.split(":")[3] if arn.count(":") > 4 else arn for arn in found]
    if sorted(where) != sorted(regions):
        raise invalid(f"step {name} has resources in {', '.join(where)}; it needs one in each of {', '.join(regions)}")
