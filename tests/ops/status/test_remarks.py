"""What isn't as it should be is said once, of the region it is in."""

from ops.status.facts import PRIMARY, STANDBY
from ops.status.remarks import EXPIRES_SOON, remarks
from tests.ops.status.healthy import FACTS, of


def test_nothing_is_said_of_a_healthy_stack() -> None:
    assert list(remarks(FACTS)) == []


def test_a_certificate_is_told_of_before_it_ends() -> None:
    for days, told in ((EXPIRES_SOON, 0), (EXPIRES_SOON - 1, 1)):
        [old] = FACTS.regions[STANDBY].certificates
        known = of(STANDBY, certificates=(type(old)(old.name, old.status, float(days)),))
        assert len([line for line in remarks(known) if "ends in" in line]) == told


def test_each_alarm_that_is_on_has_a_line() -> None:
    assert list(remarks(of(PRIMARY, alarms=("a", "b")))) == ["the alarm a is on", "the alarm b is on"]
