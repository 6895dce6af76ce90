"""Each reason alone turns the verdict, and nothing else does."""

import pytest

from ops.status.facts import (
    ALONE,
    PRIMARY,
    REPLICA,
    STANDBY,
    Answer,
    Automation,
    Backup,
    Certificate,
    Checkers,
    Facts,
    Quota,
    Region,
    Topic,
)
from ops.status.verdict import judge
from tests.ops.status.healthy import FACTS, FRANKFURT, IRELAND, ZONES, facts, of


def test_a_healthy_stack_may_lose_a_zone_and_a_region() -> None:
    verdict = judge(FACTS)
    assert (verdict.zone, verdict.region, verdict.down, verdict.warnings) == ((), (), (), ())
    assert verdict.state == "healthy"


UNBALANCED = {"az1": 2, "az2": 1, "az3": 0}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (of(PRIMARY, "fleet", serving=UNBALANCED), "3 of 3 servers serve in eu-west-1; without az1 1 would, and the"),
        (of(PRIMARY, "fleet", serving={**ZONES, "az3": 0}), "2 of 3 servers serve in eu-west-1; without az1 1 would"),
        (facts(needed=3), "the load needs 3"),
        (of(PRIMARY, fleet=None, unread={"servers": "is throttled"}), "servers in eu-west-1 can't be read: is thr"),
        (of(PRIMARY, "sessions", zones={"az1": 3}), "the session store in eu-west-1 is only in az1"),
        (of(PRIMARY, "sessions", fails_over=False), "the session store in eu-west-1 is without a node that takes"),
        (of(PRIMARY, "sessions", status="modifying"), "the session store in eu-west-1 is modifying"),
        (of(PRIMARY, "database", zones={"az2": 1}), "the database in eu-west-1 is only in az2"),
        (of(PRIMARY, database=None, unread={"database": "no"}), "the database in eu-west-1 can't be read: no"),
        (of(PRIMARY, silent="doesn't answer"), "eu-west-1 can't be read: doesn't answer"),
    ],
)
def test_each_reason_alone_keeps_a_zone_from_being_lost(known: Facts, said: str) -> None:
    verdict = judge(known)
    [reason] = verdict.zone
    assert said in reason
    assert (verdict.region, verdict.down) == ((), ())
    assert verdict.state == "degraded"


def automation(state: str = "Active", schedule: str = "ENABLED", errors: int = 0) -> Facts:
    return facts(automation=Automation(state, schedule, acts=True, errors=errors, needed=2))


EXPIRED = (Certificate("www.example.com", "EXPIRED", -1.0),)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (facts(switched=None, unread={"switch": "denied"}), "the switch can't be read: denied"),
        (of(STANDBY, silent="doesn't answer"), "eu-central-1 can't be read: doesn't answer"),
        (of(STANDBY, "fleet", maximum=1), "the group in eu-central-1 may have 1 servers, and the load needs 2"),
        (of(STANDBY, "fleet", serving={"az1": 1, "az2": 0}), "1 of 2 servers serve in eu-central-1"),
        (of(STANDBY, fleet=None, unread={"servers": "denied"}), "the servers in eu-central-1 can't be read: denied"),
        (of(STANDBY, "sessions", role=ALONE), "session store in eu-central-1 doesn't follow the other region's"),
        (of(STANDBY, "sessions", lag=61.0), "session store in eu-central-1 is 61s behind; the objective is 60s"),
        (of(STANDBY, "database", lag=300.0), "the database in eu-central-1 is 5m behind"),
        (of(STANDBY, "database", status="failed"), "the database in eu-central-1 is failed"),
        (of(STANDBY, "files", status="not replicated (PAUSED)"), "file system in eu-central-1 is not replicated"),
        (of(STANDBY, files=None, unread={"files": "denied"}), "the file system in eu-central-1 can't be read: denied"),
        (of(STANDBY, certificates=EXPIRED), "the certificate of www.example.com in eu-central-1 isn't valid (EXP"),
        (of(STANDBY, checkers=Checkers(0, 8)), "Route 53 doesn't reach eu-central-1: 0 of 8 checkers do"),
        (automation(state="Failed"), "the failover function is Failed"),
        (automation(schedule="DISABLED"), "the failover function isn't started: its schedule is DISABLED"),
        (automation(schedule=""), "its schedule is gone"),
        (automation(errors=3), "the failover function failed 3 times in the last 15 minutes"),
        (facts(automation=None, unread={"automation": "denied"}), "the failover function can't be read: denied"),
    ],
)
def test_each_reason_alone_keeps_a_region_from_being_lost(known: Facts, said: str) -> None:
    verdict = judge(known)
    [reason] = verdict.region
    assert said in reason
    assert (verdict.zone, verdict.down) == ((), ())
    assert verdict.state == "degraded"


def test_vcpus_that_a_failover_lacks_keep_a_region_from_being_lost() -> None:
    known = facts(needed=12, regions=of(STANDBY, quota=Quota(64, 60, 2)).regions)
    assert "a failover needs 20 more vCPUs in eu-central-1; 4 of 64 are free" in judge(known).region
    enough = facts(needed=12, regions=of(STANDBY, quota=Quota(64, 44, 2)).regions)
    assert not [reason for reason in judge(enough).region if "vCPU" in reason]
    for allowed, reasons in ((64, 0), (16, 1)):  # how many are in use isn't known
        unknown = facts(needed=12, regions=of(STANDBY, quota=Quota(allowed, None, 2)).regions)
        assert len([reason for reason in judge(unknown).region if "vCPU" in reason]) == reasons


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (of(PRIMARY, certificates=(Certificate("a.example", "ISSUED", 13.0),)), "certificate of a.example in eu-west"),
        (of(PRIMARY, backups=(Backup("orders", "Aurora", None),)), "orders has no recent recovery point in eu-west-1"),
        (of(PRIMARY, backups=(Backup("orders", "Aurora", 7201.0),)), "is 2h1s old; the objective is 2h"),
        (of(STANDBY, topics=(Topic("alarms", 0, 2),)), "nobody hears of the alarms of alarms; 2 have not confirmed"),
        (of(STANDBY, alarms=("web-errors",)), "the alarm web-errors is on"),
        (of(PRIMARY, checkers=Checkers(1, 16)), "Route 53 doesn't reach eu-west-1: 1 of 16 checkers do"),
        (facts(dns=(STANDBY,)), "DNS answers with standby; the switch says primary"),
        (facts(dns=()), "DNS answers with no region of the stack"),
        (of(PRIMARY, "database", role=REPLICA), "users are at eu-west-1, where the database takes no writes"),
        (of(PRIMARY, unread={"quota": "denied"}), "quota in eu-west-1 can't be read: denied"),
    ],
)
def test_what_is_not_as_it_should_be_degrades_and_answers_neither_question(known: Facts, said: str) -> None:
    verdict = judge(known)
    [warning] = verdict.warnings
    assert said in warning
    assert (verdict.zone, verdict.region, verdict.down) == ((), (), ())
    assert verdict.state == "degraded"


def test_servers_in_a_zone_that_users_are_kept_out_of_do_not_count() -> None:
    verdict = judge(of(PRIMARY, away={"az1": "until noon"}))
    [reason] = verdict.zone
    assert reason == "2 of 3 servers serve in eu-west-1; without az2 1 would, and the load needs 2"
    assert verdict.warnings == ("users are kept out of az1 until noon",)


def test_a_maintenance_is_named_where_it_explains_something() -> None:
    said = "maintenance since 2026-11-30 02:00 UTC, by ada@desk"
    off = Automation("Active", "DISABLED", acts=True, errors=0, needed=2)
    answer = Answer(served=False, text="answers with status 503")
    verdict = judge(facts(maintenance=said, automation=off, answer=answer))
    assert verdict.region == (f"the automation is off: {said}",)
    assert verdict.down == (f"https://www.example.com answers with status 503 ({said})",)
    assert verdict.warnings == (f"users get a page from the load balancers: {said}; `maintenance off` ends it",)


def test_old_copies_in_the_second_region_are_shown_and_judged_by_no_objective_of_the_first() -> None:
    assert judge(of(STANDBY, backups=(Backup("orders", "Aurora", 86_000.0),))).state == "healthy"


def test_where_a_person_starts_a_failover_the_function_that_only_notes_is_no_reason() -> None:
    assert judge(facts(automation=Automation("Active", "ENABLED", acts=False, errors=0))).state == "healthy"


@pytest.mark.parametrize(
    ("strategy", "said"), [("", "the site is in one region"), ("backup-restore", "only copies of backups")]
)
def test_what_was_never_promised_is_said_and_is_no_degradation(strategy: str, said: str) -> None:
    alone = {PRIMARY: FACTS.regions[PRIMARY]}
    verdict = judge(facts(strategy=strategy, regions=alone, has_switch=False, switched=None, has_automation=False))
    [reason] = verdict.region
    assert said in reason
    assert verdict.state == "healthy"


NOBODY = {"az1": 0, "az2": 0, "az3": 0}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (facts(answer=Answer(served=False, text="answers with status 503")), "https://www.example.com answers with"),
        (
            facts(answer=Answer(None, ""), regions=of(PRIMARY, checkers=Checkers(1, 8)).regions),
            "Route 53 doesn't reach eu-west-1: 1 of 8",
        ),
        (facts(answer=Answer(None, ""), regions=of(PRIMARY, "fleet", serving=NOBODY).regions), "no server serves in"),
    ],
)
def test_users_who_are_not_served_are_the_worst(known: Facts, said: str) -> None:
    verdict = judge(known)
    [reason] = verdict.down
    assert said in reason
    assert verdict.state == "down"


def test_a_balancer_without_healthy_servers_that_serves_all_the_same_is_not_down() -> None:
    assert judge(of(PRIMARY, "fleet", serving=NOBODY)).state == "degraded"


def test_after_a_failover_the_standbys_zones_count() -> None:
    switched = facts(switched=True, dns=(STANDBY,))
    assert judge(switched).zone == ("2 of 2 servers serve in eu-central-1; without az1 1 would, and the load needs 2",)


def test_in_active_active_each_region_must_carry_the_load_alone() -> None:
    both = facts(strategy="active-active", has_switch=False, switched=None, dns=(PRIMARY, STANDBY), needed=3)
    reasons = judge(both).region
    assert reasons == ("2 servers serve in eu-central-1, and the load needs 3",)
    assert {reason.split(";")[0] for reason in judge(both).zone} == {
        "3 of 3 servers serve in eu-west-1",
        "2 of 2 servers serve in eu-central-1",
    }


def test_without_a_figure_the_load_is_what_the_loss_of_a_zone_leaves() -> None:
    assert judge(facts(needed=None)).zone == ()
    short = facts(needed=None, regions=of(PRIMARY, "fleet", serving={**ZONES, "az1": 0}).regions)
    assert "the load needs 2" in judge(short).zone[0]


def test_a_region_that_nobody_can_ask_stops_no_word_on_the_other() -> None:
    silent = Region(PRIMARY, IRELAND, silent="doesn't answer")
    verdict = judge(facts(regions={PRIMARY: silent, STANDBY: FACTS.regions[STANDBY]}))
    assert verdict.zone == ("eu-west-1 can't be read: doesn't answer",)
    assert verdict.region == ()
    assert FRANKFURT not in "".join(verdict.warnings)
