"""The part `watch`: CloudWatch's metrics, put from what the parts measure, and the account's alarms on them."""

import asyncio
import json
import time
from collections import defaultdict
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.watch import measures
from rehearsal.live.watch.alarms import Alarm, composite_alarm, metric_alarm
from rehearsal.live.watch.clock import Clock
from rehearsal.live.watch.composite import RuleError, holds
from rehearsal.live.watch.data import Datum
from rehearsal.live.watch.evaluation import ALARM, INSUFFICIENT, OK, evaluate
from rehearsal.live.watch.expressions import UnsupportedError
from rehearsal.live.watch.series import MINUTE, Bucket, Key, Store

PATIENCE = 90.0
"""Seconds here until alarms are looked at, at most: while the site starts, everything would be wrong."""

NOTICE_SECONDS = 1.0
"""Seconds here between two looks at notices."""

BATCH = 150
"""Values in a request. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html"""

SIMULATED = (
    "Metrics of what runs here; of the rest (backups, network, disks) there is no data. A server's processor use is "
    "that of one core. Percentiles of response times are of averages. Before the start, they were as the alarms say."
)


class Watch:
    """CloudWatch."""

    name = "watch"
    reads = frozenset({"cloudwatch"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.clock = Clock(lab.pace)
        self.store = Store()
        self.alarms: dict[tuple[str, str], Alarm] = {}
        self.states: dict[tuple[str, str], dict[str, Any]] = {}
        self._counters = measures.Counters()
        self._first: int | None = None
        """The minute from which alarms look at data."""
        self._minute = -1
        self._opened = self.clock.read()
        self._notice = 0
        self._unsupported: set[str] = set()
        self._groups_at = -float(MINUTE)
        self._noticed = 0.0

    async def reconcile(self) -> None:
        """Read the alarms."""
        regions = {each.name for each in self.lab.outline.regions} | {measures.GLOBAL}
        found: dict[tuple[str, str], Alarm] = {}
        for region in sorted(regions):
            ask = self.lab.account.ask_all
            metric = await ask("cloudwatch", region, "describe_alarms", "MetricAlarms", AlarmTypes=["MetricAlarm"])
            rules = await ask("cloudwatch", region, "describe_alarms", "CompositeAlarms", AlarmTypes=["CompositeAlarm"])
            for given in metric:
                found[region, given["AlarmName"]] = metric_alarm(region, given)
            for given in rules:
                found[region, given["AlarmName"]] = composite_alarm(region, given)
        self.alarms = found
        for key, alarm in found.items():
            known = self.states.get(key)
            if known is None or known["state"] != alarm.state:
                self.states[key] = {"state": alarm.state, "reason": "", "since": time.time()}
        self.states = {key: state for key, state in self.states.items() if key in found}

    async def observe(self) -> None:
        """Measure; put the metrics of each minute that is over, and look at the alarms."""
        seconds = self.clock.seconds()
        for datum in await self._measure():
            self.store.add(datum, seconds)
        minute = int(seconds // MINUTE)
        if self._first is None and self._stands():
            self._first = minute + 1
        if minute != self._minute:
            over, self._minute = self._minute, minute
            self.store.forget(seconds)
            if over >= 0:
                self.store.blind.update(range(over + 1, minute))
                await self._put(over)
            await self._look(seconds)
        if self.clock.read() - self._noticed > NOTICE_SECONDS:
            self._noticed = self.clock.read()
            await self._tell_notices()

    def describe(self) -> dict[str, Any]:
        """Return the alarms with their states."""
        return {
            "alarms": [
                {"name": name, "region": region, **state} for (region, name), state in sorted(self.states.items())
            ],
            "simulated": SIMULATED,
        }

    async def aclose(self) -> None:
        """Nothing runs."""

    # How

    def _stands(self) -> bool:
        """Whether the site stands, or should by now."""
        settled = not any(
            part.settled() for part in self.lab.parts.values() if hasattr(part, "settled") and part is not self
        )
        return settled or self.clock.read() - self._opened > PATIENCE

    async def _measure(self) -> list[Datum]:
        parts, found = self.lab.parts, list[Datum]()
        if (balancers := parts.get("balancers")) is not None and hasattr(balancers, "measured"):
            found += measures.balancers(balancers.measured(), self._counters)
        if (servers := parts.get("servers")) is not None:
            found += measures.servers(servers.describe())
        for name, measure in (("stores", measures.stores), ("databases", measures.databases)):
            part: Any = parts.get(name)
            if part is not None and hasattr(part, "measured"):
                found += measure(part.measured())
        if (names := parts.get("names")) is not None:
            found += measures.checks(getattr(names, "statuses", {}))
        if (functions := parts.get("functions")) is not None and hasattr(functions, "drain"):
            found += functions.drain()
        return found + await self._groups()

    async def _groups(self) -> list[Datum]:
        """The groups' own metrics, four times a minute."""
        if self.clock.seconds() - self._groups_at < MINUTE / 4:
            return []
        self._groups_at = self.clock.seconds()
        found: list[Datum] = []
        for region in self.lab.outline.regions:
            groups = await self.lab.account.ask_all(
                "autoscaling", region.name, "describe_auto_scaling_groups", "AutoScalingGroups"
            )
            found += measures.scaling(region.name, groups)
        return found

    async def _put(self, minute: int) -> None:
        """Put a minute's metrics into the account: scaling policies and people read them there."""
        batches: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for key, bucket in self.store.minute(minute):
            batches[key[0], key[1]].append(_datum(key, bucket))
        for (region, namespace), data in batches.items():
            for at in range(0, len(data), BATCH):
                await self.lab.account.report_metrics(region, namespace, data[at : at + BATCH])

    async def _look(self, seconds: float) -> None:
        """Evaluate all alarms, those that others are made of first."""
        if self._first is None:
            return
        changes = []
        for key, alarm in sorted(self.alarms.items(), key=lambda each: bool(each[1].rule)):
            try:
                state = self._composite(alarm) if alarm.rule else self._state(alarm, seconds, self._first)
            except (UnsupportedError, RuleError, ValueError) as error:
                if alarm.name not in self._unsupported:
                    self._unsupported.add(alarm.name)
                    self.lab.events.note("trouble", f"alarm {alarm.name}: {error}", subject=alarm.name)
                continue
            if state[0] != self.states[key]["state"]:
                changes.append(self._set(alarm, self.states[key]["state"], *state))
                self.states[key] = {"state": state[0], "reason": state[1], "since": time.time()}
        await asyncio.gather(*changes)

    def _state(self, alarm: Alarm, seconds: float, first: int) -> tuple[str, str]:
        assert alarm.condition is not None
        points = alarm.points(self.store, seconds, first)
        state = evaluate(points, alarm.condition, self.states[alarm.region, alarm.name]["state"])
        shown = ["no data" if point is None else f"{point:g}" for point in points[-alarm.condition.periods :]]
        shown = ["as before" if each.endswith("inf") else each for each in shown]
        return state, f"Threshold Crossed: of the last datapoints [{', '.join(shown[-5:])}]"

    def _composite(self, alarm: Alarm) -> tuple[str, str]:
        def state_of(name: str) -> str:
            return str(self.states.get((alarm.region, name), {}).get("state", INSUFFICIENT))

        return (ALARM if holds(alarm.rule, state_of) else OK), f"{alarm.rule} was looked at"

    async def _set(self, alarm: Alarm, before: str, state: str, reason: str) -> None:
        """Change an alarm's state by the API: its actions happen in the account."""
        await self.lab.account.ask(
            "cloudwatch",
            alarm.region,
            "set_alarm_state",
            AlarmName=alarm.name,
            StateValue=state,
            StateReason=reason,
        )
        if (before, state) != (INSUFFICIENT, OK):
            level = {ALARM: "bad", OK: "good"}.get(state, "warn")
            text = f"{alarm.name}: {before} → {state}"
            self.lab.events.note("alarm", text, subject=alarm.name, region=alarm.region, level=level, reason=reason)

    async def _tell_notices(self) -> None:
        """Note what topics published, but for alarms that had no data and have some now."""
        for notice in await self.lab.account.notices(self._notice):
            self._notice = notice["n"]
            said = text_of(notice["message"])
            if said and notice["at"] >= self.lab.began:
                region = notice["topic"].split(":")[3] if notice["topic"].count(":") >= 5 else ""
                self.lab.events.note("notice", said, subject=notice["subject"], region=region)


def text_of(message: str) -> str:
    """Return what a notice says to people; nothing where an alarm had no data and has some now."""
    try:
        found = json.loads(message)
    except ValueError:
        return message
    if not isinstance(found, dict) or "AlarmName" not in found:
        return message
    if (found.get("OldStateValue"), found.get("NewStateValue")) == (INSUFFICIENT, OK):
        return ""
    return f"{found.get('NewStateValue')}: {found['AlarmName']}: {found.get('AlarmDescription') or ''}"


def _datum(key: Key, bucket: Bucket) -> dict[str, Any]:
    return {
        "MetricName": key[2],
        "Dimensions": [{"Name": name, "Value": value} for name, value in key[3]],
        "StatisticValues": {
            "SampleCount": float(bucket.count),
            "Sum": bucket.sum,
            "Minimum": bucket.least,
            "Maximum": bucket.most,
        },
    }
