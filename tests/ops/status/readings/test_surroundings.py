"""Certificates, recovery points, topics and alarms, from what AWS answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.core.stack import Stack
from ops.status.facts import Checkers
from ops.status.reading import Ask
from ops.status.readings.surroundings import READINGS
from tests.ops.status.readings.answers import MAIN, STACK, Answering

NOW = datetime.now(UTC)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
DATABASE = "arn:aws:rds:eu-west-1:123456789012:cluster:db"
FULL = replace(STACK, vaults={"eu-west-1": "vault"}, topics={"primary": TOPIC, "dns": TOPIC.replace("eu-west", "us-e")})


def read(part: str, stack: Stack = FULL, **answers: Any) -> Any:
    [reading] = [each for each in READINGS if each.part == part]
    assert reading.concerns(stack, MAIN)
    return reading.read(Ask({name: Answering(name, answers) for name in reading.services}, reading.calls), stack, MAIN)


def point(hours: float, arn: str = DATABASE, status: str = "COMPLETED") -> dict[str, Any]:
    made = datetime.now(UTC) - timedelta(hours=hours)
    return {"ResourceArn": arn, "ResourceType": "Aurora", "CreationDate": made, "Status": status}


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (
            ["Success: HTTP Status Code 200, OK"] * 15 + ["Failure: The health checker could not connect"],
            Checkers(15, 16),
        ),
        (["Failure: The health checker could not connect"] * 16, Checkers(0, 16)),
        ([], None),
    ],
)
def test_checkers_that_reach_the_balancer_are_counted(seen: list[str], found: Checkers | None) -> None:
    told = {"HealthCheckObservations": [{"StatusReport": {"Status": status}} for status in seen]}
    stack = replace(FULL, health_checks={MAIN.role: "check"})
    assert read("checkers", stack, get_health_check_status=told) == found


FILES = "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-1"


@pytest.mark.parametrize(
    ("points", "ages"),
    [
        ([(3,), (1,), (2,)], {"db": 3600.0, "fs-1": None}),
        ([(3,), (1, DATABASE, "PARTIAL")], {"db": 10_800.0, "fs-1": None}),
        ([(3, DATABASE, "AVAILABLE")], {"db": 10_800.0, "fs-1": None}),  # a continuous backup
        ([(2, FILES)], {"fs-1": 7200.0, "db": None}),
        ([], {"db": None, "fs-1": None}),
    ],
)
def test_the_newest_recovery_point_of_each_counts_and_what_must_be_there_is_missed(
    points: list[tuple[Any, ...]], ages: dict[str, float | None]
) -> None:
    told = {"RecoveryPoints": [point(*each) for each in points]}
    found = read("backups", list_recovery_points_by_backup_vault=told, describe_db_clusters={"DBClusters": []})
    assert {each.resource: each.age and pytest.approx(each.age, abs=10) for each in found} == ages


@pytest.mark.parametrize(("points", "age"), [([(20,)], 300.0), ([], None)])
def test_a_database_that_a_vault_has_is_as_old_as_what_it_can_be_restored_to(
    points: list[tuple[Any, ...]], age: float | None
) -> None:
    told = {"RecoveryPoints": [point(*each) for each in points]}
    cluster = {"DBClusterArn": DATABASE, "LatestRestorableTime": datetime.now(UTC) - timedelta(minutes=5)}
    found = read("backups", list_recovery_points_by_backup_vault=told, describe_db_clusters={"DBClusters": [cluster]})
    [database] = [each for each in found if each.resource == "db"]
    assert database.age == (age and pytest.approx(age, abs=10))


def test_without_a_vault_or_a_topic_in_the_region_nothing_is_asked() -> None:
    asked = [reading.part for reading in READINGS if reading.concerns(STACK, MAIN)]
    assert asked == ["certificates"]


def test_a_certificate_is_asked_for_once_and_has_its_days() -> None:
    listener = {"Certificates": [{"CertificateArn": "arn:aws:acm:eu-west-1:1:certificate/one"}]}
    told = {"DomainName": "www.example.com", "Status": "ISSUED", "NotAfter": NOW + timedelta(days=30)}
    [found] = read(
        "certificates",
        describe_listeners={"Listeners": [listener, listener, {}]},
        describe_certificate={"Certificate": told},
    )
    assert (found.name, found.status, round(found.days)) == ("www.example.com", "ISSUED", 30)


def test_topics_of_the_region_tell_who_hears() -> None:
    told = {"Attributes": {"SubscriptionsConfirmed": "2", "SubscriptionsPending": "1"}}
    [found] = read("topics", get_topic_attributes=told)
    assert (found.name, found.confirmed, found.pending) == ("alarms", 2, 1)


def test_alarms_that_are_on_are_named() -> None:
    told = {"MetricAlarms": [{"AlarmName": "b"}], "CompositeAlarms": [{"AlarmName": "a"}]}
    assert read("alarms", describe_alarms=told) == ("a", "b")
