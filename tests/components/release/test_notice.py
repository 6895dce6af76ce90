"""Notices of launches and releases that fail."""

import json
from typing import Any, cast

from ha_web import ReleaseNotice, ReleaseNoticeArgs

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

TOPIC = "arn:aws:sns:eu-west-1:123456789012:notices"


def notice(**args: Any) -> Made[ReleaseNotice]:
    given = {"group_name": "web-group", "topic_arn": TOPIC, **args}
    return make(lambda: ReleaseNotice("primary", cast(ReleaseNoticeArgs, given)))


def test_launches_and_releases_of_the_group_that_fail_reach_the_topic() -> None:
    made = notice()
    rule, target = made.one("aws:cloudwatch/eventRule:EventRule"), made.one("aws:cloudwatch/eventTarget:EventTarget")
    pattern = json.loads(rule["eventPattern"])
    assert pattern["source"] == ["aws.autoscaling"]
    assert pattern["detail"] == {"AutoScalingGroupName": ["web-group"]}
    assert {"EC2 Instance Launch Unsuccessful", "EC2 Auto Scaling Instance Refresh Failed"} <= set(
        pattern["detail-type"]
    )
    assert (target["rule"], target["arn"]) == (rule.state["name"], TOPIC)
    assert made.outputs["rule_arn"] == rule.state["arn"]


def test_its_region_reaches_all_of_it() -> None:
    args = {"group_name": "web-group", "topic_arn": TOPIC}
    assert_region_reaches_everything(
        lambda region: ReleaseNotice("primary", cast(ReleaseNoticeArgs, {**args, "region": region}))
    )
