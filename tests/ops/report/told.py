"""What a page says of a stack that has been drilled and failed over."""

from typing import Any

from ops.core.stack import Cluster, Stack
from ops.report.contents import contents
from ops.status.facts import Facts
from ops.status.verdict import judge
from tests.ops.status.healthy import FACTS, FRANKFURT, IRELAND

NOW = 1_800_000_000.0
MAIN = Cluster("primary", IRELAND, "group", "tg", "lb", "lb.example", "store", ())
STACK = Stack(
    "www.example.com",
    {"primary": MAIN, "standby": Cluster("standby", FRANKFURT, "group", "tg", "lb", "lb.example", "store", ())},
    strategy="warm-standby",
    objectives={"zone": {"recovery": "2m", "dataLoss": "5s"}, "region": {"recovery": "5m"}},
    recovery={
        "zone": {"recovery": {"seconds": 84}, "data_loss": {"seconds": 1}},
        "region": {"recovery": {"seconds": None}, "data_loss": {"seconds": 30}},
    },
)
ENTRY: dict[str, Any] = {
    "operation": "failover",
    "who": "ann@laptop",
    "began": NOW - 600,
    "ended": NOW - 540,
    "outcome": "done",
    "steps": [],
}


def result(name: str, recovery: float, verdict: str = "met") -> dict[str, Any]:
    rows = [
        {"what": "all users are served again", "measured": recovery},
        {"what": "age of what is lost", "measured": None},
    ]
    return {"name": name, "verdict": verdict, "rows": rows}


def drill(*results: dict[str, Any], verdict: str = "met", mistakes: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"at": NOW - 3600, "took": 1200.0, "verdict": verdict, "mistakes": [*mistakes], "results": [*results]}


def told(*drills: dict[str, Any], entries: tuple[dict[str, Any], ...] = (ENTRY, ENTRY), facts: Facts = FACTS) -> Any:
    return contents(STACK, facts, judge(facts), entries, drills, NOW)
