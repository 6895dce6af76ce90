"""The link in alarms' texts."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from ha_web.core.event_mail import LONGEST, mail
from ha_web.core.runbooks import Runbook
from ha_web.dashboard.link import LONGEST_TEXT, dashboard_url, link_alarms, linked, linked_mail

from tests.components.made import make

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.mark.parametrize(
    ("region", "url"),
    [
        (None, "https://console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/web"),
        (
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/web",
        ),
    ],
)
def test_the_console_of_the_alarms_region_shows_it(region: str | None, url: str) -> None:
    assert dashboard_url("web", region) == url
    assert linked("Slow.", "web", region) == f"Slow. Dashboard: {url}"


def test_a_text_that_would_be_too_long_stays_as_it_is() -> None:
    text = "a" * (LONGEST_TEXT - 20)
    assert linked(text, "web", None) == text


def test_each_alarm_is_linked_and_nothing_else() -> None:
    def build() -> dict[str, Any]:
        watched = pulumi.ResourceOptions(transformations=[link_alarms("web")])
        common: dict[str, Any] = {"comparison_operator": "LessThanThreshold", "evaluation_periods": 1, "opts": watched}
        aws.cloudwatch.MetricAlarm("plain", alarm_description="Slow.", region="eu-west-1", **common)
        aws.cloudwatch.MetricAlarm("silent", **common)
        aws.cloudwatch.MetricAlarm("later", alarm_description=pulumi.Output.from_input("known later"), **common)
        aws.cloudwatch.EventRule("rule", description="A rule", opts=watched)
        return {}

    made = make(build)
    texts = {each.name: each["alarmDescription"] for each in made.all(ALARM)}
    assert texts["plain"] == linked("Slow.", "web", "eu-west-1")
    assert texts["silent"] == f"Dashboard: {dashboard_url('web')}"
    assert texts["later"] == "known later"
    assert made.named("rule")["description"] == "A rule"


def test_the_mail_of_an_event_gets_a_line_with_it_and_other_targets_none() -> None:
    text: Any = mail(["Failed."], {}, Runbook.RELEASE)
    other: Any = {"input_paths": {}, "input_template": '{"action": "watch"}'}

    def build() -> dict[str, Any]:
        watched = pulumi.ResourceOptions(transformations=[link_alarms("web")])
        common: dict[str, Any] = {"rule": "r", "arn": "arn:aws:sns:eu-west-1:123456789012:notices", "opts": watched}
        aws.cloudwatch.EventTarget("mail", input_transformer=text, region="eu-west-1", **common)
        aws.cloudwatch.EventTarget("other", input_transformer=other, **common)
        aws.cloudwatch.EventTarget("constant", input="{}", **common)
        return {}

    made = make(build)
    found = made.named("mail")["inputTransformer"]["inputTemplate"].splitlines()
    assert found[-2:] == ['"Runbook: docs/runbooks/release.md"', f'"Dashboard: {dashboard_url("web", "eu-west-1")} "']
    assert made.named("other")["inputTransformer"]["inputTemplate"] == other["input_template"]
    assert "inputTransformer" not in made.named("constant")


def test_a_mail_that_would_be_too_long_stays_as_it_is() -> None:
    text = {"input_paths": {}, "input_template": "x" * (LONGEST - 20)}
    assert linked_mail(text, "web", None) == text
