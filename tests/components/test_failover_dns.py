"""What a FailoverDns makes."""

import json
from collections.abc import Callable
from typing import Any, cast

import pulumi
import pytest
from ha_web import ConfigurationError, FailoverDns, FailoverDnsArgs

from tests.components.made import Made, make

RECORD = "aws:route53/record:Record"
CHECK = "aws:route53/healthCheck:HealthCheck"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
ZONE = {"aws:route53/getZone:getZone": {"name": "example.com"}}

PRIMARY = {"dns_name": "primary.elb.amazonaws.com", "zone_id": "Z-PRIMARY", "region": "eu-west-1"}
ROLES = {"primary": "PRIMARY", "standby": "SECONDARY"}
STANDBY = {"dns_name": "standby.elb.amazonaws.com", "zone_id": "Z-STANDBY", "region": "eu-central-1"}


def dns(zone_id: Callable[[], Any] = lambda: "Z1", **args: Any) -> Made[FailoverDns]:
    full = {"domain": "www.example.com", "primary": PRIMARY, **args}
    return make(
        lambda: FailoverDns("site", cast(FailoverDnsArgs, {"hosted_zone_id": zone_id(), **full})),
        answers=ZONE,
        outputs={RECORD: {"fqdn": "www.example.com"}},
    )


def failover(**args: Any) -> Made[FailoverDns]:
    return dns(standby=STANDBY, **args)


def test_two_regions_have_a_primary_and_a_secondary_record_for_ipv4_and_ipv6() -> None:
    made = failover()
    found = {(r["type"], r["setIdentifier"], r["failoverRoutingPolicies"][0]["type"]) for r in made.all(RECORD)}
    assert found == {(kind, *role) for kind in ("A", "AAAA") for role in ROLES.items()}
    assert {record["name"] for record in made.all(RECORD)} == {"www.example.com"}
    assert made.outputs["fqdn"] == "www.example.com"


@pytest.mark.parametrize(("role", "target"), [("primary", PRIMARY), ("standby", STANDBY)])
def test_each_record_leads_to_its_balancer_and_asks_both_the_check_and_the_target(
    role: str, target: dict[str, str]
) -> None:
    made = failover()
    for kind in ("a", "aaaa"):
        record = made.named(f"site-{role}-{kind}")
        assert record["aliases"] == [
            {"name": target["dns_name"], "zoneId": target["zone_id"], "evaluateTargetHealth": True}
        ]
        assert record["healthCheckId"] == made.outputs["health_check_ids"][role]


@pytest.mark.parametrize(("role", "target"), [("primary", PRIMARY), ("standby", STANDBY)])
def test_each_balancer_is_asked_over_https_every_ten_seconds(role: str, target: dict[str, str]) -> None:
    [check] = [check for check in failover().all(CHECK) if check.name == f"site-{role}"]
    assert check["fqdn"] == target["dns_name"]
    assert (check["type"], check["port"], check["resourcePath"], check["enableSni"]) == ("HTTPS", 443, "/healthz", True)
    assert (check["requestInterval"], check["failureThreshold"]) == (10, 2)
    assert "regions" not in check  # Route 53's own choice: all of its checkers


@pytest.mark.parametrize("protocol", ["tcp", "tls", "udp"])
def test_what_is_not_http_is_checked_by_connecting(protocol: str) -> None:
    for check in failover(health_check={"protocol": protocol, "port": 7000}).all(CHECK):
        assert (check["type"], check["port"]) == ("TCP", 7000)
        assert not {"resourcePath", "enableSni"} & check.inputs.keys()


def test_plain_http_is_asked_on_port_80_without_sni() -> None:
    for check in failover(health_check={"protocol": "http", "path": "/alive"}).all(CHECK):
        assert (check["type"], check["port"], check["resourcePath"]) == ("HTTP", 80, "/alive")
        assert "enableSni" not in check


def test_alarms_on_both_checks_are_in_us_east_1_where_route_53_reports() -> None:
    made = failover(notify=["ops@example.com"])
    for alarm in made.all(ALARM):
        assert (alarm["region"], alarm["namespace"], alarm["metricName"]) == (
            "us-east-1",
            "AWS/Route53",
            "HealthCheckStatus",
        )
        assert (alarm["statistic"], alarm["threshold"], alarm["period"]) == ("Minimum", 1, 60)
        assert alarm["comparisonOperator"] == "LessThanThreshold"
        assert alarm["treatMissingData"] == "breaching"
        assert alarm["alarmActions"] == alarm["okActions"] == [made.outputs["topic_arn"]]
    watched = {alarm["dimensions"]["HealthCheckId"] for alarm in made.all(ALARM)}
    assert watched == set(made.outputs["health_check_ids"].values())
    assert len(made.outputs["alarm_arns"]) == 2


def test_the_topic_is_there_too_encrypted_for_cloudwatch_with_a_mail_for_each_address() -> None:
    made = failover(notify=["ops@example.com", "night@example.com"])
    regional = [r for r in made.children if r.type.startswith(("aws:sns/", "aws:kms/"))]
    assert {resource["region"] for resource in regional} == {"us-east-1"}
    key = made.one("aws:kms/key:Key")
    assert made.one("aws:sns/topic:Topic")["kmsMasterKeyId"] == key.state["arn"]
    assert {"Service": ["cloudwatch.amazonaws.com"]} in [s["Principal"] for s in json.loads(key["policy"])["Statement"]]
    mails = made.all("aws:sns/topicSubscription:TopicSubscription")
    assert {(m["protocol"], m["endpoint"]) for m in mails} == {
        ("email", "ops@example.com"),
        ("email", "night@example.com"),
    }


def test_the_primarys_alarm_says_when_users_are_elsewhere() -> None:
    alarm = failover(health_check={"interval": 30, "failures": 3}).named("site-primary-unhealthy")
    assert "within 150 s" in alarm["alarmDescription"]


def test_one_region_has_a_simple_alias_and_nothing_else() -> None:
    made = dns()
    assert {resource.type for resource in made.children} == {RECORD}
    for record in made.all(RECORD):
        assert not {"setIdentifier", "failoverRoutingPolicies", "healthCheckId"} & record.inputs.keys()
        assert record["aliases"][0]["evaluateTargetHealth"] is True
    assert made.outputs["topic_arn"] is None
    assert (made.outputs["health_check_ids"], made.outputs["alarm_arns"]) == ({}, [])


def test_with_and_without_a_standby_the_primarys_records_are_the_same_resources() -> None:
    single, both = ({r.name for r in made.all(RECORD)} for made in (dns(), failover()))
    assert single == {"site-primary-a", "site-primary-aaaa"}
    assert both - single == {"site-standby-a", "site-standby-aaaa"}


def test_losing_the_standby_replaces_the_primarys_records_deleting_first() -> None:
    for record in dns().all(RECORD):
        assert record.options["delete_before_replace"] is True
        assert record.options["replace_on_changes"] == ["setIdentifier"]


def test_gaining_a_standby_updates_the_primarys_records_so_that_the_name_never_goes_away() -> None:
    for kind in ("a", "aaaa"):
        assert failover().named(f"site-primary-{kind}").options["replace_on_changes"] == []


def test_the_standbys_records_hang_on_the_primarys_so_that_they_come_after_and_go_before() -> None:
    made = failover()
    for kind in ("a", "aaaa"):
        [primary] = [
            urn for urn in made.named(f"site-standby-{kind}").options["depends_on"] if "::site-primary-" in urn
        ]
        assert primary.endswith(f"::site-primary-{kind}")


def test_exchanging_the_regions_changes_where_records_lead_and_not_what_they_are() -> None:
    before, after = failover(), dns(primary=STANDBY, standby=PRIMARY)
    for old, new in zip(before.all(RECORD), after.all(RECORD), strict=True):
        changed = {key for key in old.inputs if old[key] != new[key]}
        assert (old.name, changed) == (new.name, {"aliases"})
    for old, new in zip(before.all(CHECK), after.all(CHECK), strict=True):
        assert {key for key in old.inputs if old[key] != new[key]} == {"fqdn"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"standby": {**STANDBY, "region": "eu-west-1"}},
            'standby.region is "eu-west-1"; it must differ from the primary\'s',
        ),
        (
            {"standby": STANDBY, "health_check": {"interval": 5}},
            "health_check.interval is 5; Route 53 checks every 10 or every 30 seconds",
        ),
        (
            {"standby": STANDBY, "health_check": {"intervall": 10}},
            "health_check.intervall is unknown; the nearest known one is interval",
        ),
        (
            {"standby": {**STANDBY, "zoneid": "Z"}},
            "standby.zoneid is unknown; the nearest known one is zone_id",
        ),
        ({"notify": ["ops"]}, 'notify has "ops"; write an e-mail address'),
        ({"domain": "www.example.org"}, 'domain is "www.example.org"; it is not in the hosted zone example.com'),
    ],
)
def test_bad_arguments_are_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        dns(**args)
    assert str(refused.value) == f'FailoverDns "site": {message}'


def test_a_zone_that_is_made_in_the_same_run_is_not_asked_about() -> None:
    made = dns(zone_id=lambda: pulumi.Output.from_input("Z-NEW"), domain="www.example.org")
    assert made.calls == []
    assert {record["zoneId"] for record in made.all(RECORD)} == {"Z-NEW"}


def test_every_output_is_registered_and_every_child_is_its_own() -> None:
    made = failover()
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("FailoverDns::site")]
    assert set(registered) == set(FailoverDns.__annotations__)
    assert {child.parent.split("::")[-1] for child in made.children} == {"site"}
