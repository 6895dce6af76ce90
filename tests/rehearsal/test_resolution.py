"""Which region answers, for every combination of checks and switch."""

from itertools import product
from typing import Any

import pytest

from tests.rehearsal.resolution import Circumstances, NoAnswerError, answer

SITE, INNER = "www.example.com", "ha-web-failover.www.example.com."
HTTPS = {"Type": "HTTPS"}
CHECKS: dict[str, dict[str, Any]] = {
    "primary": HTTPS,
    "standby": HTTPS,
    "switch": {**HTTPS, "Inverted": True},
    "both": {"Type": "CALCULATED", "ChildHealthChecks": ["primary", "switch"], "HealthThreshold": 2},
}


def alias(name: str, target: str, *, evaluate: bool = True, **more: Any) -> dict[str, Any]:
    where = {"DNSName": target, "HostedZoneId": "Z", "EvaluateTargetHealth": evaluate}
    return {"Name": name, "Type": "A", "AliasTarget": where, **more}


def failover(primary: str | None, standby: str | None, *, evaluate: bool) -> list[dict[str, Any]]:
    checks = {"PRIMARY": primary, "SECONDARY": standby}
    pair = [
        alias(INNER, f"{role}.elb", evaluate=evaluate, Failover=role, **({"HealthCheckId": check} if check else {}))
        for role, check in checks.items()
    ]
    return [alias(f"{SITE}.", INNER), *pair]


PROMOTE_FIRST = failover("switch", None, evaluate=False)
CALCULATED = failover("both", "standby", evaluate=True)
LATENCY = [
    alias(f"{SITE}.", "ha-web-latency.www.example.com."),
    *(
        alias("ha-web-latency.www.example.com.", f"{role}.elb", Region=region, HealthCheckId=role)
        for role, region in (("primary", "eu-west-1"), ("standby", "eu-central-1"))
    ),
]


def asked(
    records: list[dict[str, Any]],
    *,
    primary: bool = True,
    standby: bool = True,
    moved: bool = False,
    nearest: tuple[str, ...] = (),
) -> str:
    reached = {"primary": primary, "standby": standby, "switch": moved}
    served = {"primary.elb": primary, "standby.elb": standby}
    [found] = answer(records, SITE, "A", Circumstances(CHECKS, reached, served, nearest))
    return found


@pytest.mark.parametrize(("primary", "standby", "moved"), list(product([True, False], repeat=3)))
def test_with_promote_first_the_switch_alone_decides(primary: bool, standby: bool, moved: bool) -> None:
    found = asked(PROMOTE_FIRST, primary=primary, standby=standby, moved=moved)
    assert found == ("secondary.elb" if moved else "primary.elb")


@pytest.mark.parametrize(
    ("primary", "standby", "moved", "found"),
    [
        (True, True, False, "primary.elb"),
        (True, True, True, "secondary.elb"),
        (False, True, False, "secondary.elb"),
        (False, True, True, "secondary.elb"),
        (True, False, False, "primary.elb"),
        (False, False, False, "primary.elb"),  # all are unhealthy: the primary
        (False, False, True, "primary.elb"),
        (True, False, True, "primary.elb"),  # without promotion, an ill standby gives users back
    ],
)
def test_with_a_calculated_check_the_primary_needs_its_own_health_and_an_unmoved_switch(
    primary: bool, standby: bool, moved: bool, found: str
) -> None:
    assert asked(CALCULATED, primary=primary, standby=standby, moved=moved) == found


def test_a_dead_s3_in_the_standby_region_cannot_take_users_away_from_the_primary() -> None:
    for records in (PROMOTE_FIRST, CALCULATED):
        assert asked(records, standby=False, moved=False) == "primary.elb"  # an unread object is an absent one


def test_latency_asks_the_nearest_that_is_healthy() -> None:
    near = {"nearest": ("eu-central-1", "eu-west-1")}
    assert asked(LATENCY, **near) == "standby.elb"  # type: ignore[arg-type]  # one of its arguments
    assert asked(LATENCY, standby=False, **near) == "primary.elb"  # type: ignore[arg-type]  # likewise
    assert asked(LATENCY, standby=False, primary=False, **near) == "standby.elb"  # type: ignore[arg-type]


def test_a_name_without_records_and_one_that_leads_back_to_itself_have_no_answer() -> None:
    with pytest.raises(NoAnswerError):
        answer([], SITE, "A", Circumstances({}))
    with pytest.raises(NoAnswerError):
        answer([alias(SITE, SITE)], SITE, "A", Circumstances({}))


def test_a_disabled_check_counts_as_healthy() -> None:
    assert Circumstances({"x": {"Type": "HTTPS", "Disabled": True}}, {"x": False}).passes("x")
