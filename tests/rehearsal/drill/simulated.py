"""A drill that was never run: outcomes as a load would write them, for tests of what is made of them."""

import math
from collections.abc import Iterator
from random import Random
from typing import Any

from rehearsal.drill.course import Course
from rehearsal.drill.drill import LIMITS, overall
from rehearsal.drill.judge import judge, not_run
from rehearsal.drill.load.records import Record
from rehearsal.drill.report.shape import Drill, Mark, Result
from rehearsal.drill.scenarios.catalogue import BY_NAME
from rehearsal.drill.verdicts import Computed

BEGAN = 1_795_990_000.0
PRIMARY, STANDBY = "eu-west-1", "eu-central-1"
ZONES = {PRIMARY: ["euw1-az1", "euw1-az2", "euw1-az3"], STANDBY: ["euc1-az1", "euc1-az2", "euc1-az3"]}
RATE, USERS = 120.0, 60


def case(recovery: float | None, loss: float, text: str = "5s × 2 checks + 2s timeout") -> dict[str, Any]:
    terms = [{"name": "x", "seconds": recovery, "text": f"{text} (assumed)", "origin": "assumed"}]
    lost: dict[str, Any] = {
        "seconds": loss,
        "text": "none" if not loss else "1s replication lag (typical)",
        "terms": [],
    }
    return {"recovery": {"seconds": recovery, "text": text, "terms": terms}, "data_loss": lost}


def outputs(**changes: Any) -> dict[str, Any]:
    """A stack's outputs, as far as the drill reads them."""
    made: dict[str, Any] = {
        "site": "www.example.com",
        "strategy": "warm-standby",
        "clusters": {
            "primary": {"region": PRIMARY, "auto_scaling_group_name": "primary-group", "session_store_id": "s"},
            "standby": {"region": STANDBY, "auto_scaling_group_name": "standby-group", "session_store_id": "t"},
        },
        "failover_switch": "switch",
        "failover_function": "failover",
        "objectives": {
            "server": {"recovery": "15s"},
            "zone": {"recovery": "2m", "data_loss": "5s"},
            "region": {"recovery": "5m", "data_loss": "1m"},
        },
        "recovery": {
            "server": case(12, 0),
            "zone": case(90, 1),
            "region": case(281, 1, "32s + 120s promotion + 60s TTL"),
        },
    }
    return made | changes


def load(
    seed: int,
    begin: float,
    fault: float,
    end: float,
    bad: float = 0,
    share: float = 0,
    to: str = PRIMARY,
    back: int = 0,
    lost: int = 0,
    first_zone: int = 0,
) -> Iterator[Record]:
    """Visits and orders: for `bad` seconds from the fault on a share fails; after it those of `to` answer."""
    random = Random(seed)
    counts = dict.fromkeys(range(USERS), 0)
    at, number = begin, 0
    keys = []
    while (at := at + random.expovariate(RATE)) < end:
        number += 1
        user = random.randrange(USERS)
        during = fault <= at < fault + bad
        failed = during and random.random() < share
        region = to if at >= fault + bad else PRIMARY
        zones = ZONES[region] if not during or region != PRIMARY else ZONES[region][first_zone:]
        slow = math.exp(random.gauss(-4.8 + (1.2 if during else 0), 0.35))
        record: Record = {"k": "v", "t": at, "u": user, "a": "192.0.2.1", "l": slow}
        if number % 10 == 0:
            key = f"k{number}"
            keys.append(key)
            written: Record = {"k": "w", "u": "w", "key": key, "try": 1, "o": "unknown" if failed else "ack"}
            record |= written
        if failed:
            problem: Record = {"c": 503} if random.random() < 0.6 else {"e": "timeout", "l": 4.0 + random.random()}
            yield record | problem
            continue
        zone = random.choice(zones)
        if record["k"] == "w":
            yield record | {"c": 201, "z": zone, "r": region}
            continue
        counts[user] += 1
        told = counts[user] - (back if user < lost and at >= fault + bad else 0)
        yield record | {"c": 200, "z": zone, "r": region, "s": f"i-{zone}", "v": told, "i": f"u{user}"}
    for key in keys:
        yield {"k": "r", "t": end + 1, "l": 0.01, "u": "w", "c": 200, "key": key, "found": True, "when": "end"}


def result(name: str, length: float, marks: tuple[tuple[float, str, str], ...] = (), **how: Any) -> Result:
    """The result of a scenario as if it had been run."""
    scenario = BY_NAME[name]
    fault = BEGAN + 4
    course = Course(BEGAN, BEGAN + length, fault, how.pop("target", ""))
    course.facts |= how.pop("facts", {})
    found: list[Mark] = [{"at": fault + at, "kind": kind, "text": text} for at, kind, text in marks]
    course.marks = found
    records = list(load(len(name), BEGAN, fault, BEGAN + length, **how))
    return judge(scenario, course, records, Computed.of(outputs()))


def drill() -> Drill:
    """A whole one, with all kinds of verdicts."""
    results = [
        result("control", 14),
        result(
            "server-killed",
            18,
            (
                (0, "fault", "kill server: i-0a1b2c3d4e5f"),
                (1.9, "server", "i-0a1b2c3d4e5f is unhealthy in primary-tg (Target.Timeout)"),
                (2.4, "scaling", "primary-group replaces i-0a1b2c3d4e5f"),
                (7.5, "server", "i-0f9e8d7c6b5a is healthy"),
            ),
            bad=1.9,
            share=0.33,
            target="i-0a1b2c3d4e5f",
        ),
        result("release-bad", 24, ((0, "release", "version 7 (bad) is released"),), facts={"ended": 130.0}),
        result(
            "session-primary-killed",
            26,
            (
                (0, "fault", "kill session primary: primary-group-001"),
                (5.6, "role", "primary-group-002 takes writes"),
                (7, "notice", "ALARM: session store failed over"),
            ),
            bad=6.2,
            share=0.02,
            target="primary-group-001",
        ),
        result(
            "session-primary-killed-lagging",
            30,
            ((0, "fault", "kill session primary: primary-group-002"), (5.6, "role", "primary-group-003 takes writes")),
            bad=6.2,
            share=0.8,
            back=14,
            lost=50,
            target="primary-group-002",
        ),
        result(
            "region",
            52,
            (
                (0, "fault", "cut region: eu-west-1"),
                (4.1, "health", "check primary fails: 0 of 16 checkers"),
                (6.2, "function", "eu-central-1: site-failover looks: primary doesn't answer in both views"),
                (10.6, "function", "promotes sessions, database"),
                (17, "role", "standby-group takes writes"),
                (19.5, "role", "standby-database takes writes"),
                (20.1, "function", "switch: standby-serves"),
                (21.4, "dns", "www.example.com: standby-lb"),
                (21.9, "notice", "Failed over to eu-central-1"),
            ),
            bad=27,
            share=1.0,
            to=STANDBY,
            target=PRIMARY,
        ),
        not_run(BY_NAME["region-switch"], "the stack has no Region switch plan (failover: region-switch)"),
    ]
    verdict, why = overall(results)
    return {
        "format": 1,
        "site": "www.example.com",
        "strategy": "warm-standby",
        "regions": [PRIMARY, STANDBY],
        "verdict": verdict.value,
        "why": why,
        "at": BEGAN,
        "took": 318.0,
        "seed": 7,
        "rate": RATE,
        "mistakes": [],
        "machine": "2 cores, Linux 6.1.0, Python 3.11.7",
        "load": {"cpu": 0.11, "late": 0.012},
        "assumed": ["30s session store failover (assumed)", "2m database promotion (assumed)"],
        "limits": list(LIMITS),
        "results": results,
    }
