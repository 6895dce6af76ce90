"""What the console reads of the lab: its state, the events, the load, and what it may ask of it.

Times are seconds since 1970 by the machine's clock, latencies milliseconds. What it reads of each part has a module of
its own, `rehearsal.live.console.part_shapes`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypedDict


class Region(TypedDict, total=False):
    """A region that the account has something in."""

    name: str
    role: str
    """`primary` or `standby`, as the tags say."""
    zones: Sequence[str]


class Network(TypedDict, total=False):
    """What is broken on purpose."""

    cut: Sequence[str]
    """Zones and regions by name."""
    slow: Mapping[str, float]
    """Seconds of delay by zone."""


class Account(TypedDict, total=False):
    """The account's outline."""

    site: str
    """`www.example.com`."""
    url: str
    """The site's address in the browser of this machine."""
    regions: Sequence[Region]


class State(TypedDict, total=False):
    """`lab.describe()`."""

    at: float
    pace: float
    account: Account
    network: Network
    parts: Mapping[str, Mapping[str, Any]]


class Event(TypedDict, total=False):
    """`lab.events.since(n)` gives these, in order; further fields are shown as they are."""

    n: int
    """Counts up by one."""
    at: float
    kind: str
    """As `rehearsal.live.events` lists them. `fault` and `heal` are marked in the charts."""
    text: str
    """One line for people: `eu-west-1a: server i-0a12 killed`."""
    level: str
    """`bad`, `warn` or `good`, if it is one."""
    region: str
    zone: str
    subject: str
    """Of a notice: what SNS sends as the subject. `text` is the message then."""


class LoadSecond(TypedDict, total=False):
    """What users saw in one second of the machine's clock: the second in which the answer, or the failure, came."""

    at: int
    sent: int
    ok: int
    errors: Mapping[str, int]
    """By kind: `503`, or as the load says it: `connect timeout`, `timeout`, `refused`, `closed`, `dns`…"""
    p50: float
    p99: float
    zones: Mapping[str, int]
    """Good answers by the zone that gave them."""
    servers: Mapping[str, int]
    """And by server's id."""
    back: int
    """Sessions whose counter went back."""


class LoadWindow(TypedDict, total=False):
    """`lab.load.window()`: the last five minutes, whole seconds only, the oldest first."""

    rate: float
    """Requests a second that are asked for; 0 is no load."""
    most: float
    """The most that this machine can be asked for."""
    seconds: Sequence[LoadSecond]


class Events(Protocol):
    """The record of what happened."""

    def since(self, n: int) -> Sequence[Mapping[str, Any]]:
        """The events after number `n`."""
        ...


class Load(Protocol):
    """The users."""

    def window(self) -> Mapping[str, Any]:
        """A `LoadWindow`."""
        ...


class Lab(Protocol):
    """What the console needs of the lab."""

    @property
    def events(self) -> Events:
        """What happened."""
        ...

    @property
    def load(self) -> Load:
        """The users."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """A `State`."""
        ...

    async def do(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Does what `rehearsal.live.console.actions` lists: the same calls as those of the control socket.

        Answers `{"ok": True, "text": …}` or `{"ok": False, "error": …}`.
        """
        ...
