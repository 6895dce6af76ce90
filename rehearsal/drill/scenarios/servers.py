"""Servers: killed, frozen, leaking."""

from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import loses, none_failed, none_lost, recovers

STATELESS = "servers keep nothing"
AFTER = 10.0
"""Seconds at AWS that are watched beyond the worst case."""


async def control(stage: Stage) -> None:
    """Break nothing."""
    stage.begin()
    await stage.wait(30)


def broken(what: str) -> Scenario:
    """A scenario that breaks one server, for twice the worst case."""

    async def run(stage: Stage) -> None:
        await stage.fault(what, region=stage.primary, pick=stage.random.random())
        worst = stage.computed.seconds("server", "recovery") or 60
        await stage.watch(worst + AFTER, 4 * worst + AFTER)

    return Scenario(*TEXTS[what], run, (recovers("server"), loses("server"), none_lost(STATELESS)), patience=10)


TEXTS = {
    "kill-server": (
        "server-killed",
        "A server is killed",
        "An instance is lost, as EC2 loses one: no word, no answer.",
    ),
    "freeze-server": ("server-frozen", "A server freezes", "An instance takes connections and answers nothing."),
    "leak-server": ("server-leaking", "A server leaks memory", "An instance's memory grows until it fails."),
}

SCENARIOS = (
    Scenario(
        "control",
        "Nothing is broken",
        "Nothing. If a request fails here, the drill is void.",
        control,
        (none_failed("nothing is broken"), none_lost("nothing is broken")),
        patience=10,
        at_standby=None,
    ),
    broken("kill-server"),
    broken("freeze-server"),
    broken("leak-server"),
)
