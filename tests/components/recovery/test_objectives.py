"""Declared objectives, and the line that says which settings would meet them."""

import itertools
import math
import re
from typing import Any

import pytest
from ha_web.recovery.assumptions import with_measured
from ha_web.recovery.facts import Edge, Facts, Failover
from ha_web.recovery.objectives import Objective, RecoveryObjectives
from ha_web.recovery.remedies import CHANGES, remedies
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.worst_cases import Failure, worst_case

from tests.components.recovery_sites import ALL, site

CHECKED = "16s × 2 checks with time-out"
CAPACITY = "0s until EC2 has capacity (assumed)"
FIRST = f"{CHECKED} + 10s beacon TTL + 10s to the next look + 10s × 3 further looks + 4s its request"


def unmet(facts: Facts, failure: str, **objective: str) -> list[str]:
    objectives, problems = RecoveryObjectives.parse({failure: objective})
    assert problems == []
    return objectives.problems(facts)


def test_objectives_are_read_by_failure() -> None:
    objectives, problems = RecoveryObjectives.parse(
        {
            "server": {"recovery": "15s"},
            "zone": {"recovery": "60s"},
            "region": {"recovery": "3m", "data_loss": "1m"},
            "corruption": {"recovery": "4h", "dataLoss": "1h"},
        }
    )
    assert problems == []
    assert objectives.objectives == {
        Failure.SERVER: Objective(15, None),
        Failure.ZONE: Objective(60, None),
        Failure.REGION: Objective(180, 60),
        Failure.CORRUPTION: Objective(14_400, 3_600),
    }


def test_all_that_is_wrong_with_objectives_is_said_at_once() -> None:
    _, problems = RecoveryObjectives.parse(
        {"regoin": {"recovery": "3m"}, "zone": {"recovry": "3m", "recovery": "3"}, "server": 3},
        "ha-web:objectives",
    )
    assert problems == [
        "ha-web:objectives.regoin is no failure; the nearest known one is region",
        "ha-web:objectives.zone.recovry is unknown; the nearest known one is recovery",
        "ha-web:objectives.zone.recovery is '3'; write a duration with units, such as 15s, 3m, 1h30m or 2d",
        "ha-web:objectives.server is 3; it must be a map of recovery and data_loss",
    ]


def test_without_objectives_nothing_is_refused() -> None:
    assert RecoveryObjectives().problems(site(None)) == []


def test_an_objective_that_is_just_met_is_met() -> None:
    assert unmet(site(durable=True), "region", recovery="92s") == []
    assert len(unmet(site(durable=True), "region", recovery="91s")) == 1


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            unmet(site(durable=True), "region", recovery="60s"),
            "objectives.region.recovery is 60s; worst case is 92s = 16s × 2 checks with time-out + 60s alias TTL; "
            "use the Cloudflare edge or Global Accelerator (no TTL), or declare 92s",
        ),
        (
            unmet(site(durable=True, monitor_interval=60), "region", recovery="60s"),
            "objectives.region.recovery is 60s; worst case is 92s = 16s × 2 checks with time-out + 60s alias TTL; "
            "use the Cloudflare edge (no TTL) with cloudflare.interval 15, or declare 92s",
        ),
        (
            unmet(site(durable=True), "region", recovery="30s"),
            "objectives.region.recovery is 30s; worst case is 92s = 16s × 2 checks with time-out + 60s alias TTL; "
            "use the Cloudflare edge (no TTL), or declare 92s",
        ),
        (
            unmet(site(durable=True), "region", recovery="20s"),
            "objectives.region.recovery is 20s; worst case is 92s = 16s × 2 checks with time-out + 60s alias TTL; "
            "no setting meets it; declare 92s",
        ),
        (
            unmet(site(durable=True, client_keep_alive=3600), "region", recovery="100s"),
            "objectives.region.recovery is 100s; worst case is 1h32s = 16s × 2 checks with time-out + 60s alias TTL + "
            "59m connections kept for longer; leave out clientKeepAlive, or declare 1h32s",
        ),
        (
            unmet(site(durable=True, dns_interval=30, dns_failures=3), "region", recovery="100s"),
            "objectives.region.recovery is 100s; worst case is 2m48s = 36s × 3 checks with time-out + 60s alias TTL; "
            "let Route 53 check every 10s, 2 times, or declare 2m48s",
        ),
        (
            unmet(site(edge=Edge.CLOUDFLARE, durable=True, monitor_interval=60), "region", recovery="60s"),
            "objectives.region.recovery is 60s; worst case is 72s = 60s × 1 monitor check + 4s × 3 timeouts; "
            "set cloudflare.interval to 15, or declare 72s",
        ),
        (
            unmet(site(check_interval=30), "server", recovery="15s"),
            "objectives.server.recovery is 15s; worst case is 62s = 30s × 2 checks + 2s timeout; "
            "set healthCheck.interval to 5, or declare 62s",
        ),
        (
            unmet(site(check_interval=30, check_timeout=6), "server", recovery="15s"),
            "objectives.server.recovery is 15s; worst case is 66s = 30s × 2 checks + 6s timeout; "
            "set healthCheck.interval to 5 and healthCheck.timeout to 2, or declare 66s",
        ),
        (
            unmet(site(check_failures=4), "server", recovery="15s"),
            "objectives.server.recovery is 15s; worst case is 22s = 5s × 4 checks + 2s timeout; "
            "set healthCheck.unhealthyThreshold to 2, or declare 22s",
        ),
        (
            unmet(site(check_interval=30, check_failures=3), "server", recovery="15s"),
            "objectives.server.recovery is 15s; worst case is 92s = 30s × 3 checks + 2s timeout; "
            "set healthCheck.interval to 5 and set healthCheck.unhealthyThreshold to 2, or declare 92s",
        ),
        (
            unmet(site(load=3), "zone", recovery="90s"),
            "objectives.zone.recovery is 90s; worst case is 4m22s = 5s × 2 checks + 2s timeout + 60s until the group "
            "replaces (assumed) + 3m boot + 5s × 2 passed checks; set servers.minimum to 5, or declare 4m22s",
        ),
        (
            unmet(site(database=True, database_instances=1), "zone", recovery="90s"),
            "objectives.zone.recovery is 90s; worst case is 10m = 10m new database writer (typical); "
            "set database.instances to 2, or declare 10m",
        ),
        (
            unmet(site(), "zone", data_loss="0s"),
            "objectives.zone.data_loss is 0s; worst case is 1s = 1s replication lag of sessions (typical); "
            "ElastiCache replicates asynchronously; set sessions.durable to true, or declare 1s",
        ),
        (
            unmet(site(durable=True), "region", data_loss="0s"),
            "objectives.region.data_loss is 0s; worst case is 1s = 1s replication lag of sessions (typical); "
            "replication to another region is asynchronous; nothing built in can lose none; DynamoDB global tables "
            "with strong consistency or Aurora DSQL could; declare 1s",
        ),
        (
            unmet(site(), "region", recovery="215s"),
            f"objectives.region.recovery is 3m35s; worst case is 3m41s = {FIRST} + 60s session store promotion "
            "(assumed) + 5s until that is seen + 10s × 1 switch check + 60s alias TTL; set failoverAfter to 20, or "
            "declare 3m41s",
        ),
        (
            unmet(site(), "region", recovery="3m"),
            f"objectives.region.recovery is 3m; worst case is 3m41s = {FIRST} + 60s session store promotion "
            "(assumed) + 5s until that is seen + 10s × 1 switch check + 60s alias TTL; set sessions.durable to true, "
            "or declare 3m41s",
        ),
        (
            unmet(site(database=True), "region", recovery="3m"),
            f"objectives.region.recovery is 3m; worst case is 4m41s = {FIRST} + 2m database promotion (assumed) + "
            "5s until that is seen + 10s × 1 switch check + 60s alias TTL; no setting meets it; declare 4m41s",
        ),
        (
            unmet(site(failover=Failover.MANUAL), "region", recovery="5m"),
            "objectives.region.recovery is 5m; worst case is 32m10s = 30m until a person acts (assumed) + 60s session "
            "store promotion (assumed) + 10s × 1 switch check + 60s alias TTL; set failover to automatic, or declare "
            "32m10s",
        ),
        (
            unmet(site(minimum=6), "region", recovery="4m"),
            f"objectives.region.recovery is 4m; worst case is 5m51s = {FIRST} + {CAPACITY} + 3m boot + "
            "5s × 2 passed checks + 5s until that is seen + 10s × 1 switch check + 60s alias TTL; "
            "set standby.servers to 4, or declare 5m51s",
        ),
        (
            unmet(site(Strategy.PILOT_LIGHT), "region", recovery="4m"),
            f"objectives.region.recovery is 4m; worst case is 5m51s = {FIRST} + {CAPACITY} + 3m boot + "
            "5s × 2 passed checks + 5s until that is seen + 10s × 1 switch check + 60s alias TTL; "
            "set strategy to warm-standby, or declare 5m51s",
        ),
        (
            unmet(site(None), "region", recovery="4m"),
            "objectives.region.recovery is 4m; worst case is never: nothing stands in another region; "
            "add a standby with strategy warm-standby",
        ),
        (
            unmet(site(None, database=True), "region", recovery="4h"),
            "objectives.region.recovery is 4h; worst case is never: nothing stands in another region; "
            "add a standby with strategy backup-restore",
        ),
        (
            unmet(site(None, database=True), "region", data_loss="1m"),
            "objectives.region.data_loss is 60s; worst case is all: nothing stands in another region; "
            "add a standby with strategy pilot-light",
        ),
        (
            unmet(site(Strategy.BACKUP_RESTORE, database=True, backup_copied=False), "region", data_loss="2d"),
            "objectives.region.data_loss is 2d; worst case is all: no backup is copied to another region; "
            "copy backups to the standby region",
        ),
        (
            unmet(site(storage=True), "region", data_loss="1m"),
            "objectives.region.data_loss is 60s; worst case is 15m = 15m replication lag of the file system (typical); "
            "replication to another region is asynchronous; no setting meets it; declare 15m",
        ),
        (
            unmet(site(database=True), "corruption", data_loss="1h"),
            "objectives.corruption.data_loss is 1h; worst case is 2h = 1h between backups + 1h to start one; "
            "set backup.continuousDays to 14, or declare 2h",
        ),
        (
            unmet(site(storage=True, backup_interval=86_400), "corruption", data_loss="2h"),
            "objectives.corruption.data_loss is 2h; worst case is 1d1h = 1d between backups + 1h to start one; "
            "add an hourly backup rule, or declare 1d1h",
        ),
        (
            unmet(site(storage=True), "corruption", data_loss="1h"),
            "objectives.corruption.data_loss is 1h; worst case is 2h = 1h between backups + 1h to start one; "
            "no setting meets it; declare 2h",
        ),
        (
            unmet(site(database=True), "corruption", recovery="1h"),
            "objectives.corruption.recovery is 1h; worst case is 1h45m = 30m until a person acts (assumed) + 1h "
            "database restore (assumed) + 15m to point the site at what was restored (assumed); "
            "no setting meets it; declare 1h45m",
        ),
    ],
)
def test_an_objective_out_of_reach_is_refused_with_its_sum_and_what_would_meet_it(found: list[str], text: str) -> None:
    assert found == [text]


def test_every_objective_out_of_reach_gets_its_line_in_the_callers_words() -> None:
    objectives, _ = RecoveryObjectives.parse(
        {"region": {"recovery": "1s", "data_loss": "0s"}, "zone": {"data_loss": "0"}}
    )
    lines = objectives.problems(site(), path="ha-web:objectives")
    assert [line.split(" ")[0] for line in lines] == [
        "ha-web:objectives.region.recovery",
        "ha-web:objectives.region.data_loss",
        "ha-web:objectives.zone.data_loss",
    ]


def test_a_measured_promotion_can_meet_what_the_assumed_one_did_not() -> None:
    objectives, _ = RecoveryObjectives.parse({"region": {"recovery": "3m"}})
    assert len(objectives.problems(site())) == 1
    assert objectives.problems(site(), with_measured({"sessions.promotion": 15})) == []


SITES = [
    site(strategy, database=database, storage=storage, edge=edge, failover=failover, **changes)
    for strategy in ALL
    for database, storage, edge, failover in itertools.product((False, True), (False, True), Edge, Failover)
    for changes in ({}, {"check_interval": 30, "check_failures": 3, "load": 3, "dns_interval": 30, "minimum": 6})
]
GOALS = [("recovery", seconds) for seconds in (10, 30, 60, 120, 240, 600)] + [("data_loss", s) for s in (0, 1, 600)]


@pytest.mark.parametrize("failure", Failure)
def test_what_is_named_meets_the_objective_and_changes_something(failure: Failure) -> None:
    named = 0
    for facts, (kind, seconds) in itertools.product(SITES[::13], GOALS):

        def meets(candidate: Facts, kind: str = kind, seconds: int = seconds) -> bool:
            return bool(getattr(worst_case(candidate, failure), kind).seconds <= seconds)

        if meets(facts):
            continue
        remedy = remedies(facts, meets)
        if remedy:
            named += 1
            assert meets(remedy.facts)
            assert remedy.facts != facts
            assert remedy.text
    assert named


def tried(facts: Facts, *words: str) -> list[str]:
    """Texts of all single changes with these words in them."""
    texts: list[str] = []

    def never(_candidate: Facts) -> bool:
        return False

    assert remedies(facts, never) is None
    for change in CHANGES:
        texts += [remedy.text for remedy in change(facts)]
    return [text for text in texts if all(word in text for word in words)]


def test_only_what_is_not_yet_so_is_tried() -> None:
    assert tried(site(after_seconds=20), "failoverAfter") == ["set failoverAfter to 10"]
    assert tried(site(after_seconds=10), "failoverAfter") == []
    assert tried(site(Strategy.PILOT_LIGHT), "strategy") == [
        "set strategy to warm-standby",
        "set strategy to active-active and sessions.durable to true",
    ]
    assert tried(site(durable=True), "active-active") == ["set strategy to active-active"]
    assert tried(site(load=9), "active-active") == []


def test_global_accelerator_is_named_only_where_nothing_is_promoted_first() -> None:
    [line] = unmet(site(edge=Edge.ROUTE53, durable=True), "region", recovery="60s")
    assert "Global Accelerator" in line
    [line] = unmet(site(failover=Failover.MANUAL), "region", recovery="1900s")
    assert "set failover to automatic" in line
    assert "Global Accelerator" not in line


def test_a_single_change_is_preferred_to_two() -> None:
    [line] = unmet(site(check_interval=30, check_failures=3), "server", recovery="20s")
    assert "set healthCheck.interval to 5, or declare" in line


def test_what_is_declared_instead_is_met() -> None:
    goals: list[tuple[str, dict[str, Any]]] = [(failure, {"recovery": "1s", "data_loss": "0s"}) for failure in Failure]
    for facts, (failure, goal) in itertools.product(SITES[::29], goals):
        for line in unmet(facts, failure, **goal):
            declared = re.search(r"declare (\S+)$", line)
            kind = line.split(" ")[0].rsplit(".", 1)[1]
            if declared:
                assert unmet(facts, failure, **{kind: declared[1]}) == []
            else:
                assert math.isinf(getattr(worst_case(facts, Failure(failure)), kind).seconds)
