"""Alarms: its resources and refusals."""

import json
from typing import Any, cast

import pulumi
import pytest
from ha_web import Alarms, AlarmsArgs, ConfigurationError
from ha_web.core.notifications import address_problems

from tests.components.made import Made, Resource, make
from tests.components.regional import assert_region_reaches_everything

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
ALL = {
    "group_name": "web",
    "minimum": 3,
    "node_ids": ["s-001", "s-002"],
    "database_instance_ids": ["db-1", "db-2"],
    "session_region_lag": True,
    "database_region_lag": True,
    "backup_vault_name": "vault",
    "backup_hours": 26,
    "restore_validation_function_name": "validation",
}


def full(**args: Any) -> AlarmsArgs:
    known = {"load_balancer_arn_suffix": "app/web/1", "target_group_arn_suffix": "targetgroup/web/2"}
    return cast(AlarmsArgs, {**known, "zone_names": ZONES, **args})


def alarms(**args: Any) -> Made[Alarms]:
    return make(lambda: Alarms("web", full(**args)))


def roles(made: Made[Alarms]) -> set[str]:
    return {alarm.name.removeprefix("web-") for alarm in made.all(ALARM)}


def metric(alarm: Resource) -> tuple[str, str]:
    return alarm["namespace"], alarm["metricName"]


def test_everything_that_is_given_is_watched() -> None:
    assert roles(alarms(**ALL)) == {
        "no-healthy-hosts",
        *(f"unhealthy-hosts-{zone}" for zone in ZONES),
        *(f"empty-zone-{zone}" for zone in ZONES),
        "target-errors",
        "balancer-errors",
        "latency",
        "below-minimum",
        *(f"session-{what}-{number}" for what in ("cpu", "memory", "lag") for number in (1, 2)),
        *(f"database-{what}-{number}" for what in ("cpu", "lag") for number in (1, 2)),
        "session-region-lag",
        "database-region-lag",
        "aborted-backup",
        "failed-backup",
        "no-backup",
        "failed-copy",
        "failed-restore",
        "failed-restore-validation",
        "no-restore-validation",
        "late-backup",
        "stuck-points",
    }


def test_a_release_is_judged_by_what_users_notice_and_not_by_servers_that_start() -> None:
    names = alarms(**ALL).outputs["release_alarm_names"]
    assert set(names) == {"web-target-errors", "web-balancer-errors", "web-latency", "web-no-healthy-hosts"}
    assert alarms(**ALL, idle=True).outputs["release_alarm_names"] == []
    assert alarms(load_balancer_type="network").outputs["release_alarm_names"] == ["web-no-healthy-hosts"]


def test_what_is_not_given_is_not_watched() -> None:
    left = ("session-", "database-", "failed-", "aborted-", "no-backup", "no-restore", "below-", "late-", "stuck-")
    assert not any(role.startswith(left) for role in roles(alarms()))


def test_a_pilot_light_is_watched_without_its_servers() -> None:
    watched = roles(alarms(**ALL, idle=True))
    assert watched == {
        r
        for r in roles(alarms(**ALL))
        if r.startswith(("session-", "database-", "failed-", "aborted-", "no-b", "no-r", "late-", "stuck-"))
    }


def test_a_network_load_balancer_has_no_alarms_on_requests() -> None:
    made = alarms(load_balancer_type="network")
    assert not {"target-errors", "balancer-errors", "latency"} & roles(made)
    assert {alarm["namespace"] for alarm in made.all(ALARM)} == {"AWS/NetworkELB"}


def test_each_zone_is_watched_in_its_name() -> None:
    made = alarms()
    for zone in ZONES:
        alarm = made.named(f"web-unhealthy-hosts-{zone}")
        assert metric(alarm) == ("AWS/ApplicationELB", "UnHealthyHostCount")
        assert alarm["dimensions"] == {
            "LoadBalancer": "app/web/1",
            "TargetGroup": "targetgroup/web/2",
            "AvailabilityZone": zone,
        }
        assert (alarm["statistic"], alarm["threshold"], alarm["period"], alarm["evaluationPeriods"]) == (
            "Maximum",
            1,
            60,
            5,  # the 180 s until a server serves, and two minutes
        )


def test_zones_whose_names_are_known_only_later_are_counted() -> None:
    made = make(lambda: Alarms("web", full(zone_names=[pulumi.Output.from_input(zone) for zone in ZONES])))
    assert {f"unhealthy-hosts-{number}" for number in (1, 2, 3)} <= roles(made)
    assert made.named("web-unhealthy-hosts-2")["dimensions"]["AvailabilityZone"] == "eu-west-1b"


def test_a_fleet_smaller_than_its_zones_is_not_alarmed_by_an_empty_one() -> None:
    assert not any(role.startswith("empty-zone") for role in roles(alarms(minimum=2)))
    assert any(role.startswith("empty-zone") for role in roles(alarms(minimum=3)))


@pytest.mark.parametrize(
    ("role", "errors", "dimensions"),
    [
        (
            "target-errors",
            "HTTPCode_Target_5XX_Count",
            {"LoadBalancer": "app/web/1", "TargetGroup": "targetgroup/web/2"},
        ),
        ("balancer-errors", "HTTPCode_ELB_5XX_Count", {"LoadBalancer": "app/web/1"}),
    ],
)
def test_errors_are_measured_as_a_share_of_requests(role: str, errors: str, dimensions: dict[str, str]) -> None:
    alarm = alarms().named(f"web-{role}")
    queries = {query["id"]: query for query in alarm["metricQueries"]}
    assert [identity for identity, query in queries.items() if query.get("returnData")] == ["share"]
    for identity, name in (("errors", errors), ("requests", "RequestCount")):
        assert queries[identity]["metric"] == {
            "namespace": "AWS/ApplicationELB",
            "metricName": name,
            "dimensions": dimensions,
            "stat": "Sum",
            "period": 60,
        }
    # CloudWatch refuses an alarm that has both
    assert not {"metricName", "namespace", "period", "statistic", "dimensions"} & alarm.inputs.keys()


def test_latency_is_the_99th_percentile_and_few_requests_decide_nothing() -> None:
    alarm = alarms().named("web-latency")
    assert metric(alarm) == ("AWS/ApplicationELB", "TargetResponseTime")
    assert (alarm["extendedStatistic"], alarm["evaluateLowSampleCountPercentiles"]) == ("p99", "ignore")
    assert "statistic" not in alarm


def test_thresholds_can_be_set_one_by_one() -> None:
    made = alarms(**ALL, thresholds={"latency_seconds": 0.25, "memory_percent": 70})
    assert made.named("web-latency")["threshold"] == 0.25
    assert made.named("web-session-memory-2")["threshold"] == 70
    assert made.named("web-session-cpu-1")["threshold"] == 90
    assert made.named("web-target-errors")["threshold"] == 5


def test_the_group_is_watched_against_its_minimum() -> None:
    alarm = alarms(**ALL).named("web-below-minimum")
    assert metric(alarm) == ("AWS/AutoScaling", "GroupInServiceInstances")
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 3)
    assert alarm["dimensions"] == {"AutoScalingGroupName": "web"}


def test_failed_jobs_are_those_of_the_vault() -> None:
    alarm = alarms(**ALL).named("web-failed-copy")
    assert metric(alarm) == ("AWS/Backup", "NumberOfCopyJobsFailed")
    assert (alarm["dimensions"], alarm["period"]) == ({"BackupVaultName": "vault"}, 300)


def test_a_vault_without_backups_is_an_alarm_because_what_no_plan_takes_fails_nowhere() -> None:
    alarm = alarms(**ALL).named("web-no-backup")
    sums = {query["id"]: query["metric"] for query in alarm["metricQueries"] if "metric" in query}
    assert (sums["happens"]["metricName"], sums["happens"]["dimensions"]) == (
        "NumberOfBackupJobsCompleted",
        {"BackupVaultName": "vault"},
    )
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 1)
    assert (alarm["evaluationPeriods"], alarm["datapointsToAlarm"]) == (26, 26)


@pytest.mark.parametrize("role", ["no-backup", "no-restore-validation"])
@pytest.mark.parametrize(
    ("nodes", "space", "dimensions"),
    [
        ({}, "AWS/RDS", {"DBInstanceIdentifier": "db-1"}),
        ({"database_instance_ids": []}, "AWS/ElastiCache", {"CacheClusterId": "s-001"}),
        (
            {"database_instance_ids": [], "session_cluster_name": "s"},
            "AWS/MemoryDB",
            {"ClusterName": "s", "NodeName": "s-001"},
        ),
    ],
)
def test_what_is_missing_is_missed_only_since_something_runs(
    role: str, nodes: dict[str, Any], space: str, dimensions: dict[str, str]
) -> None:
    alarm = alarms(**{**ALL, **nodes}).named(f"web-{role}")
    expression, *metrics = alarm["metricQueries"]
    assert expression["expression"] == "SUM([0*runs,happens])"
    [runs] = [query["metric"] for query in metrics if query["id"] == "runs"]
    assert (runs["namespace"], runs["dimensions"], runs["period"]) == (space, dimensions, 3600)
    assert alarm["treatMissingData"] == "notBreaching"  # hours before there was a stack


def test_backups_are_not_missed_where_nothing_says_since_when() -> None:
    with pytest.raises(ConfigurationError, match="database_instance_ids and node_ids are empty"):
        alarms(backup_vault_name="vault", backup_hours=26)


def test_a_restore_that_does_not_answer_is_an_error_of_its_function() -> None:
    alarm = alarms(**ALL).named("web-failed-restore-validation")
    assert metric(alarm) == ("AWS/Lambda", "Errors")
    assert (alarm["dimensions"], alarm["threshold"]) == ({"FunctionName": "validation"}, 1)


def test_every_alarm_tells_the_one_topic_when_it_begins_and_when_it_ends() -> None:
    made = alarms(**ALL)
    topic = made.outputs["topic_arn"]
    for alarm in made.all(ALARM):
        assert alarm["alarmActions"] == alarm["okActions"] == [topic]
        assert alarm["treatMissingData"] in {"breaching", "notBreaching", "missing"}
        assert alarm["datapointsToAlarm"] == alarm["evaluationPeriods"]
    assert len(made.outputs["alarm_arns"]) == len(made.all(ALARM))


def test_cloudwatch_may_publish_to_the_topic_and_encrypt_with_its_key() -> None:
    made = alarms(notify=["ops@example.com"])
    service = {"Service": ["cloudwatch.amazonaws.com"]}
    policy, key = made.one("aws:sns/topicPolicy:TopicPolicy"), made.one("aws:kms/key:Key")
    [publish] = [s for s in json.loads(policy["policy"])["Statement"] if s["Principal"] == service]
    assert (publish["Action"], publish["Resource"]) == ("sns:Publish", made.outputs["topic_arn"])
    [encrypt] = [s for s in json.loads(key["policy"])["Statement"] if s["Principal"] == service]
    assert set(encrypt["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    mail = made.one("aws:sns/topicSubscription:TopicSubscription")
    assert (mail["protocol"], mail["endpoint"], mail["topic"]) == ("email", "ops@example.com", publish["Resource"])
    assert "filterPolicy" not in mail


def test_the_account_can_always_change_the_topics_key() -> None:
    [govern] = [s for s in json.loads(alarms().one("aws:kms/key:Key")["policy"])["Statement"] if s["Action"] == "kms:*"]
    assert govern["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}


def test_removing_one_address_leaves_the_others_subscriptions_alone() -> None:
    both = alarms(notify=["a@example.com", "b@example.com"])
    one = alarms(notify=["b@example.com"])
    subscription = "aws:sns/topicSubscription:TopicSubscription"
    assert one.one(subscription).name in {mail.name for mail in both.all(subscription)}


def test_every_output_is_registered_and_every_child_is_its_own() -> None:
    made = alarms(**ALL)
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("Alarms::web")]
    assert set(registered) == set(Alarms.__annotations__)
    assert {child.parent.split("::")[-1] for child in made.children} == {"web"}


def test_the_region_reaches_every_child() -> None:
    args = {**ALL, "notify": ["ops@example.com"]}
    assert_region_reaches_everything(lambda region: Alarms("web", full(region=region, **args)))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"backup_hours": 169}, "backup_hours is 169; CloudWatch looks back 1 to 168 hours"),
        ({"zone_names": []}, "zone_names is empty; hosts are watched zone by zone"),
        ({"load_balancer_type": "gateway"}, 'load_balancer_type is "gateway"; it must be application or network'),
        ({"thresholds": {"latency_seconds": 0}}, "thresholds.latency_seconds is 0; it must be above 0"),
        (
            {"thresholds": {"latency": 1}},
            "thresholds.latency is unknown; the nearest known one is latency_seconds",
        ),
        ({"node_id": ["s-001"]}, "node_id is unknown; the nearest known one is node_ids"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_registered(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        alarms(**args)
    assert str(refused.value) == f'Alarms "web": {message}'


@pytest.mark.parametrize("address", ["ops", "@example.com", "ops@example", "a b@example.com", "a@b@example.com"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert address_problems([address]) == [f'notify has "{address}"; write an e-mail address']


def test_an_address_is_given_once() -> None:
    assert address_problems(["a@example.com", "a@example.com"]) == ['notify has "a@example.com" twice; once is enough']


def test_the_lag_between_the_regions_is_asked_of_metrics_insights() -> None:
    [query] = alarms(database_region_lag=True).named("web-database-region-lag")["metricQueries"]
    assert (query["expression"], query["period"], query["label"]) == (
        'SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS"',
        60,
        "largest lag",
    )


def test_alarms_that_are_given_a_topic_make_none_and_notify_that() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:notices"
    made = alarms(topic_arn=topic)
    assert {child.type for child in made.children} == {ALARM}
    assert {alarm["alarmActions"][0] for alarm in made.all(ALARM)} == {made.outputs["topic_arn"]} == {topic}


def test_addresses_beside_a_topic_are_refused_as_they_would_get_nothing() -> None:
    with pytest.raises(ConfigurationError, match="and topic_arn is given; subscribe"):
        alarms(topic_arn="arn:aws:sns:eu-west-1:123456789012:notices", notify=["ops@example.com"])
