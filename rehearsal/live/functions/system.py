"""The part `functions`: Lambda functions run on their schedules, under their roles, and when somebody invokes them."""

import asyncio
import random
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.live.functions import code, reading
from rehearsal.live.functions.counts import Counts
from rehearsal.live.functions.logs import write_log
from rehearsal.live.functions.model import DELAYS, Function, Start
from rehearsal.live.functions.runner import Result, Runner
from rehearsal.live.functions.schedule import ScheduleError
from rehearsal.live.functions.timer import Timer
from rehearsal.live.lab import Lab
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.watch.clock import Clock
from rehearsal.live.watch.data import Datum

ADDRESSES = "198.18.64."
"""The first three numbers of the functions' addresses, of a range for tests (RFC 2544). No function is in a VPC."""

PATIENCE = 90.0
"""Seconds here until schedules begin, at most: before the site stands, its failover would find it failed."""

THROTTLE_DELAYS = (1.0, 300.0)
"""Seconds between attempts while a function is throttled: it doubles from the one to the other.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""

SIMULATED = (
    "Functions run under this machine's Python, a new process for each invocation; none runs inside a VPC; rules that "
    "wait for events start nothing. Where AWS's time passes faster than ours, so does the clock of a function."
)


class ThrottledError(Exception):
    """More would run at once than the function's reserved concurrency."""


class Functions:
    """Lambda and EventBridge."""

    name = "functions"
    reads = frozenset({"lambda", "events"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.clock = Clock(lab.pace)
        self.functions: dict[str, Function] = {}
        self.starts: dict[tuple[str, str], Start] = {}
        self.counts = Counts()
        self._folder = lab.folder / "functions"
        self._runner = Runner(self._folder / "runs", lab.account.emulator.endpoint, lab.authority.bundle)
        self._hosts: dict[str, Host] = {}
        self._timers: dict[tuple[str, str], Timer] = {}
        self._running: dict[str, int] = {}
        self._broken: set[str] = set()
        self._wishes: set[int] = set()
        self._noted: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._alive = False
        self._opened = self.clock.read()

    # What others call

    async def invoke(self, name: str, event: str = "{}") -> Result:
        """Run a function, by its name or ARN, and return what came of it. LookupError; ThrottledError."""
        return await self._invoke(self._function(name), event)

    async def fail(self, function: str = "", region: str = "", **_: Any) -> str:
        """Let each invocation of a function fail before its first line. LookupError if there is none.

        function: its name, or a part of it; without it, the one that is started most often.
        """
        found = [f for f in self.functions.values() if region in ("", f.region) and function in f.name]
        often = {start.function_arn for start in self.starts.values() if start.schedule.startswith("rate")}
        if not found:
            raise LookupError(f"there is no function {function}".strip())
        chosen = min(found, key=lambda each: (each.arn not in often, each.name))
        self._broken.add(chosen.arn)
        return chosen.name

    async def mend(self) -> None:
        """Let all functions work again."""
        self._broken.clear()

    def drain(self) -> list[Datum]:
        """Return the metrics since the last time."""
        return self.counts.take()

    # The part

    async def reconcile(self) -> None:
        """Run what somebody invoked; read functions and schedules."""
        await self._grant_all()
        account, regions = self.lab.account, [each.name for each in self.lab.outline.regions]
        found = [each for region in regions for each in await reading.functions(account, region)]
        for each in found:
            if each.region not in self._hosts:
                address = f"{ADDRESSES}{len(self._hosts) + 1}"
                place = Place(each.region)
                self._hosts[each.region] = await self.lab.fabric.add_host(f"lambda-{each.region}", [address], place)
            if not self.counts.known(each) and each.trouble:
                self.lab.events.note("trouble", f"{each.name} isn't run: {each.trouble}", subject=each.name)
        self.functions = {each.arn: each for each in found}
        starts = [each for region in regions for each in await reading.schedules(account, region)]
        self.starts = {(each.rule_arn, each.target): each for each in starts}
        self._set_timers()
        await self._grant_all()

    async def observe(self) -> None:
        """Start what is due."""
        now = self.clock.wall()
        if not self._alive:
            late = self.clock.read() - self._opened > PATIENCE
            self._alive = late or not self.lab.part("names").settled()
            self._timers.clear()
            self._set_timers()
        for key, timer in self._timers.items() if self._alive else ():
            if timer.fires(now):
                self._task(self._start(self.starts[key], now))

    def describe(self) -> dict[str, Any]:
        """Return the functions."""
        schedules = {start.function_arn: start.schedule for start in self.starts.values()}
        return {
            "functions": [
                {
                    "name": each.name,
                    "region": each.region,
                    "schedule": schedules.get(each.arn, ""),
                    "running": self._running.get(each.arn, 0) > 0,
                    **self.counts.seen.get(each.arn, {}),
                }
                for each in self.functions.values()
            ],
            "simulated": SIMULATED,
        }

    async def aclose(self) -> None:
        """End what runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # How

    def _function(self, name: str) -> Function:
        for each in self.functions.values():
            if name in (each.arn, each.name):
                return each
        raise LookupError(f"there is no function {name}")

    def _task(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _set_timers(self) -> None:
        self._timers = {key: timer for key, timer in self._timers.items() if key in self.starts}
        for key, start in self.starts.items():
            timer = self._timers.get(key)
            if timer is None or timer.expression != start.schedule:
                try:
                    self._timers[key] = Timer.of(start.schedule, self.clock.wall(), random.Random())
                except ScheduleError as error:
                    self.lab.events.note("trouble", f"{start.rule} isn't followed: {error}", subject=start.rule)

    async def _start(self, start: Start, now: datetime) -> None:
        """Start a schedule's target."""
        function = self.functions.get(start.function_arn)
        let_in = function is not None and function.lets_in(start.rule_arn)
        self.counts.triggered(start, failed=not let_in)
        if function is None or not let_in:
            text = f"{start.rule} may not invoke {start.function_arn.rpartition(':')[2]}"
            self.lab.events.note("function", text, subject=start.rule, region=start.region, level="bad")
            return
        await self._later(function, start.payload(now, ACCOUNT))

    async def _later(self, function: Function, event: str) -> None:
        """Run an asynchronous invocation, again after errors as often as the function allows, until it is too old."""
        began, wait, errors = self.clock.seconds(), THROTTLE_DELAYS[0], 0
        while self.clock.seconds() - began <= function.oldest:
            try:
                result = await self._invoke(function, event)
            except ThrottledError:
                await asyncio.sleep(self.lab.pace.real(wait))
                wait = min(2 * wait, THROTTLE_DELAYS[1])
                continue
            if result.ok or errors >= function.retries:
                return
            await asyncio.sleep(self.lab.pace.real(DELAYS[min(errors, len(DELAYS) - 1)]))
            errors += 1

    async def _grant_all(self) -> None:
        names = {each.name for each in self.functions.values()}
        for wish in await self.lab.account.wishes():
            is_new = wish["service"] == "lambda" and wish["number"] not in self._wishes
            if is_new and wish["resource"] in names:
                self._wishes.add(wish["number"])
                self._task(self._grant(wish))

    async def _grant(self, wish: dict[str, Any]) -> None:
        """Run what somebody invoked by the API, and give them the answer."""
        function, details, account = self._function(wish["resource"]), wish["details"], self.lab.account
        try:
            if details["asynchronous"]:
                await account.promoted(wish["number"])
                await self._later(function, details["payload"])
                return
            result = await self._invoke(function, details["payload"])
            await account.promoted(wish["number"], ok=result.ok, payload=result.payload)
        except ThrottledError:
            await account.promoted(wish["number"], throttled=True)

    async def _invoke(self, function: Function, event: str) -> Result:
        running = self._running.get(function.arn, 0)
        if function.concurrency is not None and running >= function.concurrency:
            self.counts.throttled(function)
            raise ThrottledError(function.name)
        self._running[function.arn] = running + 1
        try:
            result = await self._run(function, event)
        finally:
            self._running[function.arn] -= 1
        self.counts.ended(function, result)
        self._note(function, event, result)
        with suppress(Exception):  # a log that can't be written harms no invocation
            await write_log(self.lab.account, function, result.request, result.log)
        return result

    async def _run(self, function: Function, event: str) -> Result:
        if function.trouble:
            return Result(False, f'{{"errorMessage": "{function.trouble}"}}', 0.0)
        account = self.lab.account
        folder = await self._code(function)
        keys = await account.credentials(function.role, "lambda.amazonaws.com")
        return await self._runner.run(
            self._hosts[function.region],
            function,
            folder,
            event,
            keys,
            speed=self.lab.pace.speed,
            broken=function.arn in self._broken,
        )

    async def _code(self, function: Function) -> Path:
        answer = await self.lab.account.ask("lambda", function.region, "get_function", FunctionName=function.name)
        return await code.fetch(self._folder / "code", function.digest, answer["Code"]["Location"])

    def _note(self, function: Function, event: str, result: Result) -> None:
        """Note what a function said; a healthy run of a watcher says the same each time, and is noted once."""
        said = f"{function.name}: {result.said}"
        if result.ok and self._noted.get(function.arn) == said:
            return
        self._noted[function.arn] = said
        fields = {"subject": function.name, "region": function.region, "log": [*result.log[-20:]], "event": event}
        self.lab.events.note("function", said, level="good" if result.ok else "bad", **fields)
