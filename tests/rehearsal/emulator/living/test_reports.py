"""What is reported, counted and published: health checks, changes, notices, and reports that can't be."""

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator, EmulatorError
from tests.conftest import Client

pytestmark = pytest.mark.xdist_group("emulator-living")


def test_a_health_check_says_what_its_checkers_saw(aws: Client, living: Emulator, unique: str) -> None:
    route53 = aws("route53", "us-east-1")
    config = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}
    check = route53.create_health_check(CallerReference=unique, HealthCheckConfig=config)["HealthCheck"]["Id"]

    def observations(operation: Callable[..., Any]) -> list[tuple[str, str, str]]:
        found = operation(HealthCheckId=check)["HealthCheckObservations"]
        return [(one["Region"], one["IPAddress"], one["StatusReport"]["Status"]) for one in found]

    assert observations(route53.get_health_check_status) == []
    seen = [{"region": "us-east-1", "address": "15.177.0.1", "status": "Success: HTTP Status Code 200, OK"}]
    failed = [{"region": "eu-west-1", "address": "15.177.0.2", "status": "Failure: Connection timed out."}]
    living.report(checks=[{"id": check, "observations": seen + failed}])
    wanted = [tuple(one.values()) for one in seen + failed]
    assert observations(route53.get_health_check_status) == wanted
    counted = living.ask("GET", "changes")["route53:health"]
    living.report(checks=[{"id": check, "observations": seen + failed}])
    assert living.ask("GET", "changes")["route53:health"] == counted
    living.report(checks=[{"id": check, "observations": seen}])
    assert observations(route53.get_health_check_status) == wanted[:1]
    assert observations(route53.get_health_check_last_failure_reason) == wanted[1:]
    living.rest()
    assert len(observations(route53.get_health_check_status)) == 1


def test_calls_that_change_something_are_counted_by_service(aws: Client, emulator: Emulator, unique: str) -> None:
    def counted() -> dict[str, int]:
        found: dict[str, int] = emulator.ask("GET", "changes")
        return found

    before = counted()
    aws("sns").list_topics()
    aws("ec2").describe_vpcs()
    assert counted() == before
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    assert counted()["sns"] == before.get("sns", 0) + 1
    aws("sns").publish(TopicArn=topic, Message="a notice is no change")
    assert counted()["sns"] == before.get("sns", 0) + 1


def test_what_is_published_is_kept_as_a_notice(aws: Client, emulator: Emulator, unique: str) -> None:
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    last = max((each["n"] for each in emulator.ask("GET", "notices?after=0")), default=0)
    aws("sns").publish(TopicArn=topic, Subject="Failover", Message="users are sent")
    cloudwatch = aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=unique,
        AlarmActions=[topic],
        **{"MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1},
        **{"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"},
    )
    cloudwatch.set_alarm_state(AlarmName=unique, StateValue="ALARM", StateReason="measured")
    found = emulator.ask("GET", f"notices?after={last}")
    assert [(each["topic"], each["subject"].split(":")[0]) for each in found] == [(topic, "Failover"), (topic, "ALARM")]
    assert found[0]["message"] == "users are sent"
    assert emulator.ask("GET", f"notices?after={found[-1]['n']}") == []


@pytest.mark.parametrize(
    ("sections", "why"),
    [
        ({"weather": []}, "weather: a report has"),
        ({"targets": [{"group": "g", "id": "i", "state": "fine"}]}, "state fine of i is none of healthy"),
        ({"instances": [{"region": "eu-west-1", "id": "i-1", "state": "ill"}]}, "state ill of i-1"),
        ({"nodes": [{"service": "rds", "region": "eu-west-1", "id": "n", "state": "ill"}]}, "state ill of n"),
        ({"targets": [{"id": "i"}]}, "targets: KeyError"),
    ],
)
def test_a_report_that_cannot_be_is_refused(living: Emulator, sections: dict[str, list[Any]], why: str) -> None:
    with pytest.raises(EmulatorError, match=why):
        living.report(**sections)


@pytest.mark.parametrize("speed", [0, -1, 5000])
def test_a_pace_that_cannot_be_is_refused(emulator: Emulator, speed: float) -> None:
    with pytest.raises(EmulatorError, match=f"speed is {speed:.1f}"):
        emulator.live(speed)


def test_alarms_keep_the_state_that_was_set_whatever_data_is_put(aws: Client, living: Emulator, unique: str) -> None:
    assert living
    cloudwatch = aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=unique,
        **{"MetricName": "m", "Namespace": unique, "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1},
        **{"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"},
    )
    cloudwatch.set_alarm_state(AlarmName=unique, StateValue="OK", StateReason="measured")
    cloudwatch.put_metric_data(Namespace=unique, MetricData=[{"MetricName": "m", "Value": 5}])
    [alarm] = cloudwatch.describe_alarms(AlarmNames=[unique])["MetricAlarms"]
    assert alarm["StateValue"] == "OK"
