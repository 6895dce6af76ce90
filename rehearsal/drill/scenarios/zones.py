"""Zones: cut, slow, and gone under twice the load."""

import time

from rehearsal.drill.load.records import REQUESTS, answered
from rehearsal.drill.scenarios.scenario import REAL, Scenario
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import Measured, at_most, loses, none_lost, recovers, shows

SLOW = 0.25
"""Seconds by which packets of a slow zone are late: enough to hurt, too little for a health check to fail."""
HEALTHY_AFTER = 30.0
"""Seconds after which an overloaded site must be well again."""


async def cut(stage: Stage) -> None:
    """Cut a zone off."""
    await stage.fault("cut-zone", region=stage.primary, pick=stage.random.random())
    worst = stage.computed.seconds("zone", "recovery") or 120
    await stage.watch(15, worst + 20)


async def slow(stage: Stage) -> None:
    """Make a zone slow."""
    await stage.fault("slow-zone", region=stage.primary, pick=stage.random.random(), seconds=SLOW)
    await stage.wait(15)


async def crowded(stage: Stage) -> None:
    """Cut a zone off under twice the load, heal it, and see when the site is well."""
    await stage.fault("cut-zone", region=stage.primary, pick=stage.random.random())
    await stage.wait(40)
    await stage.plane.do("heal")
    stage.step("healed")
    healed = time.time()
    await stage.watch(HEALTHY_AFTER + 10, HEALTHY_AFTER + 60)
    stage.users.read()
    late = [
        each["t"] for each in stage.users.records if each["k"] in REQUESTS and not answered(each) and each["t"] > healed
    ]
    stage.course.facts["well after"] = (max(late) - healed) * stage.speed if late else 0.0


def answered_share(measured: Measured) -> float:
    """The share of requests that were answered, in percent."""
    return 100 * (1 - measured.service.share)


SCENARIOS = (
    Scenario(
        "zone",
        "A zone is cut off",
        "Silence to and from one Availability Zone of the primary.",
        cut,
        (recovers("zone"), loses("zone")),
        REAL,
        patience=12,
    ),
    Scenario(
        "zone-slow",
        "A zone is slow",
        f"Each packet to and from one zone is {SLOW * 1000:g} ms late: grey, so no check fails.",
        slow,
        (
            none_lost("slow is not broken"),
            shows("answered", "%", answered_share),
            shows("99 of 100 answers within", "s", lambda measured: measured.service.p99),
        ),
        REAL,  # a delay here is a real one: for an AWS that is faster it would be a loss
    ),
    Scenario(
        "zone-crowded",
        "A zone is cut off under twice the load",
        "Silence to and from one zone, while twice as many requests arrive.",
        crowded,
        (
            at_most(
                "well after", "well again after the zone is back", "s", HEALTHY_AFTER, "it sheds and doesn't collapse"
            ),
            loses("zone"),
            shows("answered", "%", answered_share),
        ),
        rate=2.0,
        patience=10,
    ),
)
