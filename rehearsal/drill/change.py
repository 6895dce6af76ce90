"""A change under load: a base commit stands and lives, and the working tree is put up while users make requests."""

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import replace

from rehearsal.base_commit import Base
from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import happens, none_failed, none_lost
from rehearsal.engine import Engine, EngineError

PACE = 8.0
"""A release waits for health checks and warm-ups, whose times are AWS's."""
AFTER = 60.0
"""Seconds at AWS that are watched after the last change."""


def put_up_base(engine: Engine, name: str, say: Callable[[str], None]) -> Base:
    """Put the stack up as a commit has it, from a folder of its own. Raises BaseError or EngineError."""
    base = Base.find(engine.project, name)
    folder = engine.home.root / "drill-base"
    shutil.rmtree(folder, ignore_errors=True)
    say(f"Putting up {base.name} ({base.commit[:8]}), which the working tree is compared with ...")
    replace(engine, project=base.write_to(folder)).up(capture=True)
    return base


def scenario(engine: Engine, base: Base) -> Scenario:
    """The scenario that puts the working tree up over a base under load."""

    async def run(stage: Stage) -> None:
        stage.begin()
        stage.course.target = f"{base.name} ({base.commit[:8]})"
        began = time.time()
        try:
            await asyncio.to_thread(engine.up, capture=True)
        except EngineError as error:
            stage.step(f"`pulumi up` failed: {error.reason}")
        else:
            stage.course.facts["done"] = (time.time() - began) * stage.speed
            stage.step("`pulumi up` is done")
        await stage.wait(AFTER)

    return Scenario(
        "pull-request",
        "The change is put up under load",
        f"Nothing: the working tree is put up over {base.name}.",
        run,
        (
            none_failed("a change takes nobody's request"),
            none_lost("a change takes nobody's data"),
            happens("done", "`pulumi up` is done", "the engine waits for the releases"),
        ),
        PACE,
        patience=10,
    )
