"""The evaluation of plans: whether what a plan names is there, and whether its role may do what its steps do.

At once after a plan was made or changed, and every 30 minutes:
https://docs.aws.amazon.com/r53recovery/latest/dg/working-with-rs-execution-blocks.html
"""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.rds import state as databases
from rehearsal.emulator.corrections.region_switch import API, PRINCIPAL, SERVICE, capacity, now, page
from rehearsal.emulator.corrections.region_switch.blocks import BLOCKS, NOT_REHEARSED
from rehearsal.emulator.corrections.region_switch.checks import BLOCKS as MEMBERS
from rehearsal.emulator.corrections.region_switch.plans import PLANS, Plan, plan_in, steps_of
from rehearsal.emulator.emulators import client
from rehearsal.emulator.iam import rights, sessions
from rehearsal.emulator.iam.policies import Ask, Principal, Verdict, of_identity
from rehearsal.emulator.living import clock, cuts
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

EVERY = 1800.0
"""Seconds at AWS."""

Right = tuple[str, str]
"""An action and a resource."""

OF_EACH_PLAN = ("GetPlan", "GetPlanExecution", "ListPlanExecutions")
"""https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonApplicationRecoveryControllerRegionSwitchPlanExecutionPolicy.html"""

_sampled: dict[tuple[str, str], float] = {}
"""When a plan's groups were sampled last, by its ARN and version."""


@on_reset
@clock.at_start
def forget() -> None:
    """Forget when was sampled."""
    _sampled.clear()


@clock.every_tick
def look() -> None:
    """Sample the groups of each plan whose evaluation is due."""
    for plan in [*PLANS.values()]:
        key = (plan["arn"], plan["version"])
        known = _sampled.get(key)
        if known is None or clock.now() - known >= EVERY:
            _sampled[key] = clock.now()
            sample(plan)


def sample(plan: Plan) -> None:
    """Note how many servers the groups of a plan have."""
    blocks = [step["executionBlockConfiguration"].get("ec2AsgCapacityIncreaseConfig") for _, step in steps_of(plan)]
    capacity.sample({each["arn"] for block in blocks if block for each in block["asgs"] if "arn" in each})


def sample_if_still(plan: Plan) -> None:
    """Do so where no time passes, in which it would have been done."""
    if not clock.on():
        sample(plan)


@implements(SERVICE, "GetPlanEvaluationStatus", see=f"{API}GetPlanEvaluationStatus.html")
def status(call: Call) -> dict[str, Any]:
    """Describe what the evaluation finds; it is made anew whenever somebody asks."""
    plan = plan_in(call.region, call.parameters["planArn"])
    at = now()
    found = [{**each, "version": plan["version"], "warningUpdatedTime": at} for each in warnings(plan)]
    return {
        "planArn": plan["arn"],
        "lastEvaluationTime": at,
        "lastEvaluatedVersion": plan["version"],
        "region": call.region,
        "evaluationState": "actionRequired" if found else "passed",
        **page(call, "warnings", found),
    }


def warnings(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield what has to be corrected."""
    role = plan["executionRole"]
    if problem := role_problem(role):
        yield {"warningStatus": "active", "warningMessage": problem, "resourceArn": role}
        return
    of_plan = [(f"arc-region-switch:{name}", plan["arn"]) for name in OF_EACH_PLAN]
    for message in denied(role, [*of_plan, ("iam:SimulatePrincipalPolicy", role)]):
        yield {"warningStatus": "active", "warningMessage": message, "resourceArn": role}
    for workflow, step in steps_of(plan):
        action = {"action": workflow["workflowTargetAction"]}
        for message in step_problems(step, role):
            known = {"workflow": action, "stepName": step["name"], "warningStatus": "active"}
            yield {**known, "warningMessage": message}


def role_problem(role_arn: str) -> str:
    """Return why Region switch can't take on a role; nothing if it can."""
    try:
        role = sessions.role_of(role_arn)
    except AwsError as error:
        return error.message
    trusts = sessions.may_assume(role, Principal(service=PRINCIPAL))
    return "" if trusts else f"the role {role_arn} does not trust {PRINCIPAL}"


def denied(role_arn: str, needed: list[Right]) -> Iterator[str]:
    """Yield a message for each right that a role lacks."""
    role = role_arn.rpartition("/")[2]
    policies, bounds = rights.identity_policies(role), rights.boundary(role)
    for action, resource in needed:
        ask = Ask(action, resource)
        allowed = of_identity(policies, ask) is Verdict.ALLOWED
        if not allowed or (bounds and of_identity(bounds, ask) is not Verdict.ALLOWED):
            yield f"the role {role_arn} is not authorized to perform {action} on {resource}"


def step_problems(step: dict[str, Any], role: str) -> Iterator[str]:
    """Yield what a step lacks: resources in Regions that answer, and rights."""
    kind, block = step["executionBlockType"], step["executionBlockConfiguration"][MEMBERS[step["executionBlockType"]]]
    match kind:
        case "CustomActionLambda":
            for arn in (each["arn"] for each in block["lambdas"] if "arn" in each):
                yield from _function_problems(arn)
                yield from denied(role, [("lambda:InvokeFunction", arn), ("lambda:GetFunction", arn)])
        case "EC2AutoScaling":
            yield from denied(role, [("autoscaling:DescribeAutoScalingGroups", "*")])
            for arn in (each["arn"] for each in block["asgs"] if "arn" in each):
                if capacity.group_of(arn) is None:
                    yield f"there is no Auto Scaling group {arn}"
                yield from denied(role, [("autoscaling:UpdateAutoScalingGroup", arn)])
        case "AuroraGlobalDatabase":
            yield from _database_problems(block, role)
        case "ManualApproval" | "Parallel":
            return
        case _ if kind not in BLOCKS:
            yield NOT_REHEARSED.format(kind)


def _function_problems(arn: str) -> Iterator[str]:
    region = arn.split(":")[3]
    if cuts.region_is_cut(region):
        yield f"lambda in {region} does not answer"
        return
    try:
        found = client("lambda", region).get_function(FunctionName=arn)
    except ClientError:
        yield f"there is no function {arn}"
        return
    if found.get("Concurrency", {}).get("ReservedConcurrentExecutions") == 0:
        yield f"the concurrency of {arn} is 0"


def _database_problems(block: dict[str, Any], role: str) -> Iterator[str]:
    name, clusters = block["globalClusterIdentifier"], block["databaseClusterArns"]
    try:
        known = databases.global_cluster(name)
    except AwsError as error:
        yield error.message
        return
    members = {each["DBClusterArn"] for each in known["GlobalClusterMembers"]}
    yield from (f"{arn} is not in the global cluster {name}" for arn in clusters if arn not in members)
    moves = ("rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster")
    whole = known["GlobalClusterArn"]
    sees = [(f"rds:{each}", "*") for each in ("DescribeGlobalClusters", "DescribeDBClusters")]
    yield from denied(role, [*((move, arn) for move in moves for arn in (whole, *clusters)), *sees])
