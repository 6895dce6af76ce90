"""Rules of composite alarms."""

import pytest

from rehearsal.live.watch.composite import RuleError, holds

STATES = {"a": "ALARM", "b": "OK", "c": "INSUFFICIENT_DATA", "with space": "ALARM"}


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ('ALARM("a")', True),
        ("ALARM(a)", True),
        ("OK(a)", False),
        ("ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a)", True),
        ('ALARM("with space")', True),
        ("ALARM(a) AND OK(b)", True),
        ("ALARM(a) AND NOT OK(b)", False),
        ("ALARM(b) OR INSUFFICIENT_DATA(c)", True),
        ("ALARM(b) OR ALARM(a) AND ALARM(b)", False),
        ("(ALARM(b) OR ALARM(a)) AND OK(b)", True),
        ("NOT (ALARM(a) OR ALARM(b))", False),
        ("TRUE", True),
        ("FALSE OR ALARM(b)", False),
    ],
)
def test_rules(rule: str, wanted: bool) -> None:
    assert holds(rule, STATES.__getitem__) is wanted


@pytest.mark.parametrize("rule", ["", "ALARM(a) OK(b)", "(ALARM(a)", "AND", "ALARM(a) XOR ALARM(b)", "ALARM(a))"])
def test_what_is_no_rule(rule: str) -> None:
    with pytest.raises(RuleError):
        holds(rule, STATES.__getitem__)
