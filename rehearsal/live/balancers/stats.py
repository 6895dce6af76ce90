"""HAProxy's figures: what `show stat` prints, as numbers that go on counting after a new configuration. Pure.

https://docs.haproxy.org/2.8/management.html#9.1
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rehearsal.live.balancers.health import INITIAL, View

TIMED_OUT = ("L4TOUT", "L6TOUT", "L7TOUT")


@dataclass(frozen=True)
class Row:
    """A line: a frontend, or a server of a backend."""

    proxy: str
    server: str
    status: str = ""
    check: str = ""
    """Result of the last health check, such as L7OK."""
    code: str = ""
    """HTTP code of the last health check."""
    requests: int = 0
    codes: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Answers of 2xx, 3xx, 4xx, 5xx."""
    connection_errors: int = 0
    active: int = 0
    """Requests that are answered now."""
    response_ms: float = 0.0
    """Average of the last 1024 answers' times."""

    @property
    def up(self) -> bool:
        """Whether its checks let it have requests."""
        return self.status.startswith(("UP", "no check"))

    @property
    def view(self) -> View:
        """Return state, reason and description as DescribeTargetHealth has them, of a server that is checked.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-reason-codes
        """
        if self.status.startswith("MAINT") or self.check in ("", "INI", "UNK"):
            return INITIAL
        if self.status.startswith("UP"):
            return "healthy", "", ""
        if self.check in TIMED_OUT:
            return "unhealthy", "Target.Timeout", "Request timed out"
        if self.check == "L7STS":
            text = f"Health checks failed with these codes: [{self.code}]"
            return "unhealthy", "Target.ResponseCodeMismatch", text
        return "unhealthy", "Target.FailedHealthChecks", "Health checks failed"


def rows(text: str) -> list[Row]:
    """Return the lines of `show stat`."""
    lines = text.lstrip("# \n").splitlines()
    return [_row(line) for line in csv.DictReader(line for line in lines if line)]


def _row(line: Mapping[str, str]) -> Row:
    def number(name: str) -> int:
        return int(line.get(name) or 0)

    return Row(
        proxy=line["pxname"],
        server=line["svname"],
        status=line.get("status", ""),
        check=line.get("check_status", "").removeprefix("* "),
        code=line.get("check_code", ""),
        requests=number("req_tot") or number("stot"),
        codes=(number("hrsp_2xx"), number("hrsp_3xx"), number("hrsp_4xx"), number("hrsp_5xx")),
        connection_errors=number("econ"),
        active=number("scur"),
        response_ms=float(line.get("rtime") or 0),
    )


@dataclass(frozen=True)
class Counts:
    """Figures since the beginning."""

    requests: int = 0
    codes: tuple[int, int, int, int] = (0, 0, 0, 0)
    connection_errors: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum."""
        two, three, four, five = (a + b for a, b in zip(self.codes, other.codes, strict=True))
        return Counts(
            self.requests + other.requests,
            (two, three, four, five),
            self.connection_errors + other.connection_errors,
        )

    def since(self, earlier: "Counts") -> "Counts":
        """Return what was added; HAProxy counts from 0 again after a new configuration."""
        if self.requests < earlier.requests or any(a < b for a, b in zip(self.codes, earlier.codes, strict=True)):
            return self
        two, three, four, five = (a - b for a, b in zip(self.codes, earlier.codes, strict=True))
        return Counts(
            self.requests - earlier.requests,
            (two, three, four, five),
            max(0, self.connection_errors - earlier.connection_errors),
        )


def counts(found: Iterable[Row]) -> Counts:
    """Return the sum over lines."""
    total = Counts()
    for row in found:
        total = total.plus(Counts(row.requests, row.codes, row.connection_errors))
    return total


@dataclass
class Counter:
    """Goes on counting whatever HAProxy does."""

    total: Counts = field(default_factory=Counts)
    last: Counts = field(default_factory=Counts)

    def add(self, now: Counts) -> Counts:
        """Take up what HAProxy says now; return the total."""
        self.total = self.total.plus(now.since(self.last))
        self.last = now
        return self.total
