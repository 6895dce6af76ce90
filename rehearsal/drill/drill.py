"""A drill: one scenario after the other, each judged, and all of it gathered."""

import asyncio
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from rehearsal.drill.counting.orders import orders
from rehearsal.drill.course import Course
from rehearsal.drill.judge import judge, not_run
from rehearsal.drill.load.records import REQUESTS, Record
from rehearsal.drill.plane import OURS, Plane
from rehearsal.drill.report.shape import Drill, Mark, Result
from rehearsal.drill.scenarios.catalogue import BY_NAME, CONTROL
from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Cloud, Stage, standby_serves
from rehearsal.drill.users import Users
from rehearsal.drill.verdicts import Computed, Verdict

HEALING_PACE = 15.0
"""The pace at which what was broken is replaced between two scenarios: nobody measures then."""
SETTLING = 90.0
"""Seconds (real ones) until everything is well again, at most."""
AGAIN = 10.0
"""Seconds (real ones) until all is well at another pace, at most."""
LEAD, INTERVAL = 0.5, 5.0
"""Seconds before the fault: real ones, and up to so many of AWS's at random: it meets health checks at any moment."""
AT_PRIMARY = "users are at the primary: there is nothing to go back from"
AT_STANDBY = "users are at the standby; SCENARIO=failback brings them back"
LOOKING = 10.0
"""Seconds (real ones) in which orders are looked for."""
SHOWN = {
    *("dns", "health", "role", "alarm", "notice", "function", "plan", "release", "server", "store", "database"),
    "scaling",
}
"""Kinds of the plane's events that the report has lanes for."""
MOST_MARKS = 400
BUSY = 2.0
"""Processes for each processor above which a drill that is void may be the machine's fault; a drill alone makes one."""
LIMITS = (
    "Capacity: the whole site shares one machine, so a lost server takes no computing power away, and twice the load "
    "is not twice what real servers would bear.",
    "Distance: packets between zones and regions take no time here; replication lags by less than it would.",
    "AWS's own times: where AWS publishes none, promotions and detections take what is assumed below; a measured time "
    "shows that the parts work together, not how long AWS takes.",
    "The pace: where no timer of the application counts, AWS's own intervals pass faster. What takes real time here "
    "then counts several-fold: measured times are on the long side.",
)
NO_ORDERS = "Orders: the application of this stack takes none (ORDERS=on), so no acknowledged write was looked for."


@dataclass
class Settings:
    """What a drill is run with."""

    seed: int
    rate: float
    """Visits a second; orders come at a tenth of it."""
    fastest: float = float("inf")
    """The fastest pace: a busy machine misses the time-outs of health checks that are a tenth of AWS's."""
    mistakes: Sequence[str] = ()
    """Made on purpose: rehearsal/drill/plane.py, BREAKS."""


class Director:
    """Runs scenarios on a live plane."""

    def __init__(
        self,
        plane: Plane,
        users: Users,
        cloud: Cloud,
        outputs: dict[str, Any],
        settings: Settings,
        say: Callable[[str], None],
    ) -> None:
        self._plane = plane
        self._users = users
        self._cloud = cloud
        self._outputs = outputs
        self._settings = settings
        self._say = say
        self._computed = Computed.of(outputs)
        self._stage: Stage | None = None
        """Of the scenario before."""
        self._left: tuple[Scenario, Course, list[Record]] | None = None
        """The scenario before, for one that judges the same course."""

    async def run(self, scenarios: Sequence[Scenario]) -> Drill:
        """Run scenarios and return the drill. Whatever happens, everything is healed in the end."""
        began = time.time()
        results: list[Result] = []
        try:
            await self._plane.do("pace", speed=1.0)
            await self._make_mistakes(on=True)
            for number, scenario in enumerate(scenarios):
                result = await self._one(scenario)
                results.append(result)
                self._say(said(result))
                if scenario.name == CONTROL and result["verdict"] != Verdict.MET:
                    break
                following = scenarios[number + 1 :]
                left = scenario.then and self._stage is not None and await self._stage.standby_serves()
                if left and scenario.then not in [each.name for each in following[:2]]:
                    healed = await self._one(replace(BY_NAME[scenario.then], pace=HEALING_PACE))
                    results += [healed] if healed["verdict"] == Verdict.VOID else []
        finally:
            await self._users.stop()
            await self._plane.do("heal")
            await self._plane.do("pace", speed=1.0)
            await self._make_mistakes(on=False)
        return self._drill(began, results)

    async def _make_mistakes(self, *, on: bool) -> None:
        """Make them, or no longer. At AWS's pace: applications start anew for some, and no check may miss them."""
        for mistake in self._settings.mistakes:
            if mistake not in OURS:
                await self._plane.do("break", what=mistake, on=on)

    async def _one(self, scenario: Scenario) -> Result:
        scenario = replace(scenario, pace=min(scenario.pace, self._settings.fastest))
        if why := scenario.needs(self._outputs):
            return not_run(scenario, why)
        if scenario.shares:
            return self._judge_shared(scenario)
        if scenario.at_standby and not await standby_serves(self._cloud, self._outputs):
            return not_run(scenario, AT_PRIMARY)
        if problems := await self._settle():
            course = Course(time.time(), time.time(), trouble=f"not well before it began: {'; '.join(problems[:3])}")
            return judge(scenario, course, [], self._computed)
        random = Random(f"{self._settings.seed} {scenario.name}")
        rate = self._settings.rate * scenario.rate
        await self._plane.do("pace", speed=scenario.pace)
        await self._wait_until_well(AGAIN)  # a balancer that learns of another interval asks its targets anew
        await self._users.go(rate, rate / 10, scenario.patience, scenario.ignoring)
        course = Course(time.time())
        stage = Stage(
            self._plane,
            self._users,
            self._cloud,
            self._outputs,
            random,
            scenario.pace,
            course,
            frozenset(self._settings.mistakes),
        )
        self._stage = stage
        await stage.wait(LEAD * scenario.pace + random.uniform(0, INTERVAL))
        try:
            if scenario.at_standby is False and await stage.standby_serves():
                raise RuntimeError(AT_STANDBY)
            await scenario.run(stage)
        except Exception as error:  # whatever it is, the other scenarios can still be run
            course.trouble = f"{type(error).__name__}: {error}"
        course.ended = time.time()
        await self._users.ended(course.ended, scenario.patience + 2)
        await self._plane.do("heal")
        course.marks += await self._marks(course)
        await asyncio.gather(self._look(course), self._settle())
        own = [each for each in self._users.records if each["t"] >= course.began]
        self._left = (scenario, course, own)
        honouring = [each for each in own if each.get("u") not in self._users.keeping]
        return judge(scenario, course, honouring, self._computed)

    def _judge_shared(self, scenario: Scenario) -> Result:
        if self._left is None or self._left[0].name != scenario.shares:
            return not_run(scenario, f"{scenario.shares} was not run before")
        _, course, records = self._left
        keeping = [each for each in records if each["k"] not in REQUESTS or each["u"] in self._users.keeping]
        return judge(scenario, course, keeping, self._computed)

    async def _settle(self) -> list[str]:
        """Wait until everything is well; return what isn't."""
        await self._plane.do("pace", speed=min(HEALING_PACE, self._settings.fastest))
        return await self._wait_until_well(SETTLING)

    async def _wait_until_well(self, most: float) -> list[str]:
        began = time.time()
        while True:
            answer = await self._plane.do("settled")
            if answer["settled"]:
                return []
            if time.time() - began > most:
                return list(answer["why"])
            await asyncio.sleep(0.5)

    async def _look(self, course: Course) -> None:
        """Look for every order of the scenario."""
        keys = sorted(orders(each for each in self._users.records if each["t"] >= course.began))
        await self._users.look(keys, LOOKING)

    async def _marks(self, course: Course) -> list[Mark]:
        events = (await self._plane.do("events", since=0))["events"]
        found: list[Mark] = [
            {"at": each["at"], "kind": each["kind"], "text": each["text"]}
            for each in events
            if each["kind"] in SHOWN and course.began <= each["at"] <= course.ended
        ]
        return found[:MOST_MARKS]

    def _drill(self, began: float, results: list[Result]) -> Drill:
        states = list(self._users.states)
        verdict, why = overall(results)
        if verdict is Verdict.VOID:
            why += busy(os.getloadavg()[0], os.cpu_count() or 1)
        clusters = self._outputs["clusters"]
        terms = [
            term["text"]
            for case in self._computed.recovery.values()
            for kind in ("recovery", "data_loss")
            for term in case[kind]["terms"]
            if term["origin"] in ("assumed", "typical")
        ]
        return {
            "format": 1,
            "site": str(self._outputs["site"]),
            "strategy": str(self._outputs.get("strategy") or ""),
            "regions": [cluster["region"] for cluster in clusters.values()],
            "verdict": verdict.value,
            "why": why,
            "at": began,
            "took": time.time() - began,
            "seed": self._settings.seed,
            "rate": self._settings.rate,
            "mistakes": list(self._settings.mistakes),
            "machine": machine(),
            "load": {
                "cpu": sum(each["cpu"] for each in states) / max(1, len(states)),
                "late": max((each["late"] for each in states), default=0.0),
            },
            "assumed": list(dict.fromkeys(terms)),
            "limits": [*LIMITS, *([] if self._users.take_orders else [NO_ORDERS])],
            "results": results,
        }


def overall(results: Sequence[Result]) -> tuple[Verdict, str]:
    """The verdict of a drill, and why it is void: the control isn't clean, or something could not be judged."""
    for each in results:
        if each["name"] == CONTROL and each["verdict"] != Verdict.MET:
            problems = ", ".join(each["service"].get("problems", {})) or each["why"]
            return Verdict.VOID, f"with nothing broken the site isn't clean ({problems or 'something was lost'})"
    verdicts = [each["verdict"] for each in results]
    if Verdict.MISSED in verdicts:
        return Verdict.MISSED, ""
    void = [each for each in results if each["verdict"] == Verdict.VOID]
    if void:
        return Verdict.VOID, "; ".join(f"{each['title']}: {each['why']}" for each in void)
    return Verdict.MET, ""


def busy(load: float, processors: int) -> str:
    """Say that others kept the machine busy, with what helps; nothing if they did not.

    load: processes that were running or waiting to, on average over the last minute.
    """
    if load <= BUSY * processors:
        return ""
    return f"; this machine was busy (load {load:.1f} on {processors} processors): end what else runs, or FASTEST=2"


def said(result: Result) -> str:
    """A line for who watches."""
    why = f": {result['why']}" if result["why"] else ""
    return f"  {result['verdict']:<8}{result['title']}{why}"


def machine() -> str:
    """This machine in a few words."""
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"
