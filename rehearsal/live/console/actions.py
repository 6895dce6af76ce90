"""What a person can do at the console, as requests to the lab: those of the control socket, and a few for single nodes.

`{"do": "fault", "what": "kill-server", "region": "eu-west-1", "instance": "i-0a12"}`. A request is checked here, before
the lab sees it: an unknown action, a missing or unknown argument, a value that is no name.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,254}")
"""Ids and names of AWS."""


@dataclass(frozen=True)
class Name:
    """An id or name of something in the account."""

    def problem(self, value: object) -> str:
        """Why `value` isn't one, or nothing."""
        return "" if isinstance(value, str) and NAME.fullmatch(value) else "is no name"


@dataclass(frozen=True)
class Number:
    """A number within bounds."""

    least: float
    most: float

    def problem(self, value: object) -> str:
        """Why `value` isn't one, or nothing."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "is no number"
        return "" if self.least <= value <= self.most else f"must be from {self.least:g} to {self.most:g}"


@dataclass(frozen=True)
class Action:
    """One kind of request."""

    text: str
    needs: Mapping[str, Name | Number] = field(default_factory=dict)
    takes: Mapping[str, Name | Number] = field(default_factory=dict)
    """What may be left out."""


NAMED = {"region": Name()}
SERVER = {"region": Name(), "instance": Name()}
ZONE = {"region": Name(), "zone": Name()}

FAULTS: Mapping[str, Action] = {
    "kill-server": Action("the instance is lost at once, as EC2 loses one", SERVER),
    "end-process": Action("the application is killed; its unit starts it anew", SERVER),
    "freeze-server": Action("it takes connections and answers nothing", SERVER),
    "thaw-server": Action("a frozen server goes on", SERVER),
    "leak-server": Action("its memory leaks until the kernel would kill it", SERVER),
    "cut-zone": Action("silence to and from the zone", ZONE),
    "slow-zone": Action("each packet of the zone comes so much later", {**ZONE, "seconds": Number(0, 30)}),
    "cut-region": Action("silence to and from the region, its APIs included", NAMED),
    "kill-session-primary": Action("the session store's node that takes writes is lost", NAMED),
    "freeze-session-primary": Action("that node holds connections and answers nothing", NAMED),
    "lag-sessions": Action("replication inside the region lags so much", {**NAMED, "seconds": Number(0, 60)}),
    "fill-sessions": Action("the store's memory is filled up", NAMED),
    "kill-database-writer": Action("the database's instance that takes writes is lost", NAMED),
    "kill-node": Action("a node of a store, or an instance of a database, is lost", {**NAMED, "node": Name()}),
    "freeze-node": Action("it holds connections and answers nothing", {**NAMED, "node": Name()}),
    "expire-certificate": Action("the balancer shows a certificate that has expired", NAMED),
    "break-function": Action("each invocation fails before the first line", {**NAMED, "function": Name()}),
}
"""By `what`, of the requests that `do` a `fault`."""

ACTIONS: Mapping[str, Action] = {
    "heal": Action("everything that was cut, slowed, frozen or filled is whole again"),
    "release": Action("a version is released: `good`, `bad`, or bad `later`", {"what": Name(), **NAMED}),
    "load": Action("requests a second from the users", {"rate": Number(0, 5000)}),
    "pace": Action("seconds at AWS in one second here", {"speed": Number(0.1, 100)}),
}
"""By `do`, the others."""


def problems(request: object) -> list[str]:
    """What is wrong with a request; nothing if the lab may have it."""
    if not isinstance(request, Mapping):
        return ["a request is an object"]
    given: dict[str, Any] = dict(request)
    do = given.pop("do", None)
    if do == "fault":
        what = given.pop("what", None)
        action = FAULTS.get(what) if isinstance(what, str) else None
        unknown = f"what: {what!r} is none of {', '.join(FAULTS)}"
    else:
        action = ACTIONS.get(do) if isinstance(do, str) else None
        unknown = f"do: {do!r} is none of fault, {', '.join(ACTIONS)}"
    if action is None:
        return [unknown]
    known = {**action.needs, **action.takes}
    missing = [f"{name}: is missing" for name in action.needs if name not in given]
    extra = [f"{name}: is unknown" for name in given if name not in known]
    wrong = [(name, known[name].problem(value), value) for name, value in given.items() if name in known]
    return [*missing, *extra, *(f"{name}: {value!r} {problem}" for name, problem, value in wrong if problem)]
