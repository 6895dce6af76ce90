"""Records, health checks, zones, certificates: what each kind is judged by, at the bounds, and before it is known."""

from typing import Any

import pytest

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.dns import CERTIFICATE, HEALTH_CHECK, PRIMARY, RECORD, SECONDARY, SITE, ZONE


def found(name: str, *resources: Any, **config: Any) -> tuple[str, ...]:
    """A rule's messages where all values are known."""
    verdict = judged(name, *resources, **config)
    assert verdict.unknown is None
    return verdict.messages


def test_an_alias_is_checked_by_its_target() -> None:
    alias = resource(RECORD, failoverRoutingPolicies=PRIMARY, aliases=[{"name": UNKNOWN, "evaluateTargetHealth": True}])

    assert not found("record-failover-checked", alias)


def test_a_secondary_without_a_check_is_always_healthy_and_may_be() -> None:
    assert not found("record-failover-checked", resource(RECORD, failoverRoutingPolicies=SECONDARY))


def test_a_secondary_without_a_primary_is_found_too() -> None:
    assert found("record-failover-paired", resource(RECORD, **SITE, failoverRoutingPolicies=SECONDARY)) == (
        "SECONDARY has no PRIMARY of its zone, name and type",
    )


@pytest.mark.parametrize("other", [{"zoneId": "Z2"}, {"name": "example.com"}, {"type": "AAAA"}])
def test_a_pair_has_one_zone_name_and_type(other: dict[str, Any]) -> None:
    primary = resource(RECORD, **SITE, failoverRoutingPolicies=PRIMARY)
    secondary = resource(RECORD, "other", **{**SITE, **other}, failoverRoutingPolicies=SECONDARY)

    assert found("record-failover-paired", primary, secondary)


def test_names_are_the_same_with_and_without_the_last_dot() -> None:
    primary = resource(RECORD, **SITE, failoverRoutingPolicies=PRIMARY)
    secondary = resource(RECORD, "other", **{**SITE, "name": "WWW.example.com."}, failoverRoutingPolicies=SECONDARY)

    assert not found("record-failover-paired", primary, secondary)


def test_a_zone_that_does_not_stand_yet_is_known_by_its_resource() -> None:
    site = {**SITE, "zoneId": UNKNOWN}
    zone, another = resource(ZONE), resource(ZONE, "another")
    primary = resource(RECORD, **site, failoverRoutingPolicies=PRIMARY, links={"zoneId": [zone]})
    secondary = resource(RECORD, "other", **site, failoverRoutingPolicies=SECONDARY, links={"zoneId": [zone]})
    stranger = resource(RECORD, "stranger", **site, failoverRoutingPolicies=SECONDARY, links={"zoneId": [another]})

    assert not found("record-failover-paired", primary, secondary)
    assert found("record-failover-paired", primary, stranger)


def test_a_name_that_is_not_known_yet_leaves_the_pair_open() -> None:
    primary = resource(RECORD, **{**SITE, "name": UNKNOWN}, failoverRoutingPolicies=PRIMARY)
    secondary = resource(RECORD, "other", **SITE, failoverRoutingPolicies=SECONDARY)

    assert judged("record-failover-paired", primary, secondary).unknown == "name"


@pytest.mark.parametrize(
    "policy",
    [
        {"weightedRoutingPolicies": [{"weight": 10.0}]},
        {"latencyRoutingPolicies": [{"region": "eu-west-1"}]},
        {"geolocationRoutingPolicies": [{"country": "DE"}]},
        {"geoproximityRoutingPolicy": {"awsRegion": "eu-west-1"}},
        {"multivalueAnswerRoutingPolicy": True},
    ],
)
def test_users_are_sent_to_a_dead_region_by_every_policy_without_a_check(policy: dict[str, Any]) -> None:
    assert found("record-choice-checked", resource(RECORD, type="A", **policy))
    assert not found("record-choice-checked", resource(RECORD, type="A", **policy, healthCheckId=UNKNOWN))
    assert not found("record-choice-checked", resource(RECORD, type="TXT", **policy))


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"weightedRoutingPolicies": [{"weight": 0.0}]},
        {"geolocationRoutingPolicies": [{"country": "*"}]},
        {"multivalueAnswerRoutingPolicy": False},
        {"failoverRoutingPolicies": SECONDARY},
    ],
)
def test_records_that_need_no_check_of_their_own(policy: dict[str, Any]) -> None:
    assert not found("record-choice-checked", resource(RECORD, type="A", **policy))


def test_of_a_record_without_a_choice_nothing_has_to_be_known() -> None:
    verdict = judged("record-choice-checked", resource(RECORD, type=UNKNOWN))

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_a_record_without_a_choice_may_be_kept_long() -> None:
    assert not found("record-ttl", resource(RECORD, type="CNAME", ttl=86400.0))


def test_an_alias_has_no_ttl_of_its_own() -> None:
    assert not found("record-ttl", resource(RECORD, failoverRoutingPolicies=PRIMARY, aliases=[{}]), seconds=0)


def test_the_bounds_of_ttl_and_detection_are_allowed() -> None:
    check = resource(HEALTH_CHECK, type="TCP", requestInterval=10.0, failureThreshold="2")

    assert not found("record-ttl", resource(RECORD, failoverRoutingPolicies=PRIMARY, ttl="10"), seconds=10)
    assert not found("health-check-detects-in-time", check, seconds=20)
    assert found("health-check-detects-in-time", check, seconds=19)


@pytest.mark.parametrize("kind", ["CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"])
def test_checks_without_an_endpoint_are_not_judged_as_if_they_had_one(kind: str) -> None:
    check = resource(HEALTH_CHECK, type=kind)

    assert not found("health-check-detects-in-time", check)
    assert not found("health-check-over-tls", check)
    assert not found("health-check-asks-the-application", check)


def test_a_port_of_the_web_can_be_asked_more_than_whether_it_is_open() -> None:
    assert found("health-check-asks-the-application", resource(HEALTH_CHECK, type="TCP", port=80.0))


def test_grpc_and_plain_tls_can_not() -> None:
    assert not found("health-check-asks-the-application", resource(HEALTH_CHECK, type="TCP", port=443.0))
    assert not found("health-check-asks-the-application", resource(HEALTH_CHECK, type="TCP", port=1883.0))


def test_a_calculated_check_without_a_threshold_is_always_healthy() -> None:
    assert found("health-check-can-turn", resource(HEALTH_CHECK, type="CALCULATED", childHealthchecks=[UNKNOWN]))
    assert not found("health-check-can-turn", resource(HEALTH_CHECK, type="HTTPS"))


def test_a_private_zone_has_neither_logs_nor_another_control_plane() -> None:
    private = resource(ZONE, vpcs=[{"vpcId": UNKNOWN}])

    assert not found("zone-query-logs", private)
    assert not found("zone-accelerated-recovery", private)


def test_a_query_log_may_name_its_zone_by_id() -> None:
    zone = resource(ZONE, zoneId="Z1")

    assert not found("zone-query-logs", zone, resource("route53/queryLog:QueryLog", zoneId="Z1"))
    assert found("zone-query-logs", zone, resource("route53/queryLog:QueryLog", zoneId="Z2"))


def test_an_imported_certificate_runs_out() -> None:
    assert found("certificate-renews-itself", resource(CERTIFICATE, certificateBody=UNKNOWN, privateKey=UNKNOWN))


def test_a_certificate_of_an_authority_of_ones_own_renews_itself() -> None:
    assert not found("certificate-renews-itself", resource(CERTIFICATE, certificateAuthorityArn=UNKNOWN))
