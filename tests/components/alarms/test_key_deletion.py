"""Notices of keys that are disabled or scheduled for deletion."""

import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, KeyDeletionNotice, KeyDeletionNoticeArgs
from ha_web.alarms.key_deletion import key_loss

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

KEYS = [f"arn:aws:kms:eu-west-1:123456789012:key/mrk-{number:032}" for number in range(3)]
TOPIC = "arn:aws:sns:eu-west-1:123456789012:notices"
LONGEST_PATTERN = 2_048


def notice(**args: Any) -> Made[KeyDeletionNotice]:
    given = {"key_arns": KEYS, "topic_arn": TOPIC, **args}
    return make(lambda: KeyDeletionNotice("primary", cast(KeyDeletionNoticeArgs, given)))


def test_calls_that_make_a_key_unusable_reach_the_topic() -> None:
    made = notice()
    rule, target = made.one("aws:cloudwatch/eventRule:EventRule"), made.one("aws:cloudwatch/eventTarget:EventTarget")
    pattern = json.loads(rule["eventPattern"])
    assert pattern["source"] == ["aws.kms"]
    assert pattern["detail"]["resources"] == {"ARN": KEYS}
    assert {"DisableKey", "ScheduleKeyDeletion"} <= set(pattern["detail"]["eventName"])
    assert (target["rule"], target["arn"]) == (rule.state["name"], TOPIC)
    assert made.outputs["rule_arn"] == rule.state["arn"]


def test_the_mail_says_which_key_who_and_what_to_open() -> None:
    text = notice().one("aws:cloudwatch/eventTarget:EventTarget")["inputTransformer"]
    assert text["inputPaths"]["key"] == "$.detail.resources[0].ARN"
    assert "Who: <who>, from <address>" in text["inputTemplate"]
    assert '"Runbook: docs/runbooks/stolen-credentials.md"' in text["inputTemplate"]


def test_as_many_keys_as_are_taken_fit_into_a_pattern() -> None:
    longest = [f"arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-{number:032}" for number in range(20)]
    assert len(json.dumps(key_loss(longest))) <= LONGEST_PATTERN


@pytest.mark.parametrize("count", [0, 21])
def test_no_key_and_too_many_are_refused(count: int) -> None:
    with pytest.raises(ConfigurationError, match=f"key_arns has {count} ARNs; a rule can have 1 to 20"):
        notice(key_arns=["arn"] * count)


def test_its_region_reaches_all_of_it() -> None:
    assert_region_reaches_everything(
        lambda region: KeyDeletionNotice(
            "primary", cast(KeyDeletionNoticeArgs, {"key_arns": KEYS, "topic_arn": TOPIC, "region": region})
        )
    )
