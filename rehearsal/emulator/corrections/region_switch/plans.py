"""Plans: kept by the control plane, and read in their Regions by the data plane, which needs no other Region."""

from collections.abc import Iterator
from secrets import choice
from string import ascii_lowercase, digits
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.region_switch import API, SERVICE, missing, now, page
from rehearsal.emulator.corrections.region_switch.checks import check, inner_steps
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call

CHANGED = (
    *("description", "workflows", "executionRole", "recoveryTimeObjectiveMinutes", "associatedAlarms", "triggers"),
    *("reportConfiguration", "serviceQuotaChecksEnabled"),
)
GIVEN = ("name", "regions", "recoveryApproach", "primaryRegion", *CHANGED)
OF_A_SUMMARY = (
    *("arn", "owner", "name", "regions", "recoveryApproach", "primaryRegion", "version", "updatedAt", "description"),
    *("executionRole", "recoveryTimeObjectiveMinutes"),
)

Plan = dict[str, Any]

PLANS: dict[str, Plan] = {}
"""By ARN, as described."""

TAGS: dict[str, dict[str, str]] = {}
"""By ARN of the plan."""


@on_reset
def forget() -> None:
    """Forget all plans."""
    PLANS.clear()
    TAGS.clear()


def plan_of(arn: str) -> Plan:
    """Return a plan; ResourceNotFoundException if there is none."""
    if arn not in PLANS:
        raise missing(arn)
    return PLANS[arn]


def plan_in(region: str, arn: str) -> Plan:
    """Return a plan, as a Region's data plane knows it: only its own Regions have it."""
    if region not in plan_of(arn)["regions"]:
        raise missing(f"{arn} in {region}")
    return PLANS[arn]


def steps_of(plan: Plan) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each workflow with each of its steps, those within parallel ones, too."""
    for workflow in plan["workflows"]:
        for step in workflow.get("steps", []):
            yield workflow, step
            yield from ((workflow, dict(each)) for each in inner_steps(step))


@implements(SERVICE, "CreatePlan", see=f"{API}CreatePlan.html")
def create(call: Call) -> dict[str, Any]:
    """Make a plan."""
    given = {key: call.parameters[key] for key in GIVEN if call.parameters.get(key) not in (None, {}, [])}
    check(given)
    unique = "".join(choice(ascii_lowercase + digits) for _ in range(6))
    arn = f"arn:aws:arc-region-switch::{ACCOUNT}:plan/{given['name']}:{unique}"
    PLANS[arn] = {"arn": arn, "owner": ACCOUNT, **given, "version": "1", "updatedAt": now()}
    TAGS[arn] = dict(call.parameters.get("tags") or {})
    return {"plan": PLANS[arn]}


@implements(SERVICE, "UpdatePlan", see=f"{API}UpdatePlan.html")
def update(call: Call) -> dict[str, Any]:
    """Change what is given; what an execution does that is under way stays as it was."""
    given = call.parameters
    plan = plan_of(given["arn"])
    changed = {**plan, **{key: given[key] for key in CHANGED if key in given}}
    check(changed)
    PLANS[given["arn"]] = {**changed, "version": str(int(plan["version"]) + 1), "updatedAt": now()}
    return {"plan": PLANS[given["arn"]]}


@implements(SERVICE, "GetPlan", see=f"{API}GetPlan.html")
def get(call: Call) -> dict[str, Any]:
    """Describe a plan."""
    return {"plan": plan_of(call.parameters["arn"])}


@implements(SERVICE, "GetPlanInRegion", see=f"{API}GetPlanInRegion.html")
def get_in_region(call: Call) -> dict[str, Any]:
    """Describe a plan, as one of its Regions knows it."""
    return {"plan": plan_in(call.region, call.parameters["arn"])}


def summary(plan: Plan) -> dict[str, Any]:
    """Return what a list shows of a plan."""
    return {key: plan[key] for key in OF_A_SUMMARY if key in plan}


@implements(SERVICE, "ListPlans", see=f"{API}ListPlans.html")
def listed(call: Call) -> dict[str, Any]:
    """List all plans."""
    return page(call, "plans", [summary(each) for each in PLANS.values()])


@implements(SERVICE, "TagResource", see=f"{API}TagResource.html")
def tag(call: Call) -> dict[str, Any]:
    """Set tags."""
    arn = plan_of(call.parameters["arn"])["arn"]
    TAGS[arn] |= call.parameters["tags"]
    return {}


@implements(SERVICE, "UntagResource", see=f"{API}UntagResource.html")
def untag(call: Call) -> dict[str, Any]:
    """Remove tags."""
    arn = plan_of(call.parameters["arn"])["arn"]
    for key in call.parameters["resourceTagKeys"]:
        TAGS[arn].pop(key, None)
    return {}


@implements(SERVICE, "ListTagsForResource", see=f"{API}ListTagsForResource.html")
def tags(call: Call) -> dict[str, Any]:
    """List tags."""
    return {"resourceTags": TAGS[plan_of(call.parameters["arn"])["arn"]]}
