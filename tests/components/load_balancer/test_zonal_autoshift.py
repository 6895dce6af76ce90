"""AWS may leave a zone by itself, and practises: what ends a run, and when one may begin."""

from typing import Any

import pytest
from ha_web import ConfigurationError, ZonalAutoshift
from ha_web.load_balancer.zonal_autoshift import window_problems

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

AUTOSHIFT = "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1"
ARGS: Any = {"load_balancer_arn": BALANCER, "outcome_alarm_arns": ["arn:errors", "arn:latency"]}


def autoshift(**changed: Any) -> Made[ZonalAutoshift]:
    args: Any = {**ARGS, **changed}
    return make(lambda: ZonalAutoshift("web", args))


def test_it_is_on_and_alarms_end_a_practice_run() -> None:
    made = autoshift().one(AUTOSHIFT)
    assert (made["resourceArn"], made["zonalAutoshiftStatus"]) == (BALANCER, "ENABLED")
    assert [alarm["alarmIdentifier"] for alarm in made["outcomeAlarms"]] == ["arn:errors", "arn:latency"]
    assert {alarm["type"] for alarm in made["outcomeAlarms"]} == {"CLOUDWATCH"}
    assert "allowedWindows" not in made


def test_runs_begin_only_in_the_windows() -> None:
    assert autoshift(windows=["Tue:09:00-Tue:17:00"]).one(AUTOSHIFT)["allowedWindows"] == ["Tue:09:00-Tue:17:00"]


@pytest.mark.parametrize("count", [0, 11])
def test_aws_takes_one_to_ten_alarms(count: int) -> None:
    with pytest.raises(ConfigurationError, match=f"outcome_alarm_arns has {count}; AWS takes 1 to 10"):
        autoshift(outcome_alarm_arns=["arn"] * count)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("Mon:09:00-Mon:17:00", ""),
        ("MON:09:00-MON:17:00", "write it in UTC like"),
        ("Mon:9:00-Mon:17:00", "write it in UTC like"),
        ("Mon:09:00-Mon:24:00", "write it in UTC like"),
        ("Mon:09:00-Tue:09:30", "it must begin and end on the same day"),
        ("Mon:17:00-Mon:09:00", "it must begin and end on the same day"),
    ],
)
def test_a_window_is_within_a_day(window: str, said: str) -> None:
    assert [said in line for line in window_problems([window])] == ([True] if said else [])


def test_there_may_be_fifteen_windows() -> None:
    window = "Mon:09:00-Mon:17:00"
    assert window_problems([window] * 15) == []
    assert window_problems([window] * 16) == ["windows has 16; AWS takes 15 at most"]


def test_the_region_reaches_everything() -> None:
    def build(region: str | None) -> ZonalAutoshift:
        args: Any = {**ARGS, "region": region}
        return ZonalAutoshift("web", args)

    assert_region_reaches_everything(build)
