"""Times that nobody promises, and what a drill has measured in their place."""

import re

import pytest
from ha_web.recovery.assumptions import ASSUMED, TABLE, Assumption, read_measured, with_measured
from ha_web.recovery.terms import Term


@pytest.mark.parametrize("assumption", TABLE, ids=lambda assumption: assumption.name)
def test_every_assumption_has_a_reason_and_the_page_it_comes_from(assumption: Assumption) -> None:
    assert assumption.seconds >= 0
    assert assumption.reason
    assert re.match(r"https://(docs\.aws\.amazon\.com|www\.rfc-editor\.org)/", assumption.source)


def test_names_are_unique() -> None:
    assert len(ASSUMED) == len(TABLE)


def test_a_measured_time_takes_the_place_of_the_assumed_one_and_says_so() -> None:
    found = with_measured({"sessions.failover": 7.5})
    assert Term.of(found["sessions.failover"]).text == "7.5s session store failover (measured)"
    assert Term.of(found["sessions.failover"]).measured
    assert not Term.of(found["sessions.failover"]).assumed
    assert found["sessions.failover"].reason == "Measured in a drill, in place of 30s"
    assert Term.of(found["database.failover"]).text == "60s database failover (typical)"
    assert Term.of(found["database.failover"]).assumed


def test_nothing_measured_leaves_the_table_as_it_is() -> None:
    assert with_measured({}) == ASSUMED


def test_what_a_drill_cannot_have_measured_is_refused_all_at_once() -> None:
    with pytest.raises(ValueError, match="is unknown") as refused:
        with_measured({"session.failover": 7, "database.failover": -1, "dns.change": True})
    assert str(refused.value).splitlines() == [
        "measured.session.failover is unknown; the nearest known one is sessions.failover",
        "measured.database.failover is -1; it must be seconds, 0 or more",
        "measured.dns.change is True; it must be seconds, 0 or more",
    ]


def test_a_drills_file_is_read() -> None:
    assert read_measured('{"measured": {"sessions.failover": 7.5}, "when": "2026-11-24"}') == {"sessions.failover": 7.5}


@pytest.mark.parametrize("text", ["[]", "{}", '{"measured": 3}', "not JSON"])
def test_a_file_that_is_no_drills_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_measured(text)
