"""A data plane for tests: it says of each instance that it runs and of each target that it is healthy, unless told."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rehearsal.emulator.process import Emulator
from tests.rehearsal.emulator.fleets import Fleet

SPEED = 120.0
"""Seconds at AWS for one in these tests."""


@dataclass
class Plane:
    """What a fleet's servers and balancer would report. `bad`: instances that fail their checks."""

    emulator: Emulator
    fleet: Fleet
    bad: set[str] = field(default_factory=set)
    bad_versions: set[str] = field(default_factory=set)
    boots: bool = True
    seen: list[dict[str, str]] = field(default_factory=list)
    """The lifecycle state of each member at each step."""

    def step(self) -> None:
        """Report once."""
        members = {m["InstanceId"]: m for m in self.fleet.group["Instances"]}
        self.seen.append({name: m["LifecycleState"] for name, m in members.items()})
        region = self.fleet.api.meta.region_name
        pending = [name for name, m in members.items() if m["LifecycleState"] == "Pending"]
        if self.boots:
            self.emulator.report(instances=[{"region": region, "id": name, "state": "running"} for name in pending])
        bad = self.bad | {n for n, m in members.items() if m["LaunchTemplate"]["Version"] in self.bad_versions}
        self.emulator.report(
            targets=[
                {
                    "region": region,
                    "group": self.fleet.target_group,
                    "id": name,
                    **(
                        {"state": "unhealthy", "reason": "Target.Timeout", "description": "Request timed out"}
                        if name in bad
                        else {"state": "healthy"}
                    ),
                }
                for name, state in self.health.items()
                if state != "draining"
            ]
        )

    @property
    def health(self) -> dict[str, str]:
        """The state of each target."""
        return {name: each["State"] for name, each in self.target_health.items()}

    @property
    def target_health(self) -> dict[str, Any]:
        """The same, whole."""
        api = self.fleet.network.aws("elbv2")
        found = api.describe_target_health(TargetGroupArn=self.fleet.target_group)["TargetHealthDescriptions"]
        return {each["Target"]["Id"]: each["TargetHealth"] for each in found}

    @property
    def states(self) -> list[str]:
        """The lifecycle states of the members."""
        return sorted(m["LifecycleState"] for m in self.fleet.group["Instances"])

    def until(self, reached: Callable[[], bool], seconds: float = 15) -> None:
        """Report until something is reached."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.step()
            if reached():
                return
            time.sleep(0.03)
        raise AssertionError(f"not reached in {seconds} s: {self.fleet.group['Instances']}, {self.health}")

    def calm(self) -> None:
        """Report until all members serve and are healthy."""
        self.until(lambda: set(self.states) == {"InService"} and set(self.health.values()) == {"healthy"})
