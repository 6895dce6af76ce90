"""A look at a group: its servers, their health, its refresh; and how that is told. No SDK here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ha_web.release.versions import Version, version_of

ENDED = ("Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed")


@dataclass(frozen=True)
class Server:
    """An instance of the group."""

    id: str
    zone: str
    new: bool
    in_service: bool
    failed: bool
    """The group has found it unhealthy and replaces it."""
    target: str
    """Its state in the target groups, `healthy` only if it is in all of them."""
    reason: str

    @property
    def serves(self) -> bool:
        """Return whether it gets traffic."""
        return self.in_service and not self.failed and self.target == "healthy"


@dataclass(frozen=True)
class View:
    """A group at a moment, beside the version that is wanted."""

    described: Mapping[str, Any]
    servers: Sequence[Server]
    refresh: Mapping[str, Any] | None = None

    @property
    def version(self) -> Version | None:
        """What the group launches."""
        return version_of(self.described)

    @property
    def minimum(self) -> int:
        """The smallest number of servers, as AWS has it now."""
        return int(self.described["MinSize"])

    @property
    def serving(self) -> int:
        """The number of servers that get traffic."""
        return sum(server.serves for server in self.servers)


def view_of(
    group: Mapping[str, Any],
    targets: Sequence[Mapping[str, Any]],
    wanted: Version,
    refresh: Mapping[str, Any] | None = None,
) -> View:
    """Return the view of a group as described, with the answers about each of its target groups."""
    states: dict[str, tuple[str, str]] = {}
    for answer in targets:
        for each in answer["TargetHealthDescriptions"]:
            health = each["TargetHealth"]
            if states.get(each["Target"]["Id"], ("healthy", ""))[0] == "healthy":
                states[each["Target"]["Id"]] = health["State"], health.get("Description", health.get("Reason", ""))
    registered = ("initial", "") if targets else ("healthy", "")
    servers = []
    for each in group["Instances"]:
        state, reason = states.get(each["InstanceId"], registered)
        servers.append(
            Server(
                id=each["InstanceId"],
                zone=each["AvailabilityZone"],
                new=wanted.has(each),
                in_service=each["LifecycleState"] == "InService",
                failed=each["HealthStatus"] != "Healthy",
                target=state,
                reason=reason,
            )
        )
    return View(group, servers, refresh)


def progress(view: View, number: str) -> str:
    """Return a line: how far the release is, what each zone has, and how many servers get traffic."""
    refresh = view.refresh or {}
    percent, status = refresh.get("PercentageComplete", 0), refresh.get("Status", "")
    return f"version {number}: {percent} percent, {PHASES.get(status, status)}; {zones(view)}; {healthy(view)}"


PHASES = {
    "Pending": "about to begin",
    "InProgress": "replacing servers",
    "Baking": "all replaced, watching the alarms",
    "Successful": "done",
    "Cancelling": "being cancelled",
    "RollbackInProgress": "going back to the version before",
    "RollbackSuccessful": "back at the version before",
}


def healthy(view: View) -> str:
    """Return how many servers get traffic."""
    return f"{view.serving} of {len(view.servers)} servers healthy"


def zones(view: View) -> str:
    """Return what each zone has: `eu-west-1a 1 new, 1 old`."""
    words: dict[str, Counter[str]] = {}
    for server in view.servers:
        kind = "new" if server.new else "old"
        word = kind if server.serves or not server.new else "new starting" if not server.failed else "new failed"
        words.setdefault(server.zone, Counter())[word] += 1
    return ", ".join(
        f"{zone} " + " and ".join(f"{count} {word}" for word, count in sorted(words[zone].items()))
        for zone in sorted(words)
    )
