"""The mails of events."""

import json

import pytest
from ha_web.core.event_mail import LONGEST, MOST_FIELDS, mail, names_runbook, with_line
from ha_web.core.runbooks import Runbook

GROUP = {"group": "$.detail.AutoScalingGroupName"}


def test_each_line_is_a_string_of_its_own_and_the_runbook_is_the_last() -> None:
    found = mail(["No server for <group>.", 'AWS says "no".'], GROUP, Runbook.QUOTA)
    lines = [json.loads(line) for line in found["input_template"].splitlines()]
    assert lines == ["No server for <group>.", 'AWS says "no".', "Runbook: docs/runbooks/quota.md"]
    assert found["input_paths"] == GROUP
    assert names_runbook(found["input_template"])
    assert not names_runbook('{"action": "watch"}')


def test_a_field_of_which_nobody_says_where_it_is_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="<zone> is no field of the mail; it has group"):
        mail(["<zone> of <group>"], GROUP, Runbook.ZONE)


def test_what_eventbridge_would_refuse_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="EventBridge takes 8192 and 100"):
        mail(["x" * LONGEST], {}, Runbook.ZONE)
    many = {f"f{number}": "$.id" for number in range(MOST_FIELDS + 1)}
    with pytest.raises(ValueError, match="101 fields"):
        mail(["x"], many, Runbook.ZONE)


def test_a_line_that_does_not_fit_is_left_out() -> None:
    text = mail(["Full."], {}, Runbook.ZONE)["input_template"]
    assert with_line(text, "More.") == f'{text}\n"More."'
    assert with_line(text, "x" * LONGEST) == text
