"""The edges of the rules about alarms, logs and tags: links and plain names, who acts, what a remedy adds."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from resilience.aws.tags import TAGGABLE
from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, judged, resource, rule
from tests.policies.pairs.observability import ALARM, LOG_GROUP, TAGS, TARGETS, TOPIC, TRAIL, WEB, alarm

GROUP = "autoscaling/group:Group"


def passes(name: str, *resources: Resource, **config: Any) -> bool:
    verdict = judged(name, *resources, **config)
    return (verdict.messages, verdict.unknown) == ((), None)


def mended(subject: Resource, required: Mapping[str, str]) -> Mapping[str, Any] | None:
    remedy = rule("resource-has-required-tags").remedy
    assert remedy
    return remedy(subject, {"required": required})


@pytest.mark.parametrize("metric", ["RequestCount", "HTTPCode_Target_5XX_Count"])
def test_alarms_on_other_metrics_do_not_watch_targets(metric: str) -> None:
    assert judged("target-group-is-watched", WEB, alarm(WEB, metric=metric)).messages


def test_an_expression_over_host_counts_watches_targets() -> None:
    queries = [{"id": "share", "expression": "bad/all"}, {"id": "bad", "metric": {"metricName": "UnHealthyHostCount"}}]
    watcher = resource(ALARM, metricQueries=queries, links={"metricQueries": [WEB]})

    assert passes("target-group-is-watched", WEB, watcher)


def test_a_target_group_may_be_named_plainly() -> None:
    targets = resource(TARGETS, arnSuffix="targetgroup/web/943f017f100becff")
    right, wrong = (
        resource(ALARM, metricName="HealthyHostCount", dimensions={"TargetGroup": f"targetgroup/{name}"})
        for name in ("web/943f017f100becff", "api/0123456789abcdef")
    )

    assert passes("target-group-is-watched", targets, wrong, right)
    assert judged("target-group-is-watched", targets, wrong).messages


def test_functions_are_not_watched_as_hosts() -> None:
    assert passes("target-group-is-watched", resource(TARGETS, targetType="lambda"))


def test_targets_that_are_idle_by_plan_need_no_alarm() -> None:
    links = {"targetGroupArns": [WEB]}
    idle = resource(GROUP, minSize=0.0, desiredCapacity=0.0, links=links)
    serving = resource(GROUP, minSize=2.0, links=links)

    assert passes("target-group-is-watched", WEB, idle)
    assert judged("target-group-is-watched", WEB, idle, serving).messages


def test_targets_that_are_idle_by_plan_may_be_attached() -> None:
    idle = resource(GROUP, minSize=0.0, desiredCapacity=0.0)
    links = {"lbTargetGroupArn": [WEB], "autoscalingGroupName": [idle]}

    assert passes("target-group-is-watched", WEB, idle, resource("autoscaling/attachment:Attachment", links=links))


def test_the_periods_that_must_be_bad_count_not_those_that_are_looked_at() -> None:
    assert passes("alarm-on-hosts-in-time", alarm(period=60.0, evaluationPeriods=10.0, datapointsToAlarm=5.0))


def test_the_period_of_an_expression_is_its_metrics() -> None:
    queries = [{"metric": {"metricName": "HealthyHostCount", "period": 600.0}}]

    messages = judged("alarm-on-hosts-in-time", resource(ALARM, metricQueries=queries, evaluationPeriods=1.0)).messages

    assert messages == ("metricQueries.0.metric.period 600 s × 1 period(s); at most 300 s are allowed",)


def test_silence_is_no_failure_of_what_is_counted_upwards() -> None:
    count = alarm(metric="UnHealthyHostCount", comparisonOperator="GreaterThanThreshold")

    assert passes("alarm-takes-silence-for-failure", count)


@pytest.mark.parametrize("missing", ["notBreaching", "ignore", "missing"])
def test_silence_of_a_health_check_must_count_as_failure(missing: str) -> None:
    watcher = alarm(metric="HealthCheckStatus", comparisonOperator="LessThanThreshold", treatMissingData=missing)

    assert judged("alarm-takes-silence-for-failure", watcher).messages


def test_what_refers_to_an_alarm_acts_on_it() -> None:
    silent = alarm()
    composite = resource("cloudwatch/compositeAlarm:CompositeAlarm", alarmActions=[UNKNOWN], links={"a": [silent]})
    dashboard = resource("cloudwatch/dashboard:Dashboard", links={"dashboardBody": [silent]})

    assert passes("alarm-has-an-action", silent, composite)
    assert judged("alarm-has-an-action", silent, dashboard).messages
    assert judged("alarm-has-an-action", alarm(alarmActions=[])).messages


def test_actions_that_are_not_known_yet_are_actions() -> None:
    assert passes("alarm-has-an-action", alarm(alarmActions=UNKNOWN))


def test_logs_that_are_kept_for_ever_are_kept_long_enough() -> None:
    for group in (resource(LOG_GROUP), resource(LOG_GROUP, retentionInDays=0.0)):
        assert passes("log-group-keeps-entries", group)
        assert judged("log-group-expires", group).messages


def test_a_team_may_ask_for_a_year_of_logs() -> None:
    assert judged("log-group-keeps-entries", resource(LOG_GROUP, retentionInDays=364.0), days=365.0).messages
    assert passes("log-group-keeps-entries", resource(LOG_GROUP, retentionInDays=365.0), days=365.0)


def test_a_trail_that_is_switched_off_is_found() -> None:
    trail = resource(TRAIL, isMultiRegionTrail=True, enableLogging=False, includeGlobalServiceEvents=False)

    assert judged("trail-sees-everything", trail).messages == (
        "enableLogging is off",
        "includeGlobalServiceEvents is off",
    )


def test_no_tag_is_required_by_default() -> None:
    assert passes("resource-has-required-tags", resource(TOPIC))


def test_tags_that_are_not_known_yet_cannot_be_told() -> None:
    assert judged("resource-has-required-tags", resource(TOPIC, tags=UNKNOWN), required=TAGS).unknown == "tags"


@pytest.mark.parametrize("wire", [lambda tags: {"tags": tags}, lambda tags: json.dumps({"tags": tags})])
def test_the_default_tags_of_a_provider_count(wire: Any) -> None:
    provider = {"region": "eu-west-1", "defaultTags": wire({"owner": "web", "stage": "prod"})}

    assert passes("resource-has-required-tags", resource(TOPIC, provider=provider), required=TAGS)
    assert judged("resource-has-required-tags", resource(GROUP, provider=provider), required=TAGS).messages


def test_the_tags_of_a_group_are_a_list() -> None:
    tags = [{"key": "owner", "value": "web"}, {"key": "stage", "value": UNKNOWN}]

    assert passes("resource-has-required-tags", resource(GROUP, tags=tags), required=TAGS)


def test_the_remedy_adds_the_tags_that_have_a_value() -> None:
    assert mended(resource(TOPIC, name_=UNKNOWN, tags={"a": UNKNOWN}), TAGS) == {
        "name_": UNKNOWN,
        "tags": {"a": UNKNOWN, "stage": "prod"},
    }
    assert mended(resource(TOPIC, tags={"stage": "dev"}), TAGS) is None
    assert mended(resource(TOPIC), {}) is None


def test_the_remedy_lets_servers_have_the_tags_of_their_group() -> None:
    assert mended(resource(GROUP, minSize=2.0), TAGS) == {
        "minSize": 2.0,
        "tags": [{"key": "stage", "value": "prod", "propagateAtLaunch": True}],
    }


@pytest.mark.parametrize("service", ["ec2", "elasticache", "lb", "rds", "sns"])
def test_the_taggable_types_have_tags_in_the_sdk(service: str) -> None:
    module = pytest.importorskip(f"pulumi_aws.{service}")
    kinds = [type_.rpartition(":")[2] for type_ in TAGGABLE if type_.startswith(f"aws:{service}/")]

    assert kinds
    assert [kind for kind in kinds if not hasattr(getattr(module, kind), "tags")] == []
