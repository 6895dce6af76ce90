"""Resources of a FailoverDns."""

import json
from collections.abc import Callable
from typing import Any, cast

import pulumi
import pytest
from ha_web import ConfigurationError, FailoverDns, FailoverDnsArgs

from tests.components.made import Made, Resource, make

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
        outputs={RECORD: {"fqdn": "www.example.com"}},  # of all records, which only the site's own is asked for
    )


def failover(**args: Any) -> Made[FailoverDns]:
    return dns(standby=STANDBY, **args)


SWITCH = {"switch_health_check_id": "switch-check"}
TYPES = ("a", "aaaa")


def tree(made: Made[FailoverDns], routing: str) -> list[Resource]:
    return [record for record in made.all(RECORD) if record.name.startswith(f"site-{routing}-")]


def test_two_regions_have_a_primary_and_a_secondary_record_for_ipv4_and_ipv6() -> None:
    made = failover()
    found = {(r["type"], r["setIdentifier"], r["failoverRoutingPolicies"][0]["type"]) for r in tree(made, "failover")}
    assert found == {(kind, *role) for kind in ("A", "AAAA") for role in ROLES.items()}
    assert {record["name"] for record in tree(made, "failover")} == {"ha-web-failover.www.example.com"}
    assert made.outputs["fqdn"] == "www.example.com"
    assert made.outputs["routing_name"] == "ha-web-failover.www.example.com"


@pytest.mark.parametrize(
    ("args", "target"),
    [
        ({}, ("primary.elb.amazonaws.com", "Z-PRIMARY")),
        ({"standby": STANDBY}, ("ha-web-failover.www.example.com", "Z1")),
        ({"standby": STANDBY, "routing": "latency"}, ("ha-web-latency.www.example.com", "Z1")),
    ],
)
def test_the_sites_name_is_the_same_simple_alias_whatever_is_behind_it(
    args: dict[str, Any], target: tuple[str, str]
) -> None:
    made = dns(**args)
    for kind in TYPES:
        record = made.named(f"site-{kind}")
        assert (record["name"], record["type"]) == ("www.example.com", kind.upper())
        assert not {"setIdentifier", "failoverRoutingPolicies", "latencyRoutingPolicies", "healthCheckId"} & set(
            record.inputs
        )
        assert record["aliases"] == [{"name": target[0], "zoneId": target[1], "evaluateTargetHealth": True}]


@pytest.mark.parametrize("routing", ["failover", "latency"])
def test_the_sites_name_turns_only_when_every_record_behind_it_stands(routing: str) -> None:
    made = dns(standby=STANDBY, routing=routing)
    for kind in TYPES:
        before = {urn.rsplit("::", 1)[1] for urn in made.named(f"site-{kind}").options["depends_on"]}
        assert before >= {record.name for record in tree(made, routing) if record["type"] == kind.upper()}


def test_latency_records_are_known_by_region_and_each_asks_its_own_check_and_targets() -> None:
    made = dns(standby=STANDBY, routing="latency")
    checks = made.outputs["health_check_ids"]
    assert made.named("site-beacon-primary")["name"] == "ha-web-primary.www.example.com"
    for kind in TYPES:
        for role, target in (("primary", PRIMARY), ("standby", STANDBY)):
            record = made.named(f"site-latency-{target['region']}-{kind}")
            assert (record["name"], record["setIdentifier"]) == ("ha-web-latency.www.example.com", target["region"])
            assert record["latencyRoutingPolicies"] == [{"region": target["region"]}]
            assert (record["healthCheckId"], record["aliases"][0]["evaluateTargetHealth"]) == (checks[role], True)


def test_with_a_switch_the_primary_serves_while_its_check_passes_and_the_switch_is_not_moved() -> None:
    made = failover(**SWITCH)
    [both] = [check for check in made.all(CHECK) if check["type"] == "CALCULATED"]
    assert set(both["childHealthchecks"]) == {"switch-check", made.outputs["health_check_ids"]["primary"]}
    assert both["childHealthThreshold"] == 2
    for kind in TYPES:
        primary, standby = made.named(f"site-failover-primary-{kind}"), made.named(f"site-failover-standby-{kind}")
        assert primary["healthCheckId"] == both.id
        assert standby["healthCheckId"] == made.outputs["health_check_ids"]["standby"]
        assert primary["aliases"][0]["evaluateTargetHealth"] is True


def test_with_promote_first_the_switch_alone_decides_and_no_failure_leads_back() -> None:
    made = failover(**SWITCH, promote_first=True)
    assert [check for check in made.all(CHECK) if check["type"] == "CALCULATED"] == []
    for kind in TYPES:
        primary, standby = made.named(f"site-failover-primary-{kind}"), made.named(f"site-failover-standby-{kind}")
        assert (primary["healthCheckId"], "healthCheckId" in standby) == ("switch-check", False)
        for record in (primary, standby):
            assert record["aliases"][0]["evaluateTargetHealth"] is False
    assert "until the standby has been promoted" in made.named("site-primary-unhealthy")["alarmDescription"]


def test_the_beacon_tells_what_route_53_thinks_of_the_primary() -> None:
    made = failover(**SWITCH, promote_first=True)
    primary, standby = made.named("site-beacon-primary"), made.named("site-beacon-standby")
    assert {r["name"] for r in (primary, standby)} == {"ha-web-primary.www.example.com"}
    assert (primary["records"], standby["records"]) == (["192.0.2.1"], ["192.0.2.2"])
    assert (primary["ttl"], standby["ttl"]) == (10, 10)
    assert primary["healthCheckId"] == made.outputs["health_check_ids"]["primary"]
    assert "healthCheckId" not in standby


@pytest.mark.parametrize(("role", "target"), [("primary", PRIMARY), ("standby", STANDBY)])
def test_each_record_leads_to_its_balancer_and_asks_both_the_check_and_the_target(
    role: str, target: dict[str, str]
) -> None:
    made = failover()
    for kind in TYPES:
        record = made.named(f"site-failover-{role}-{kind}")
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


def test_people_hear_of_a_switch_that_is_moved_and_of_one_that_route_53_cannot_read() -> None:
    made = failover(**SWITCH, switch_canary_health_check_id="canary-check", notify=["ops@example.com"])
    moved, unreadable = made.named("site-switch-moved"), made.named("site-switch-unreadable")
    assert (moved["dimensions"], moved["treatMissingData"]) == ({"HealthCheckId": "switch-check"}, "breaching")
    assert (unreadable["dimensions"], unreadable["treatMissingData"]) == (
        {"HealthCheckId": "canary-check"},
        "breaching",
    )
    for alarm in (moved, unreadable):
        assert (alarm["region"], alarm["alarmActions"]) == ("us-east-1", [made.outputs["topic_arn"]])
    assert len(made.outputs["alarm_arns"]) == 4


def test_a_canary_without_a_switch_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="switch_canary_health_check_id is given; it needs"):
        failover(switch_canary_health_check_id="canary-check")


def test_the_primarys_alarm_says_when_users_are_elsewhere() -> None:
    alarm = failover(health_check={"interval": 30, "failures": 3}).named("site-primary-unhealthy")
    assert "within 168 s" in alarm["alarmDescription"]


def test_one_region_has_a_simple_alias_and_nothing_else() -> None:
    made = dns()
    assert {resource.type for resource in made.children} == {RECORD}
    for record in made.all(RECORD):
        assert not {"setIdentifier", "failoverRoutingPolicies", "healthCheckId"} & record.inputs.keys()
        assert record["aliases"][0]["evaluateTargetHealth"] is True
    assert made.outputs["topic_arn"] is None
    assert (made.outputs["health_check_ids"], made.outputs["alarm_arns"]) == ({}, [])


def test_records_that_had_a_role_once_become_the_simple_ones_by_deleting_first() -> None:
    for kind in TYPES:
        record = failover().named(f"site-{kind}")
        assert record.options["aliases"] == [f"site-primary-{kind}"]
        assert record.options["delete_before_replace"] is True
        assert record.options["replace_on_changes"] == ["setIdentifier"]


def test_exchanging_the_regions_changes_where_records_lead_and_not_what_they_are() -> None:
    before, after = failover(), dns(primary=STANDBY, standby=PRIMARY)
    for old, new in zip(tree(before, "failover"), tree(after, "failover"), strict=True):
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
        (SWITCH, "switch_health_check_id is given; without a standby there is nowhere to switch to"),
        (
            {"standby": STANDBY, "routing": "latency", **SWITCH},
            'switch_health_check_id is given; routing "latency" has no primary to switch away from',
        ),
        (
            {"standby": STANDBY, "promote_first": True},
            "promote_first is true; it needs switch_health_check_id, or users would never leave",
        ),
        (
            {"standby": STANDBY, "routing": "weighted"},
            'routing is "weighted"; it must be one of failover, latency',
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


def test_alarms_that_are_given_a_topic_make_none_and_notify_that() -> None:
    topic = "arn:aws:sns:us-east-1:123456789012:notices"
    made = failover(topic_arn=topic)
    assert made.all("aws:sns/topic:Topic") == []
    assert {alarm["alarmActions"][0] for alarm in made.all(ALARM)} == {topic}
