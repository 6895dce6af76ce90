"""How an execution goes on: from its first step that isn't done to the last, until one fails or somebody intervenes."""

from __future__ import annotations

import asyncio
import logging

from rehearsal.emulator.corrections.region_switch import now
from rehearsal.emulator.corrections.region_switch.asking import keys_of
from rehearsal.emulator.corrections.region_switch.blocks import BlockError, Doing, carry_out, left_out, minutes_of
from rehearsal.emulator.corrections.region_switch.executions import DONE, Execution, Step
from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError

logger = logging.getLogger("rehearsal.region_switch")

BETWEEN = 20.0
"""Seconds that Region switch itself takes before each step of a workflow. AWS publishes none: assumed."""


async def go_on(execution: Execution) -> None:
    """Let an execution go on. Where nothing lives, return when it is over, or waits for a person."""
    if execution.task is None or execution.task.done():
        execution.task = asyncio.get_running_loop().create_task(_run(execution))
    if not clock.on():
        waits = asyncio.ensure_future(execution.waits.wait())
        await asyncio.wait({execution.task, waits}, return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()


async def _run(execution: Execution) -> None:
    try:
        await _all(execution)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        logger.exception("%s failed", execution.identity)
        execution.tell("executionFailed", error=f"{type(error).__name__}: {error}")
        execution.become("failed")


async def _all(execution: Execution) -> None:
    execution.waits.clear()
    if not execution.key:
        try:
            execution.key = keys_of(execution.plan["executionRole"])
        except AwsError as error:
            execution.tell("executionFailed", error=f"{error.code}: {error.message}")
            return execution.become("failed")
    execution.become("inProgress")
    for step in execution.steps:
        if step.status in DONE:
            continue
        if execution.pausing:
            return _paused(execution)
        await execution.timer.sleep(BETWEEN)
        await (_at_once(execution, step) if step.inner else _one(execution, step))
        if step.status not in DONE:
            execution.tell("stepPausedByError", step=step)
            execution.tell("executionPaused", f"step {step.name} failed")
            execution.become("pausedByFailedStep")
            return None
    if execution.pausing:
        return _paused(execution)
    execution.tell("executionSucceeded")
    execution.become("completedWithExceptions" if execution.excepted else "completed")
    return None


def _paused(execution: Execution) -> None:
    execution.pausing = False
    execution.tell("executionPaused", "by an operator")
    execution.become("pausedByOperator")


async def _at_once(execution: Execution, parallel: Step) -> None:
    """Carry out steps at once. All of them go on when one fails."""
    _begin(execution, parallel)
    left = [each for each in parallel.inner if each.status not in DONE]
    works = [asyncio.ensure_future(_one(execution, each)) for each in left]
    try:
        await asyncio.gather(*works)
    finally:
        for work in works:
            work.cancel()
    failed = [each.name for each in parallel.inner if each.status not in DONE]
    if failed:
        return _end(execution, parallel, "failed", f"{', '.join(failed)} failed")
    return _end(execution, parallel, "skipped" if parallel.skip else "completed")


async def _one(execution: Execution, step: Step) -> None:
    """Carry out a step, anew when its mode changes, until it is done, skipped or failed."""
    while True:
        mode = step.wanted_mode or execution.mode
        if step.skip:
            return _end(execution, step, "skipped", "by an operator")
        step.mode = mode
        if left_out(step, ungraceful=mode == "ungraceful"):
            return _end(execution, step, "skipped", "left out of an ungraceful execution")
        _begin(execution, step)
        deadline = execution.timer.now() + 60 * minutes_of(step)
        doing = Doing(execution, step, mode == "ungraceful", deadline)
        step.work = asyncio.ensure_future(carry_out(doing))
        try:
            await asyncio.wait({step.work})
        finally:
            step.work.cancel()
        if step.work.cancelled():
            continue
        error = step.work.exception()
        if error is None:
            return _end(execution, step, "completed")
        if not isinstance(error, BlockError):
            raise error
        return _end(execution, step, "failed", str(error))


def _begin(execution: Execution, step: Step) -> None:
    step.started, step.ended, step.status = step.started or now(), None, "running"
    step.mode = step.mode or execution.mode
    execution.tell("stepStarted", step=step)


def _end(execution: Execution, step: Step, status: str, why: str = "") -> None:
    step.started, step.ended, step.status = step.started or now(), now(), status
    if status == "failed":
        execution.tell("stepFailed", step=step, error=why)
    else:
        execution.tell("stepSkipped" if status == "skipped" else "stepSucceeded", why, step)


def cancel(execution: Execution) -> None:
    """End an execution: what is carried out isn't taken back, and no other step begins."""
    execution.tell("executionCanceling")
    if execution.task is not None:
        execution.task.cancel()
    for step in execution.all_steps():
        if step.status in ("running", "pendingApproval", "failed"):
            step.status, step.ended = "canceled", now()
            execution.tell("stepCanceled", step=step)
    execution.tell("executionCanceled")
    execution.become("canceled")
    execution.waits.set()


async def skip(execution: Execution, step: Step) -> None:
    """Leave a step out, now or when its turn comes. An execution that was paused by it goes on."""
    step.skip = execution.excepted = True
    for each in step.inner:
        each.skip = each.skip or each.status not in DONE
    _interrupt(step)
    failed = step.status == "failed"
    if failed and not step.inner:
        _end(execution, step, "skipped", "by an operator")
    if failed and execution.state == "pausedByFailedStep":
        await resume(execution)


async def change_step_mode(execution: Execution, step: Step, mode: str) -> None:
    """Carry out a step in another mode: at once if it is under way, or failed."""
    execution.tell("stepExecutionBehaviorChangedToUngraceful", step=step)
    for each in (step, *step.inner):
        each.wanted_mode = mode
    _interrupt(step)
    if execution.state == "pausedByFailedStep" and step.status == "failed":
        await resume(execution)


async def change_mode(execution: Execution, mode: str) -> None:
    """Carry out all steps that aren't done in another mode; one that is under way begins anew."""
    execution.mode = mode
    execution.tell(f"executionBehaviorChangedTo{mode.capitalize()}")
    for step in execution.steps:
        _interrupt(step)
    if execution.state == "pausedByFailedStep":
        await resume(execution)


def _interrupt(step: Step) -> None:
    """End what a step does now: it begins anew, in its mode, or is skipped."""
    for each in (step, *step.inner):
        if each.work is not None:
            each.work.cancel()


async def resume(execution: Execution) -> None:
    """Go on, with the steps that failed or with the next one."""
    for step in execution.all_steps():
        if step.status == "failed":
            step.status, step.started, step.ended, step.approval = "notStarted", None, None, ""
    execution.become("inProgress")
    await go_on(execution)
