"""What each execution block does. One that can't be done raises BlockError; a person then decides how it goes on.

https://docs.aws.amazon.com/r53recovery/latest/dg/working-with-rs-execution-blocks.html
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.emulator.corrections.region_switch import capacity
from rehearsal.emulator.corrections.region_switch.asking import ask
from rehearsal.emulator.corrections.region_switch.executions import Execution, Step
from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError

POLL = 5.0
"""Seconds between two looks at what is waited for. AWS publishes none: assumed."""

DEFAULT_TIMEOUT = 60
"""Minutes of a step without timeoutMinutes. AWS publishes none: assumed."""

NOT_RUN = "the function was not run, because nothing lives here; Invoke answered {}"
NOT_REHEARSED = "the rehearsal doesn't carry out {} steps"


class BlockError(Exception):
    """A step failed."""


@dataclass(frozen=True)
class Doing:
    """A step that is carried out, in a mode that doesn't change meanwhile."""

    execution: Execution
    step: Step
    ungraceful: bool
    deadline: float

    @property
    def configuration(self) -> dict[str, Any]:
        """Of the block."""
        return self.step.configuration

    @property
    def over(self) -> bool:
        """Whether the step's time is up."""
        return self.execution.timer.now() >= self.deadline

    async def ask(self, service: str, operation: str, region: str, **given: Any) -> dict[str, Any]:
        """Ask a service under the plan's role. AwsError."""
        return await ask(self.execution.key, service, operation, region, **given)

    async def until(self, reached: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait until something is so. BlockError, with what isn't, when the time is up."""
        while not await reached():
            if self.over:
                raise BlockError(f"{what} within {minutes_of(self.step)} minutes")
            await self.execution.timer.sleep(POLL)

    def tell(self, description: str, *on: str, error: str = "") -> None:
        """Note how it goes on."""
        self.execution.tell("stepUpdate", description, self.step, error, *on)


def minutes_of(step: Step) -> int:
    """Return the minutes that a step may take."""
    return int(step.configuration.get("timeoutMinutes") or DEFAULT_TIMEOUT)


def of_region(arns: list[str], region: str) -> str:
    """Return the ARN of a Region's resource; a plan has one in each."""
    return next(arn for arn in arns if arn.split(":")[3] == region)


def own(entry: dict[str, Any]) -> str:
    """Return the ARN of a resource of the account's own. BlockError for one of another account's."""
    if entry.get("crossAccountRole"):
        raise BlockError("the rehearsal has one account, and no crossAccountRole")
    return str(entry["arn"])


async def raise_capacity(doing: Doing) -> None:
    """Raise a group's desired capacity to a percentage of what the other Region's had, and wait until it is there.

    A group that has as many already is left as it is; none is made smaller. In an ungraceful execution a share of it
    may be enough. `autoscalingMaxInLast24Hours` is answered from the same samples as `sampledMaxInLast24Hours`.
    https://docs.aws.amazon.com/r53recovery/latest/dg/ec2-auto-scaling-block.html
    """
    given, execution = doing.configuration, doing.execution
    arns = [own(each) for each in given["asgs"]]
    source, target = of_region(arns, execution.deactivating), of_region(arns, execution.activating)
    name, had = target.rpartition("/")[2], capacity.most(source)
    if had is None:
        raise BlockError(f"no capacity of {source} is known from the last 24 hours")
    wanted: int = math.ceil(given.get("targetPercent", 100) * had / 100)
    group = await _group(doing, name)
    if group["DesiredCapacity"] >= wanted:
        doing.tell(f"{name} has {group['DesiredCapacity']} of {wanted} servers already", target)
        return
    region = execution.activating
    await doing.ask("autoscaling", "UpdateAutoScalingGroup", region, AutoScalingGroupName=name, DesiredCapacity=wanted)
    doing.tell(f"{name}: desired capacity from {group['DesiredCapacity']} to {wanted}", target)
    share = int((given.get("ungraceful") or {}).get("minimumSuccessPercentage", 100)) if doing.ungraceful else 100
    enough: int = math.ceil(wanted * share / 100)

    async def serve() -> bool:
        return len(await _serving(doing, name)) >= enough

    await doing.until(serve, f"{name} has not got {enough} servers in service")


async def _group(doing: Doing, name: str) -> dict[str, Any]:
    answer = await doing.ask(
        "autoscaling", "DescribeAutoScalingGroups", doing.execution.activating, AutoScalingGroupNames=[name]
    )
    if not answer["AutoScalingGroups"]:
        raise BlockError(f"there is no Auto Scaling group {name} in {doing.execution.activating}")
    found: dict[str, Any] = answer["AutoScalingGroups"][0]
    return found


async def _serving(doing: Doing, name: str) -> set[str]:
    """Return the instances in service; with `waitELBTargetGroupHealthy` those that all target groups find healthy."""
    group = await _group(doing, name)
    found = {each["InstanceId"] for each in group.get("Instances", []) if each["LifecycleState"] == "InService"}
    if doing.configuration.get("waitELBTargetGroupHealthy") != "enabled":
        return found
    for arn in group.get("TargetGroupARNs", []):
        answer = await doing.ask("elbv2", "DescribeTargetHealth", doing.execution.activating, TargetGroupArn=arn)
        healthy = [each for each in answer["TargetHealthDescriptions"] if each["TargetHealth"]["State"] == "healthy"]
        found &= {each["Target"]["Id"] for each in healthy}
    return found


async def run_function(doing: Doing) -> None:
    """Invoke a function, and again after the retry interval while it fails, until the time is up.

    AWS doesn't publish the event: here it says what StartPlanExecution answers. An invocation that hasn't answered yet
    isn't repeated. https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html
    """
    given, execution = doing.configuration, doing.execution
    leaving = given["regionToRun"] in ("deactivatingRegion", "inactiveRegion")
    region = execution.deactivating if leaving else execution.activating
    function = of_region([own(each) for each in given["lambdas"]], region)
    while True:
        began = execution.timer.now()
        try:
            said = await _invoked(doing, function, region)
        except AwsError as error:
            failure = f"{error.code}: {error.message}"
        else:
            if not said.startswith("error "):
                doing.tell(f"the function answered {said}" if clock.on() else NOT_RUN.format(said), function)
                return
            failure = said.removeprefix("error ")
        doing.tell("the function failed", function, error=failure)
        again = began + 60 * float(given["retryIntervalMinutes"])
        if again >= doing.deadline:
            raise BlockError(f"{function.rpartition(':')[2]} failed: {failure}")
        await execution.timer.sleep(again - execution.timer.now())


async def _invoked(doing: Doing, function: str, region: str) -> str:
    """Return what a function answered, an error with a word before it. AwsError where it wasn't run."""
    execution = doing.execution
    event = {
        "planArn": execution.arn,
        "executionId": execution.identity,
        "planVersion": execution.plan["version"],
        "activateRegion": execution.activating,
        "deactivateRegion": execution.deactivating,
    }
    work = asyncio.ensure_future(
        doing.ask("lambda", "Invoke", region, FunctionName=function, Payload=json.dumps(event).encode())
    )
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=clock.interval())
            if doing.over and not work.done():
                raise AwsError("Timeout", f"no answer within {minutes_of(doing.step)} minutes", 504)
    finally:
        work.cancel()
    answer = work.result()
    payload = answer.get("Payload", b"")
    text = payload.decode(errors="replace") if isinstance(payload, bytes) else str(payload)
    return f"error {text}" if answer.get("FunctionError") else text


async def move_database(doing: Doing) -> None:
    """Make the activated Region's cluster the writer: switched over, or failed over with what isn't replicated lost.

    A switchover is asked of the Region that is left; a failover needs the activated one only.
    https://docs.aws.amazon.com/arc-region-switch/latest/api/API_GlobalAuroraConfiguration.html
    """
    given, execution = doing.configuration, doing.execution
    if given.get("crossAccountRole"):
        raise BlockError("the rehearsal has one account, and no crossAccountRole")
    target = of_region(given["databaseClusterArns"], execution.activating)
    by_failover = given["behavior"] == "failover"
    if doing.ungraceful and (given.get("ungraceful") or {}).get("ungraceful") == "failover":
        by_failover = True
    names = {"GlobalClusterIdentifier": given["globalClusterIdentifier"], "TargetDbClusterIdentifier": target}
    writer, status = await _writer(doing)
    if writer != target and by_failover:
        await doing.ask("rds", "FailoverGlobalCluster", execution.activating, **names, AllowDataLoss=True)
        doing.tell("failing over, data loss allowed", target)
    elif writer != target:
        region = writer.split(":")[3] if writer else execution.deactivating
        await doing.ask("rds", "SwitchoverGlobalCluster", region, **names)
        doing.tell("switching over", target)
    elif status == "available":
        doing.tell("the cluster is the writer already", target)

    async def moved() -> bool:
        return await _writer(doing) == (target, "available")

    await doing.until(moved, f"{target} has not become the writer")


async def _writer(doing: Doing) -> tuple[str, str]:
    """Return the ARN of the cluster that writes, and the global cluster's status."""
    name = doing.configuration["globalClusterIdentifier"]
    answer = await doing.ask("rds", "DescribeGlobalClusters", doing.execution.activating, GlobalClusterIdentifier=name)
    [found] = answer["GlobalClusters"]
    writers = [each["DBClusterArn"] for each in found["GlobalClusterMembers"] if each.get("IsWriter")]
    return (writers[0] if writers else ""), str(found.get("Status", "available"))


async def approve(doing: Doing) -> None:
    """Wait until a person approves or declines."""
    execution, step = doing.execution, doing.step
    step.status = "pendingApproval"
    execution.tell("stepPendingApproval", "", step)
    execution.become("pendingManualApproval")
    execution.waits.set()
    while not step.approval:
        await asyncio.sleep(clock.interval())
        if clock.on() and doing.over:
            raise BlockError(f"nobody approved it within {minutes_of(step)} minutes")
    execution.become("inProgress")
    if step.approval == "decline":
        raise BlockError("it was declined")


BLOCKS: dict[str, Callable[[Doing], Awaitable[None]]] = {
    "AuroraGlobalDatabase": move_database,
    "CustomActionLambda": run_function,
    "EC2AutoScaling": raise_capacity,
    "ManualApproval": approve,
}
"""By type of the block; others aren't rehearsed."""


async def carry_out(doing: Doing) -> None:
    """Do what a step's block does. BlockError."""
    block = BLOCKS.get(doing.step.kind)
    if block is None:
        raise BlockError(NOT_REHEARSED.format(doing.step.kind))
    try:
        await block(doing)
    except AwsError as error:
        raise BlockError(f"{error.code}: {error.message}") from error


def left_out(step: Step, *, ungraceful: bool) -> bool:
    """Return whether a step is configured to be left out of an ungraceful execution.

    The guide says that Region switch skips functions then; by the API, where `ungraceful` says so.
    https://docs.aws.amazon.com/arc-region-switch/latest/api/API_LambdaUngraceful.html
    """
    given = step.configuration.get("ungraceful") or {}
    return ungraceful and step.kind == "CustomActionLambda" and given.get("behavior") == "skip"
