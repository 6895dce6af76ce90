"""The operations on executions, and those on plans that have to know of them."""

from typing import Any

from rehearsal.emulator.corrections import corrects, implements
from rehearsal.emulator.corrections.region_switch import (
    API,
    SERVICE,
    illegal_argument,
    illegal_state,
    page,
    running,
)
from rehearsal.emulator.corrections.region_switch.evaluation import sample_if_still
from rehearsal.emulator.corrections.region_switch.executions import (
    ENDED,
    EXECUTIONS,
    Execution,
    Step,
    active,
    execution_of,
    new_identity,
)
from rehearsal.emulator.corrections.region_switch.plans import PLANS, TAGS, Plan, plan_in, plan_of, summary
from rehearsal.emulator.iam.sessions import SESSIONS
from rehearsal.emulator.wire import AwsError, Call, Response


@implements(SERVICE, "DeletePlan", see=f"{API}DeletePlan.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a plan that isn't executed now."""
    arn = plan_of(call.parameters["arn"])["arn"]
    if under_way := active(arn):
        raise illegal_state(f"execution {under_way.identity} of {arn} is {under_way.state}.")
    del PLANS[arn], TAGS[arn]
    return {}


@implements(SERVICE, "ListPlansInRegion", see=f"{API}ListPlansInRegion.html")
def listed_in_region(call: Call) -> dict[str, Any]:
    """List the plans that a Region's data plane has."""
    found = [each for each in PLANS.values() if call.region in each["regions"]]
    return page(call, "plans", [{**summary(each), **_active(each)} for each in found])


def _active(plan: Plan) -> dict[str, str]:
    under_way = active(plan["arn"])
    return {"activePlanExecution": under_way.identity} if under_way else {}


@corrects(SERVICE, "StartPlanExecution", see=f"{API}StartPlanExecution.html")
async def start(call: Call) -> Response:
    """Start a plan, in one of its Regions."""
    given = call.parameters
    plan = plan_in(call.region, given["planArn"])
    if token := given.get("clientToken"):
        for known in EXECUTIONS.values():
            if (known.arn, known.token) == (plan["arn"], token):
                return call.answer(_started(known))
    if given["action"] == "postRecovery":
        raise illegal_argument("the rehearsal has no workflows after a recovery")
    target = given["targetRegion"]
    if target not in plan["regions"]:
        raise illegal_argument(f"targetRegion is {target}, and not one of {', '.join(plan['regions'])}")
    workflow = _workflow(plan, given["action"], target)
    if under_way := active(plan["arn"]):
        raise illegal_state(f"execution {under_way.identity} of the plan is {under_way.state}.")
    sample_if_still(plan)
    [other] = [region for region in plan["regions"] if region != target]
    activating, deactivating = (target, other) if given["action"] == "activate" else (other, target)
    execution = Execution(
        plan=plan,
        target=target,
        activating=activating,
        deactivating=deactivating,
        action=given["action"],
        mode=given.get("mode", "graceful"),
        comment=given.get("comment", ""),
        token=token or "",
        steps=[Step.of(each) for each in workflow.get("steps", [])],
        identity=new_identity(call.region),
    )
    EXECUTIONS[execution.identity] = execution
    execution.tell("executionStarted", execution.comment)
    await running.go_on(execution)
    return call.answer(_started(execution))


def _workflow(plan: Plan, action: str, target: str) -> dict[str, Any]:
    for each in plan["workflows"]:
        if each["workflowTargetAction"] == action and each.get("workflowTargetRegion") in (None, target):
            found: dict[str, Any] = each
            return found
    raise illegal_argument(f"the plan has no workflow that would {action} {target}")


def _started(execution: Execution) -> dict[str, Any]:
    return {
        "executionId": execution.identity,
        "plan": execution.arn,
        "planVersion": execution.plan["version"],
        "activateRegion": execution.activating,
        "deactivateRegion": execution.deactivating,
    }


def _execution(call: Call) -> Execution:
    plan_in(call.region, call.parameters["planArn"])
    return execution_of(call.parameters["planArn"], call.parameters["executionId"])


def _unfinished(call: Call) -> Execution:
    execution = _execution(call)
    if execution.state in ENDED:
        raise illegal_state(f"execution {execution.identity} is {execution.state}.")
    return execution


@implements(SERVICE, "GetPlanExecution", see=f"{API}GetPlanExecution.html")
def get(call: Call) -> dict[str, Any]:
    """Describe an execution with its steps."""
    execution = _execution(call)
    steps = page(call, "stepStates", [each.describe() for each in execution.all_steps()])
    return {**execution.summary(), **steps, "plan": execution.plan}


@implements(SERVICE, "ListPlanExecutions", see=f"{API}ListPlanExecutions.html")
def listed(call: Call) -> dict[str, Any]:
    """List executions, the newest first."""
    given = call.parameters
    arn = plan_in(call.region, given["planArn"])["arn"]
    found = [each for each in reversed(EXECUTIONS.values()) if each.arn == arn]
    return page(call, "items", [each.summary() for each in found if given.get("state") in (None, each.state)])


@implements(SERVICE, "ListPlanExecutionEvents", see=f"{API}ListPlanExecutionEvents.html")
def events(call: Call) -> dict[str, Any]:
    """List what happened in an execution, the oldest first; of a step or all."""
    name = call.parameters.get("name")
    found = [each for each in _execution(call).events if name in (None, each.get("stepName"))]
    return page(call, "items", found)


@implements(SERVICE, "CancelPlanExecution", see=f"{API}CancelPlanExecution.html")
def cancel(call: Call) -> dict[str, Any]:
    """End an execution; what it did stays."""
    execution = _unfinished(call)
    running.cancel(execution)
    return {}


@corrects(SERVICE, "UpdatePlanExecution", see=f"{API}UpdatePlanExecution.html")
async def update(call: Call) -> Response:
    """Pause an execution after its step, let it go on, or change its mode."""
    execution, action = _unfinished(call), call.parameters["action"]
    if action == "pause":
        if execution.state not in ("inProgress", "pending"):
            raise illegal_state(f"execution {execution.identity} is {execution.state}.")
        execution.pausing = True
        execution.tell("executionPausing", call.parameters.get("comment", ""))
    elif action == "resume":
        if not execution.state.startswith("paused"):
            raise illegal_state(f"execution {execution.identity} is {execution.state}.")
        await running.resume(execution)
    else:
        await running.change_mode(execution, "graceful" if action == "switchToGraceful" else "ungraceful")
    return call.answer({})


@corrects(SERVICE, "UpdatePlanExecutionStep", see=f"{API}UpdatePlanExecutionStep.html")
async def update_step(call: Call) -> Response:
    """Skip a step, or carry it out ungracefully."""
    execution = _unfinished(call)
    step = execution.step(call.parameters["stepName"])
    if step.status in ("completed", "skipped"):
        raise illegal_state(f"step {step.name} is {step.status}.")
    if call.parameters["actionToTake"] == "skip":
        await running.skip(execution, step)
    else:
        await running.change_step_mode(execution, step, "ungraceful")
    return call.answer({})


@corrects(SERVICE, "ApprovePlanExecutionStep", see=f"{API}ApprovePlanExecutionStep.html")
async def approve(call: Call) -> Response:
    """Approve or decline a step that waits for it: by its approval role, or by the account's administrator."""
    execution, given = _unfinished(call), call.parameters
    step = execution.step(given["stepName"])
    session = SESSIONS.get(call.request.access_key)
    role = step.configuration.get("approvalRole", "")
    if session is not None and session.role_arn != role:
        raise AwsError("AccessDeniedException", f"{session.arn} is not the approval role {role}", 403)
    if step.status != "pendingApproval":
        raise illegal_state(f"step {step.name} is {step.status}.")
    step.approval = given["approval"]
    execution.waits.clear()
    await running.go_on(execution)
    return call.answer({})
