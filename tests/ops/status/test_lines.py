"""The screen: the verdict first, a row for each thing, one screen in all."""

import json

from ops.status.facts import PRIMARY, STANDBY, Automation, Facts, Region
from ops.status.lines import document, first_line, lines
from ops.status.verdict import judge
from tests.ops.status.healthy import FACTS, facts, of


def shown(known: Facts) -> list[str]:
    return lines(known, judge(known))


def test_the_first_line_answers_both_questions() -> None:
    assert shown(FACTS)[0] == "May I lose a zone now? yes.  A region? yes."
    known = of(STANDBY, "sessions", lag=90.0)
    assert shown(known)[0] == (
        "May I lose a zone now? yes.  A region? no: the session store in eu-central-1 is 90s behind; "
        "the objective is 60s."
    )


def test_everything_is_on_one_screen() -> None:
    printed = shown(FACTS)
    assert len(printed) <= 40
    for row in (
        "  switch       users at the primary",
        "  automation   armed; 0 errors in 15 minutes",
        "primary  eu-west-1  serves",
        "  servers      az1 1, az2 1, az3 1; 2 left without a zone, 2 needed; desired 3, 3 to 12",
        "  sessions     ElastiCache available, secondary; az1 1, az2 1, az3 1; 0.4s behind (objective 60s)",
        "  backup       Aurora orders: 10m old (objective 2h)",
        "  vCPUs        54 of 64 are free",
        "  certificate  www.example.com ISSUED, 200 days",
        "  alarms to    alarms: 1 confirmed, 0 pending",
    ):
        assert row in printed


def test_servers_of_another_version_are_shown_beside_the_one_that_is_served() -> None:
    assert "  version      3; 2 run 2" in shown(of(PRIMARY, "fleet", versions={"3": 1, "2": 2}))


def test_a_lag_that_nobody_measured_is_not_taken_for_none() -> None:
    row = "  sessions     ElastiCache available, secondary; az1 1, az2 1, az3 1; how far behind wasn't measured"
    assert row in shown(of(STANDBY, "sessions", lag=None))


def test_automation_that_is_off_for_a_maintenance_says_since_when() -> None:
    off = Automation("Active", "DISABLED", acts=True, errors=0)
    known = facts(maintenance="maintenance since noon, by ada@desk", automation=off)
    assert "  automation   off: maintenance since noon, by ada@desk" in shown(known)


def test_a_silent_region_is_shown_with_its_reason_beside_the_other() -> None:
    known = facts(regions={**FACTS.regions, PRIMARY: Region(PRIMARY, "eu-west-1", silent="doesn't answer")})
    printed = shown(known)
    assert "  silent       doesn't answer" in printed
    assert "standby  eu-central-1" in printed
    assert not [line for line in printed if line.startswith("warning")]  # the first line has said it


def test_the_document_has_the_verdict_and_the_facts() -> None:
    known = of(STANDBY, "sessions", lag=90.0)
    told = json.loads(json.dumps(document(known, judge(known))))
    assert (told["state"], told["zone"], told["serving"]) == (
        "degraded",
        {"may_be_lost": True, "reasons": []},
        ["primary"],
    )
    assert told["region"]["may_be_lost"] is False
    assert told["regions"]["standby"]["sessions"]["lag"] == 90.0
    assert first_line(judge(known)).startswith("May I lose a zone now? yes")
