"""An exemption covers until its last day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from resilience.adapter import kept
from resilience.exemptions import Uses, exemptions_of
from resilience.rule import Verdict

from tests.policies.judged import resource, rule

TODAY = datetime.now(UTC).date()
WEB = resource("lb/loadBalancer:LoadBalancer", "web")


def said(until: date | None) -> list[str]:
    """What is reported of a finding on an exempt resource."""
    exemption = {"resource": "web", "reason": "it moves next month"} | ({"until": str(until)} if until else {})
    verdict = Verdict(("enableDeletionProtection is off",))
    return kept(rule("balancer-deletion-protection"), WEB, verdict, {"exempt": [exemption]}, Uses())


@pytest.mark.parametrize("days", [None, 0, 1])
def test_it_covers_until_its_last_day(days: int | None) -> None:
    until = None if days is None else datetime.now(UTC).date() + timedelta(days=days)
    assert said(until) == []


def test_after_it_the_finding_is_reported_with_the_day() -> None:
    yesterday = TODAY - timedelta(days=1)

    assert said(yesterday) == [f"enableDeletionProtection is off; its exemption ended on {yesterday} [ELB.6]"]


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="month must be in"):
        exemptions_of({"exempt": [{"resource": "web", "reason": "it moves", "until": "2027-13-01"}]})
