"""Worst cases, added up from the settings."""

import itertools
import json
import math
from dataclasses import replace
from typing import Any

import pytest
from ha_web.failover.automation import DEFAULT_AFTER_SECONDS
from ha_web.failover.runtime.apply import POLL_SECONDS
from ha_web.failover.runtime.handler import LOOK_SECONDS, WATCH_SECONDS
from ha_web.failover.runtime.observe import PROBE_SECONDS
from ha_web.recovery.assumptions import with_measured
from ha_web.recovery.facts import Edge, Facts, Failback, Failover, Sizes
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.summary import recovery_summary
from ha_web.recovery.terms import Sum, Term, longest
from ha_web.recovery.worst_cases import Failure, worst_cases

from tests.components.recovery_sites import ALL, data_loss, recovery, site

CHECKED = "16s × 2 checks with time-out"
NOTICED = f"{CHECKED} + 10s beacon TTL + 10s to the next look + 10s × 3 further looks + 4s its request"
CLIENTS = "90s until clients use the other zones' addresses (assumed)"
CAPACITY = "0s until EC2 has capacity (assumed)"
SEEN = "5s until that is seen"
SWITCHED = "10s × 1 switch check + 60s alias TTL"


@pytest.mark.parametrize(
    ("changes", "seconds", "text"),
    [
        ({}, 12, "5s × 2 checks + 2s timeout"),
        ({"check_interval": 30, "check_failures": 3, "check_timeout": 5}, 95, "30s × 3 checks + 5s timeout"),
        (
            {"minimum": 3, "load": 3},
            262,
            "5s × 2 checks + 2s timeout + 60s until the group replaces (assumed) + 3m boot + 5s × 2 passed checks",
        ),
        ({"minimum": 4, "load": 3}, 12, "5s × 2 checks + 2s timeout"),
    ],
)
def test_a_dead_server_is_noticed_and_missed_only_where_the_others_cannot_carry_the_load(
    changes: dict[str, Any], seconds: float, text: str
) -> None:
    assert recovery(site(**changes), Failure.SERVER) == (seconds, text)
    assert data_loss(site(**changes), Failure.SERVER) == (0, "")


@pytest.mark.parametrize(
    ("changes", "seconds", "text"),
    [
        ({}, 90, CLIENTS),
        ({"check_interval": 45}, 92, "45s × 2 checks + 2s timeout"),
        ({"database": True}, 90, CLIENTS),
        ({"database": True, "database_instances": 1}, 600, "10m new database writer (typical)"),
        (
            {"load": 3, "boot_seconds": 90},
            172,
            "5s × 2 checks + 2s timeout + 60s until the group replaces (assumed) + 90s boot + 5s × 2 passed checks",
        ),
    ],
)
def test_in_a_lost_zone_all_recovers_side_by_side_and_the_slowest_counts(
    changes: dict[str, Any], seconds: float, text: str
) -> None:
    assert recovery(site(**changes), Failure.ZONE) == (seconds, text)


def test_what_recovers_sooner_is_kept_beside_the_slowest() -> None:
    found = worst_cases(site(database=True))[Failure.ZONE].recovery
    assert [(beside.seconds, beside.text) for beside in found.beside] == [
        (60, "60s database failover (typical)"),
        (30, "30s session store failover (assumed)"),
        (12, "5s × 2 checks + 2s timeout"),
    ]


@pytest.mark.parametrize(
    ("durable", "expected"), [(False, (1, "1s replication lag of sessions (typical)")), (True, (0, ""))]
)
def test_a_lost_zone_loses_sessions_unless_they_are_durable_and_no_rows_or_files(
    durable: bool, expected: tuple[float, str]
) -> None:
    assert data_loss(site(durable=durable, database=True, storage=True), Failure.ZONE) == expected


def test_one_region_never_recovers_from_its_loss_and_loses_all() -> None:
    assert recovery(site(None), Failure.REGION) == (math.inf, "nothing stands in another region")
    assert data_loss(site(None), Failure.REGION) == (math.inf, "nothing stands in another region")


@pytest.mark.parametrize(
    ("facts", "seconds", "text"),
    [
        (
            site(Strategy.BACKUP_RESTORE, database=True),
            8_220,
            "30m until a person acts (assumed) + 45m to build the region (assumed) + 1h database restore (assumed) + "
            "60s until Route 53 has the change (assumed) + 60s alias TTL",
        ),
        (
            site(Strategy.BACKUP_RESTORE, storage=True, edge=Edge.CLOUDFLARE),
            5_619,
            "30m until a person acts (assumed) + 45m to build the region (assumed) + 18m20s restore of a GiB of files "
            "(assumed) + 15s × 1 monitor check + 4s its answer",
        ),
        (
            site(Strategy.PILOT_LIGHT, database=True),
            351,
            f"{NOTICED} + {CAPACITY} + 3m boot + 5s × 2 passed checks + {SEEN} + {SWITCHED}",
        ),
        (site(), 221, f"{NOTICED} + 60s session store promotion (assumed) + {SEEN} + {SWITCHED}"),
        (site(database=True), 281, f"{NOTICED} + 2m database promotion (assumed) + {SEEN} + {SWITCHED}"),
        (site(storage=True), 461, f"{NOTICED} + 5m file system released (assumed) + {SEEN} + {SWITCHED}"),
        (
            site(storage=True, storage_optional=True),
            221,
            f"{NOTICED} + 60s session store promotion (assumed) + {SEEN} + {SWITCHED}",
        ),
        (
            site(after_seconds=28),
            221,
            f"{NOTICED} + 60s session store promotion (assumed) + {SEEN} + {SWITCHED}",
        ),
        (
            site(after_seconds=0),
            191,
            f"{CHECKED} + 10s beacon TTL + 10s to the next look + 4s its request + "
            f"60s session store promotion (assumed) + {SEEN} + {SWITCHED}",
        ),
        (
            site(database=True, look_interval=20, probe_timeout=1, beacon_ttl=5, switch_interval=30, wait_interval=9),
            317,
            f"{CHECKED} + 5s beacon TTL + 20s to the next look + 20s × 2 further looks + 1s its request + 2m database "
            "promotion (assumed) + 9s until that is seen + 30s × 1 switch check + 60s alias TTL",
        ),
        (
            site(failover=Failover.MANUAL),
            1_930,
            f"30m until a person acts (assumed) + 60s session store promotion (assumed) + {SWITCHED}",
        ),
        (
            site(failover=Failover.REGION_SWITCH),
            1_990,
            "30m until a person acts (assumed) + 60s between the plan's steps (assumed) "
            f"+ 60s session store promotion (assumed) + {SWITCHED}",
        ),
        (
            site(edge=Edge.CLOUDFLARE),
            1_879,
            "30m until a person acts (assumed) + 60s session store promotion (assumed) + 15s × 1 monitor check + "
            "4s its answer",
        ),
        (
            site(edge=Edge.CLOUDFLARE, database=True),
            1_999,
            "30m until a person acts (assumed) + 2m database promotion (assumed) + 60s session store promotion "
            "(assumed) + 15s × 1 monitor check + 4s its answer",
        ),
        (site(durable=True), 92, f"{CHECKED} + 60s alias TTL"),
        (site(durable=True, dns_timeout=10), 100, "20s × 2 checks with time-out + 60s alias TTL"),
        (
            site(durable=True, dns_interval=30, dns_failures=3),
            168,
            "36s × 3 checks with time-out + 60s alias TTL",
        ),
        (site(durable=True, edge=Edge.CLOUDFLARE), 27, "15s × 1 monitor check + 4s × 3 timeouts"),
        (
            site(durable=True, accelerator=True),
            42,
            "5s × 2 checks + 2s timeout + 30s until Global Accelerator redirects (assumed)",
        ),
        (
            site(Strategy.PILOT_LIGHT, durable=True),
            351,
            f"{NOTICED} + {CAPACITY} + 3m boot + 5s × 2 passed checks + {SEEN} + {SWITCHED}",
        ),
        (
            site(minimum=6, durable=True),
            281,
            f"{NOTICED} + {CAPACITY} + 3m boot + 5s × 2 passed checks + {SEEN}",
        ),
        (site(Strategy.ACTIVE_ACTIVE), 92, f"{CHECKED} + 60s alias TTL"),
        (
            site(Strategy.ACTIVE_ACTIVE, database=True, acts_by_itself=False),
            1_920,
            "30m until a person acts (assumed) + 2m database promotion (assumed)",
        ),
        (
            site(Strategy.ACTIVE_ACTIVE, database=True),
            211,
            f"{NOTICED} + 2m database promotion (assumed) + {SEEN}",
        ),
    ],
)
def test_a_lost_region_is_recovered_by_these_steps(facts: Facts, seconds: float, text: str) -> None:
    assert recovery(facts, Failure.REGION) == (seconds, text)


@pytest.mark.parametrize(
    ("facts", "seconds", "text"),
    [
        (
            site(Strategy.BACKUP_RESTORE, database=True, backup_continuous=True),
            100_800,
            "1d between copied backups + 1h to start one + 3h until a backup is copied (assumed)",
        ),
        (
            site(Strategy.BACKUP_RESTORE, database=True, sizes=Sizes(database_gib=1_025)),
            111_600,
            "1d between copied backups + 1h to start one + 6h until a backup is copied (assumed)",
        ),
        (
            site(Strategy.BACKUP_RESTORE, storage=True),
            10_800,
            "1h between backups + 1h to start one + 1h until a backup is copied (assumed)",
        ),
        (
            site(Strategy.BACKUP_RESTORE, database=True, backup_copied=False),
            math.inf,
            "no backup is copied to another region",
        ),
        (site(Strategy.BACKUP_RESTORE), math.inf, "sessions are in no backup that is copied"),
        (site(Strategy.BACKUP_RESTORE, backup_copied=False), math.inf, "sessions are in no backup that is copied"),
        (site(), 1, "1s replication lag of sessions (typical)"),
        (site(durable=True, database=True), 1, "1s replication lag of sessions (typical)"),
        (site(storage=True), 900, "15m replication lag of the file system (typical)"),
    ],
)
def test_a_lost_region_loses_what_had_not_reached_the_other(facts: Facts, seconds: float, text: str) -> None:
    assert data_loss(facts, Failure.REGION) == (seconds, text)


@pytest.mark.parametrize(
    ("changes", "seconds", "text"),
    [
        ({}, 86_400, "1d between snapshots of sessions"),
        ({"database": True}, 7_200, "1h between backups + 1h to start one"),
        ({"database": True, "backup_continuous": True}, 300, "5m since the latest restorable time (typical)"),
        (
            {"database": True, "storage": True, "backup_continuous": True},
            7_200,
            "1h between backups + 1h to start one",
        ),
        (
            {"database": True, "backup_interval": 86_400, "backup_start_window": 7_200},
            93_600,
            "1d between backups + 2h to start one",
        ),
    ],
)
def test_corruption_loses_what_is_newer_than_the_last_backup(
    changes: dict[str, Any], seconds: float, text: str
) -> None:
    assert data_loss(site(**changes), Failure.CORRUPTION) == (seconds, text)


@pytest.mark.parametrize(
    ("changes", "seconds", "text"),
    [
        ({}, 4_500, "30m restore of sessions (assumed)"),
        ({"database": True}, 6_300, "1h database restore (assumed)"),
        ({"database": True, "sizes": Sizes(database_gib=1_025)}, 9_900, "2h database restore (assumed)"),
        ({"storage": True, "sizes": Sizes(storage_gib=1_000)}, 13_700, "3h3m20s restore of a GiB of files (assumed)"),
    ],
)
def test_corruption_is_recovered_by_a_person_a_restore_and_a_change(
    changes: dict[str, Any], seconds: float, text: str
) -> None:
    whole = f"30m until a person acts (assumed) + {text} + 15m to point the site at what was restored (assumed)"
    assert recovery(site(**changes), Failure.CORRUPTION) == (seconds, whole)


def test_where_data_is_restored_sessions_are_said_to_begin_anew() -> None:
    anew = ("sessions are not restored: users sign in anew",)
    assert worst_cases(site(database=True))[Failure.CORRUPTION].notes == anew
    assert worst_cases(site(Strategy.BACKUP_RESTORE, storage=True))[Failure.REGION].notes == anew
    assert worst_cases(site())[Failure.CORRUPTION].notes == ()


def test_a_lost_region_tells_what_is_left_to_people_and_to_the_application() -> None:
    def notes(strategy: Strategy, **changes: Any) -> tuple[str, ...]:
        return worst_cases(site(strategy, **changes))[Failure.REGION].notes

    assert notes(Strategy.WARM_STANDBY, database=True) == ("a person sends users back",)
    assert notes(Strategy.WARM_STANDBY, durable=True, failback=Failback.AUTOMATIC) == ()
    assert notes(Strategy.ACTIVE_ACTIVE) == ()
    assert notes(Strategy.ACTIVE_ACTIVE, storage=True) == (
        "the file system is read-only in the second region until its replication is deleted",
    )


def test_a_measured_promotion_counts_in_place_of_the_assumed_one() -> None:
    measured = with_measured({"sessions.promotion": 21})
    seconds, text = recovery(site(), Failure.REGION, measured)
    assert seconds == 182
    assert "21s session store promotion (measured)" in text


SITES = [
    site(strategy, **dict(zip(("database", "storage", "durable", "edge", "failover"), values, strict=True)))
    for strategy in ALL
    for values in itertools.product((False, True), (False, True), (False, True), Edge, Failover)
]


def test_every_term_names_its_page_and_its_setting_unless_nothing_of_ours_decides_it() -> None:
    terms = {
        term
        for facts in SITES
        for case in worst_cases(facts).values()
        for total in (case.recovery, case.data_loss)
        for each in (total, *total.beside)
        for term in each.terms
    }
    assert len(terms) > 25
    assert all(term.source.startswith("https://") for term in terms)
    ours = {term.name for term in terms if term.setting is None}
    assert {name for name in ours if name.split(".")[0] not in ("operator", "automation", "beacon")} == {
        "backup.copy",
        "client.next-address",
        "database.copy",
        "database.restore",
        "dns.change",
        "region.build",
        "sessions.failover",
        "sessions.restore",
        "sessions.snapshot",
        "storage.restore-gib",
    }


def test_the_sum_is_what_its_terms_add_up_to() -> None:
    for facts in SITES:
        for case in worst_cases(facts).values():
            assert case.recovery.seconds == sum(term.seconds for term in case.recovery.terms)
            assert all(beside.seconds <= case.recovery.seconds for beside in case.recovery.beside)


def with_(facts: Facts, field: str, seconds: int) -> Facts:
    changes: dict[str, Any] = {field: seconds}
    return replace(facts, **changes)


@pytest.mark.parametrize(
    ("field", "quicker", "slower"),
    [
        ("check_interval", 5, 30),
        ("check_failures", 2, 5),
        ("check_timeout", 2, 4),
        ("wait_interval", 1, 30),
        ("probe_timeout", 1, 10),
        ("boot_seconds", 60, 300),
        ("dns_interval", 10, 30),
        ("dns_failures", 1, 3),
        ("dns_timeout", 4, 10),
        ("switch_failures", 1, 3),
        ("beacon_ttl", 5, 60),
        ("look_interval", 5, 20),
        ("client_keep_alive", 60, 600),
        ("after_seconds", 0, 120),
        ("monitor_interval", 15, 60),
        ("monitor_timeout", 2, 10),
        ("monitor_retries", 0, 5),
        ("backup_interval", 3_600, 86_400),
        ("backup_start_window", 3_600, 28_800),
    ],
)
def test_what_is_quicker_never_makes_it_worse(field: str, quicker: int, slower: int) -> None:
    better = False
    for facts in SITES[::7]:
        quick, slow = (worst_cases(with_(facts, field, seconds)) for seconds in (quicker, slower))
        for failure in Failure:
            assert quick[failure].recovery.seconds <= slow[failure].recovery.seconds
            assert quick[failure].data_loss.seconds <= slow[failure].data_loss.seconds
            better |= quick[failure].recovery.seconds < slow[failure].recovery.seconds
            better |= quick[failure].data_loss.seconds < slow[failure].data_loss.seconds
    assert better


@pytest.mark.parametrize(("durable", "name"), [(False, "sessions.region-lag"), (True, "sessions.multi-region-lag")])
def test_each_kind_of_session_store_has_its_own_lag_between_regions(durable: bool, name: str) -> None:
    [term] = worst_cases(site(durable=durable))[Failure.REGION].data_loss.terms
    assert term.name == name


def test_a_strategy_that_has_more_standing_never_recovers_a_region_later() -> None:
    for facts in (replace(facts, acts_by_itself=True) for facts in SITES):
        times = [recovery(facts.with_strategy(strategy), Failure.REGION)[0] for strategy in ALL]
        assert times == sorted(times, reverse=True)


def test_the_longest_of_several_is_the_first_of_equals() -> None:
    short, long = Sum((Term("short", 1, "1s", None, "x"),)), Sum((Term("long", 2, "2s", None, "x"),))
    twin = Sum((Term("twin", 2, "2s", None, "x"),))
    assert longest(short, long, twin).terms == long.terms
    assert longest(short, long, twin).beside == (twin, short)
    assert longest() == Sum()


def test_the_output_is_plain_and_tells_every_term() -> None:
    found = recovery_summary(worst_cases(site(None, database=True)))
    assert json.loads(json.dumps(found)) == found
    assert list(found) == ["server", "zone", "region", "corruption"]
    assert found["region"]["recovery"] == {
        "seconds": None,
        "text": "never: nothing stands in another region",
        "terms": [
            {
                "name": "region.none",
                "seconds": None,
                "text": "nothing stands in another region",
                "setting": "strategy",
                "origin": "settings",
                "source": found["region"]["recovery"]["terms"][0]["source"],  # type: ignore[index]
            }
        ],
    }
    assert found["server"]["data_loss"] == {"seconds": 0, "text": "none", "terms": []}
    assert found["zone"]["recovery"]["terms"][0]["origin"] == "assumed"  # type: ignore[index]


def test_people_get_a_line_for_each_failure() -> None:
    found = recovery_summary(worst_cases(site(None, database=True)))
    assert {failure: case["line"] for failure, case in found.items()} == {
        "server": "within 12s (5s × 2 checks + 2s timeout); loses nothing",
        "zone": "within 90s (90s until clients use the other zones' addresses (assumed)); loses typically 1s",
        "region": "not recovered: nothing stands in another region",
        "corruption": "within 1h45m (30m until a person acts (assumed) + 1h database restore (assumed) + 15m to "
        "point the site at what was restored (assumed)); loses 2h; sessions are not restored: users sign in anew",
    }
    without_data = recovery_summary(worst_cases(site(Strategy.BACKUP_RESTORE)))
    assert str(without_data["region"]["line"]).endswith("; loses all")


def test_the_automations_numbers_are_those_of_the_function() -> None:
    facts = Facts()
    numbers = (facts.look_interval, facts.probe_timeout, facts.wait_interval, facts.after_seconds)
    assert numbers == (LOOK_SECONDS, PROBE_SECONDS, POLL_SECONDS, DEFAULT_AFTER_SECONDS)
    assert WATCH_SECONDS >= 120, "the next run must have begun when one ends, or there is a gap that no term counts"


@pytest.mark.parametrize(
    ("changes", "needed", "term"),
    [
        ({"load": None}, 8, "0s until EC2 has capacity (assumed) + 3m boot"),
        ({"load": None, "reserved": 7}, 8, "0s until EC2 has capacity (assumed) + 3m boot"),
        ({"load": None, "reserved": 8}, 8, "its request + 3m boot"),
        ({"load": 2}, 2, "its request + 60s session store promotion (assumed)"),
        ({"load": 4, "maximum": 9}, 4, "0s until EC2 has capacity (assumed) + 3m boot"),
    ],
)
def test_a_standby_gets_what_the_load_needs_at_a_peak_or_what_the_owner_says_and_waits_for_what_is_not_reserved(
    changes: dict[str, Any], needed: int, term: str
) -> None:
    facts = site(Strategy.WARM_STANDBY, **changes)
    assert facts.failover_needed == needed
    assert term in recovery(facts, Failure.REGION)[1]


def test_nobody_waits_for_capacity_in_active_active_where_each_region_carries_the_load() -> None:
    facts = site(Strategy.ACTIVE_ACTIVE, load=None)
    assert "boot" not in recovery(facts, Failure.REGION)[1]
