"""The primary region is lost, and a person starts the stack's plan of ARC Region switch."""

import asyncio
import time
from typing import Any

from rehearsal.drill.scenarios.regions import REGION_PACE, by_hand, needs_function, terms_of
from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import happens, loses


async def region_switch(stage: Stage) -> None:
    """Cut the primary region off; a person starts the plan, and sees it end."""
    await stage.fault("cut-region", region=stage.primary)
    await stage.wait(60)
    plans = (await stage.cloud.ask("arc-region-switch", stage.standby, "list_plans_in_region"))["plans"]
    stage.step("a person starts the plan (docs/runbooks/failover.md, step 5)")
    stage.begin()
    made = await stage.cloud.ask(
        *("arc-region-switch", stage.standby, "start_plan_execution"),
        planArn=plans[0]["arn"],
        targetRegion=stage.standby,
        action="activate",
        mode="ungraceful",
    )
    following = asyncio.create_task(follow(stage, plans[0]["arn"], made["executionId"]))
    try:
        await stage.watch(10, stage.computed.seconds("region", "recovery") or 600)
        ended, _ = await asyncio.wait({following}, timeout=60 / stage.speed)
        for each in ended:
            each.result()  # raises what kept it from following
    finally:
        following.cancel()


async def follow(stage: Stage, plan: str, execution: str) -> None:
    """Wait until an execution goes no further, and note after what time it was done, if it was."""
    began = time.time()
    while True:
        found = await stage.cloud.ask(
            *("arc-region-switch", stage.standby, "get_plan_execution"), planArn=plan, executionId=execution
        )
        if found["executionState"] == "completed":
            stage.course.facts["plan done"] = (time.time() - began) * stage.speed
        if found["executionState"] not in ("pending", "inProgress"):
            return
        await asyncio.sleep(0.5)


def needs_region_switch(outputs: dict[str, Any]) -> str:
    """Why a Region switch plan can't be shown on a stack."""
    lacks = "" if "region-switch.steps" in terms_of(outputs) else "the stack has no Region switch plan"
    return needs_function(outputs) or (lacks and f"{lacks} (failover: region-switch)")


SCENARIOS = (
    Scenario(
        "region-switch",
        "The primary region is cut off, and a plan of Region switch runs",
        "Silence to and from the region; a person starts the plan.",
        region_switch,
        (by_hand, loses("region"), happens("plan done", "the plan's steps are done", "from the command on")),
        REGION_PACE,
        patience=8,
        needs=needs_region_switch,
        then="failback",
    ),
)
