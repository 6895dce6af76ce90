"""Notices of launches and releases that fail."""

import json
from typing import Any, cast

from ha_web import ReleaseNotice, ReleaseNoticeArgs

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

TARGET = "aws:cloudwatch/eventTarget:EventTarget"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:notices"


def notice(**args: Any) -> Made[ReleaseNotice]:
    given = {"group_name": "web-group", "topic_arn": TOPIC, **args}
    return make(lambda: ReleaseNotice("primary", cast(ReleaseNoticeArgs, given)))


def test_releases_into_the_group_that_fail_reach_the_topic() -> None:
    made = notice()
    rule, target = made.named("primary-release-failure"), made.named("primary-release-failure-target")
    pattern = json.loads(rule["eventPattern"])
    assert pattern["source"] == ["aws.autoscaling"]
    assert pattern["detail"] == {"AutoScalingGroupName": ["web-group"]}
    kinds = {each.removeprefix("EC2 Auto Scaling Instance Refresh ") for each in pattern["detail-type"]}
    assert kinds == {"Failed", "Rollback Started", "Rollback Failed"}
    assert (target["rule"], target["arn"]) == (rule.state["name"], TOPIC)
    assert made.outputs["rule_arn"] == rule.state["arn"]


def test_launches_of_the_group_that_fail_reach_the_topic() -> None:
    made = notice()
    rule, target = made.named("primary-launch-failure"), made.named("primary-launch-failure-target")
    assert json.loads(rule["eventPattern"])["detail-type"] == ["EC2 Instance Launch Unsuccessful"]
    assert (target["rule"], target["arn"]) == (rule.state["name"], TOPIC)
    assert made.outputs["launch_rule_arn"] == rule.state["arn"]


def test_each_mail_names_the_runbook_of_what_failed() -> None:
    made = notice()
    texts = {each.name: each["inputTransformer"]["inputTemplate"] for each in made.all(TARGET)}
    assert '"Runbook: docs/runbooks/release.md"' in texts["primary-release-failure-target"]
    assert '"Runbook: docs/runbooks/quota.md"' in texts["primary-launch-failure-target"]


def test_its_region_reaches_all_of_it() -> None:
    args = {"group_name": "web-group", "topic_arn": TOPIC}
    assert_region_reaches_everything(
        lambda region: ReleaseNotice("primary", cast(ReleaseNoticeArgs, {**args, "region": region}))
    )
