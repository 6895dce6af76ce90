"""What a scenario works with: it breaks, waits, watches, asks the account, and notes what it finds."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

import boto3
from botocore.config import Config

from rehearsal.drill.course import Course
from rehearsal.drill.plane import Plane
from rehearsal.drill.users import Users
from rehearsal.drill.verdicts import Computed
from rehearsal.emulator.process import Emulator

SWITCH = "standby-serves"
"""The object that moves users to the standby."""

QUIET = 3.0
"""Seconds (real ones) of nothing but answers, after which the site is taken to be well."""


@dataclass
class Cloud:
    """The emulated account, for what an operator asks it."""

    emulator: Emulator

    def client(self, service: str, region: str, keys: Mapping[str, str] | None = None) -> Any:
        """A client; with the keys of a role, or the owner's."""
        keys = keys or {"access_key": self.emulator.key, "secret_key": "rehearsal"}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.emulator.endpoint,
            aws_access_key_id=keys["access_key"],
            aws_secret_access_key=keys["secret_key"],
            aws_session_token=keys.get("token"),
            config=Config(retries={"total_max_attempts": 2}, read_timeout=660, connect_timeout=5, proxies={}),
        )

    async def ask(self, service: str, region: str, operation: str, **params: Any) -> dict[str, Any]:
        """Ask the account."""
        client = await asyncio.to_thread(self.client, service, region)
        answer: dict[str, Any] = await asyncio.to_thread(getattr(client, operation), **params)
        return answer


async def standby_serves(cloud: Cloud, outputs: Mapping[str, Any]) -> bool:
    """Whether the switch of a stack sends users to the standby."""
    return await beside_the_switch(cloud, outputs, SWITCH)


async def beside_the_switch(cloud: Cloud, outputs: Mapping[str, Any], key: str) -> bool:
    """Whether an object is in the bucket of a stack's switch; never where there is none."""
    bucket = outputs.get("failover_switch")
    if not bucket:
        return False
    region = outputs["clusters"]["standby"]["region"]
    found = await cloud.ask("s3", region, "list_objects_v2", Bucket=bucket, Prefix=key)
    return any(each["Key"] == key for each in found.get("Contents", []))


@dataclass
class Stage:
    """A scenario's view of the plane while it runs. Waits are AWS's seconds."""

    plane: Plane
    users: Users
    cloud: Cloud
    outputs: dict[str, Any]
    random: Random
    speed: float
    course: Course
    mistakes: frozenset[str] = frozenset()
    """Made on purpose in this drill."""

    @cached_property
    def primary(self) -> str:
        """The primary region."""
        return str(self.outputs["clusters"]["primary"]["region"])

    @cached_property
    def standby(self) -> str:
        """The standby region."""
        return str(self.outputs["clusters"]["standby"]["region"])

    @property
    def computed(self) -> Computed:
        """The stack's own worst cases."""
        return Computed.of(self.outputs)

    async def standby_serves(self) -> bool:
        """Whether the switch sends users to the standby."""
        return await standby_serves(self.cloud, self.outputs)

    def step(self, text: str) -> None:
        """Note what the drill does."""
        self.course.marks.append({"at": time.time(), "kind": "step", "text": text})

    def begin(self) -> None:
        """Count from now on; without it the first fault is the begin."""
        self.course.fault_at = time.time()

    async def fault(self, what: str, **fields: Any) -> str:
        """Break something."""
        at = time.time()
        if self.course.fault_at is None:
            self.course.fault_at = at
        if self.course.broken_at is None:
            self.course.broken_at = at
        target = str((await self.plane.do("fault", what=what, **fields)).get("target", ""))
        self.course.target = self.course.target or target
        self.course.marks.append({"at": at, "kind": "fault", "text": f"{what.replace('-', ' ')}: {target}"})
        return target

    async def wait(self, seconds: float) -> None:
        """Wait for so many seconds at AWS."""
        await asyncio.sleep(seconds / self.speed)

    async def watch(self, least: float, most: float) -> None:
        """Watch for `least` seconds at AWS, and on until users are well, for `most` at most."""
        began = time.time()
        await self.wait(least)
        while time.time() - began < most / self.speed:
            if await self.users.well(time.time() - QUIET):
                return
            await asyncio.sleep(0.25)

    async def until(self, what: Callable[[], Awaitable[bool]], most: float) -> float | None:
        """Wait until something is so; return after how many seconds at AWS, or None after `most`."""
        began = time.time()
        while True:
            passed = (time.time() - began) * self.speed
            if await what():
                return passed
            if passed > most:
                return None
            await asyncio.sleep(min(0.5, max(0.1, 1 / self.speed)))

    async def must(self, text: str, what: Callable[[], Awaitable[bool]], most: float) -> None:
        """Wait until something is so. Raises RuntimeError, with the text that says what isn't."""
        if await self.until(what, most) is None:
            raise RuntimeError(f"after {most:g} s {text}")

    async def events(self, kind: str, since: float) -> list[dict[str, Any]]:
        """The plane's events of a kind from a moment on."""
        found = (await self.plane.do("events", since=0))["events"]
        return [each for each in found if each["kind"] == kind and each["at"] >= since]

    async def servers(self, region: str) -> set[str]:
        """The instances in service."""
        found = await self.cloud.ask("autoscaling", region, "describe_auto_scaling_groups")
        return {
            each["InstanceId"]
            for group in found["AutoScalingGroups"]
            for each in group["Instances"]
            if each["LifecycleState"] == "InService"
        }
