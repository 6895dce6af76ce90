"""The part `plans`: what executions of ARC Region switch do, for the timeline. The account itself executes plans."""

import re
from typing import Any

from rehearsal.live.lab import Lab

SERVICE = "arc-region-switch"

SIMULATED = (
    "A plan of ARC Region switch is executed by the emulated account, under the plan's role. What Region switch itself "
    "takes before each step is assumed: AWS publishes no time."
)

GOOD, BAD = ("executionSucceeded",), ("executionFailed", "stepFailed", "executionPaused", "executionCanceled")


def in_words(kind: str) -> str:
    """An event's type in words: `stepStarted` is `step started`."""
    return re.sub("[A-Z]", lambda found: f" {found[0].lower()}", kind)


def text_of(plan: str, event: dict[str, Any]) -> str:
    """An event of a plan for people."""
    told = (event.get(key, "") for key in ("stepName", "description", "error"))
    return f"{plan}: {' '.join([in_words(event['type']), *filter(None, told)])}"


class Plans:
    """Region switch, as far as it is seen."""

    name = "plans"
    reads = frozenset({SERVICE})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._names: dict[str, str] = {}
        """By ARN."""
        self._told: dict[str, int] = {}
        """How many events of an execution were noted, by its identifier."""
        self._over: set[str] = set()
        """Executions of which no more is to come."""
        self._first = True

    async def reconcile(self) -> None:
        """Note what is new; what happened before there was a live plane isn't."""
        names: dict[str, str] = {}
        for region in [each.name for each in self.lab.outline.regions]:
            for plan in await self.lab.account.ask_all(SERVICE, region, "list_plans_in_region", "plans"):
                if plan["arn"] not in names:
                    names[plan["arn"]] = plan["name"]
                    await self._look(plan, region)
        self._names, self._first = names, False

    async def _look(self, plan: dict[str, Any], region: str) -> None:
        arn = plan["arn"]
        for execution in await self.lab.account.ask_all(SERVICE, region, "list_plan_executions", "items", planArn=arn):
            identity = execution["executionId"]
            if identity in self._over:
                continue
            named = {"planArn": arn, "executionId": identity}
            events = await self.lab.account.ask_all(SERVICE, region, "list_plan_execution_events", "items", **named)
            for event in [] if self._first else events[self._told.get(identity, 0) :]:
                level = "good" if event["type"] in GOOD else "bad" if event["type"] in BAD else "none"
                fields = {"subject": plan["name"], "region": execution["executionRegion"], "level": level}
                self.lab.events.note("plan", text_of(plan["name"], event), **fields)
            self._told[identity] = len(events)
            if "endTime" in execution:
                self._over.add(identity)

    async def observe(self) -> None:
        """Nothing is measured."""

    def describe(self) -> dict[str, Any]:
        """Return the plans; what is simulated is said where there are any."""
        return {"plans": sorted(self._names.values()), **({"simulated": SIMULATED} if self._names else {})}

    async def aclose(self) -> None:
        """Nothing runs."""
