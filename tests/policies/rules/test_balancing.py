"""Edges of the rules about load balancers: kinds, defaults of AWS, thresholds at the bound, what is not known yet."""

from typing import Any

import pytest

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.balancing import BALANCER, CLASSIC, LISTENER, TARGET_GROUP, WEB_ACL_ASSOCIATION

OLDER_BALANCER = "alb/loadBalancer:LoadBalancer"


def test_subnets_need_not_be_known_to_be_counted() -> None:
    verdict = judged("balancer-spans-zones", resource(BALANCER, subnets=[UNKNOWN, UNKNOWN]))

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_subnets_may_be_named_with_addresses() -> None:
    assert not judged("balancer-spans-zones", resource(BALANCER, subnetMappings=[{}, {}])).messages


def test_a_classic_balancer_may_name_zones() -> None:
    assert not judged("balancer-spans-zones", resource(CLASSIC, availabilityZones=["a", "b"])).messages
    assert judged("balancer-spans-zones", resource(CLASSIC, availabilityZones=["a"])).messages


def test_a_team_may_ask_for_three_zones() -> None:
    assert judged("balancer-spans-zones", resource(BALANCER, subnets=["1", "2"]), zones=3).messages


def test_an_application_balancer_always_crosses_zones() -> None:
    assert not judged("balancer-crosses-zones", resource(BALANCER)).messages


def test_a_gateway_balancer_crosses_no_zones_by_default() -> None:
    assert judged("balancer-crosses-zones", resource(BALANCER, loadBalancerType="gateway")).messages


def test_a_classic_balancer_crosses_zones_unless_told_not_to() -> None:
    assert not judged("balancer-crosses-zones", resource(CLASSIC)).messages
    assert judged("balancer-crosses-zones", resource(CLASSIC, crossZoneLoadBalancing=False)).messages


def test_a_gateway_balancer_has_no_zonal_shift() -> None:
    assert not judged("balancer-can-leave-a-zone", resource(BALANCER, loadBalancerType="gateway")).messages


def test_a_bucket_alone_makes_no_logs() -> None:
    [message] = judged("balancer-access-logs", resource(BALANCER, accessLogs={"bucket": UNKNOWN})).messages

    assert message == "accessLogs.enabled is off"


def test_a_classic_balancer_logs_where_a_bucket_is_named() -> None:
    assert not judged("balancer-access-logs", resource(CLASSIC, accessLogs={"bucket": UNKNOWN})).messages


@pytest.mark.parametrize(
    "rule",
    ["balancer-access-logs", "balancer-drops-invalid-headers", "balancer-mitigates-desync", "balancer-has-web-acl"],
)
def test_a_network_balancer_reads_no_requests(rule: str) -> None:
    assert not judged(rule, resource(BALANCER, loadBalancerType="network", desyncMitigationMode="monitor")).messages


def test_the_older_module_is_judged_too() -> None:
    assert judged("balancer-drops-invalid-headers", resource(OLDER_BALANCER)).messages


def test_an_internal_balancer_needs_no_web_acl() -> None:
    assert not judged("balancer-has-web-acl", resource(BALANCER, internal=True)).messages


def test_a_balancer_that_does_not_say_where_it_stands_is_public() -> None:
    assert judged("balancer-has-web-acl", resource(BALANCER, internal=UNKNOWN)).messages


def test_a_web_acl_in_front_of_another_balancer_does_not_count() -> None:
    other = resource(BALANCER, "other")
    association = resource(WEB_ACL_ASSOCIATION, links={"resourceArn": [other]}, resourceArn=UNKNOWN)

    assert judged("balancer-has-web-acl", resource(BALANCER, arn=UNKNOWN), other, association).messages


def test_a_web_acl_may_be_put_in_front_by_a_plain_arn() -> None:
    association = resource(WEB_ACL_ASSOCIATION, resourceArn="arn:lb")

    assert not judged("balancer-has-web-acl", resource(BALANCER, arn="arn:lb"), association).messages


@pytest.mark.parametrize(
    "props",
    [
        {"protocol": "HTTPS", "port": 443.0, "defaultActions": [{"type": "forward"}]},
        {"protocol": "TCP", "port": 80.0, "defaultActions": [{"type": "forward"}]},
        {"defaultActions": [{"type": "forward"}]},
        {"protocol": "HTTP", "port": 80.0, "defaultActions": [{"type": "fixed-response"}]},
    ],
)
def test_other_listeners_need_no_redirect(props: dict[str, Any]) -> None:
    assert not judged("listener-redirects-http", resource(LISTENER, **props)).messages


def test_a_listener_with_a_port_speaks_http_by_default() -> None:
    assert judged(
        "listener-redirects-http", resource(LISTENER, port=8080.0, defaultActions=[{"type": "forward"}])
    ).messages


@pytest.mark.parametrize("redirect", [{"protocol": "HTTP"}, {"protocol": "#{protocol}"}, {"statusCode": "HTTP_301"}])
def test_a_redirect_to_plain_http_is_none(redirect: dict[str, str]) -> None:
    listener = resource(LISTENER, port=80.0, defaultActions=[{"type": "redirect", "redirect": redirect}])

    assert "not HTTPS" in judged("listener-redirects-http", listener).messages[0]


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", True),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", True),
        ("ELBSecurityPolicy-TLS-1-2-2017-01", True),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", True),
        ("ELBSecurityPolicy-TLS-1-1-2017-01", False),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", False),
        ("ELBSecurityPolicy-FS-2018-06", False),
    ],
)
def test_policies_with_old_versions_of_tls_are_found(policy: str, allowed: bool) -> None:
    verdict = judged("listener-tls-policy", resource(LISTENER, protocol="TLS", sslPolicy=policy))

    assert bool(verdict.messages) != allowed


def test_a_listener_without_tls_has_no_tls_policy() -> None:
    assert not judged("listener-tls-policy", resource(LISTENER, protocol="HTTP")).messages


def test_a_team_may_ask_for_tls_1_3() -> None:
    listener = resource(LISTENER, protocol="HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06")

    assert judged("listener-tls-policy", listener, policies=["ELBSecurityPolicy-TLS13-1-3-"]).messages


@pytest.mark.parametrize(
    "rule",
    [
        "balancer-detects-failures-in-time",
        "target-group-checks-health",
        "target-group-check-asks-the-application",
        "target-group-drains-in-time",
        "target-group-leaves-dns-before-it-is-empty",
    ],
)
def test_functions_are_not_checked_like_servers(rule: str) -> None:
    group = resource(TARGET_GROUP, targetType="lambda", healthCheck={"enabled": False, "interval": 300.0})

    assert not judged(rule, group).messages


@pytest.mark.parametrize(("interval", "found"), [(10.0, False), (11.0, True)])
def test_the_time_to_detect_is_judged_at_the_bound(interval: float, found: bool) -> None:
    group = resource(TARGET_GROUP, healthCheck={"interval": interval})

    assert bool(judged("balancer-detects-failures-in-time", group).messages) == found


@pytest.mark.parametrize(("delay", "found"), [("120", False), (121.0, True), (0.0, False)])
def test_the_time_to_drain_is_judged_at_the_bound(delay: float | str, found: bool) -> None:
    assert (
        bool(judged("target-group-drains-in-time", resource(TARGET_GROUP, deregistrationDelay=delay)).messages) == found
    )


@pytest.mark.parametrize(
    ("props", "found"),
    [
        ({}, True),
        ({"healthCheck": {"path": "/"}}, True),
        ({"protocol": "TCP", "healthCheck": {"protocol": "HTTP", "path": "/healthz"}}, False),
        ({"protocol": "TLS"}, True),
        ({"protocolVersion": "GRPC", "protocol": "HTTP"}, False),
        ({"targetType": "alb", "protocol": "TCP"}, False),
        ({"healthCheck": {"path": UNKNOWN}, "protocolVersion": "GRPC"}, False),
    ],
)
def test_a_check_asks_a_page_of_its_own(props: dict[str, Any], found: bool) -> None:
    assert bool(judged("target-group-check-asks-the-application", resource(TARGET_GROUP, **props)).messages) == found


@pytest.mark.parametrize(
    ("failover", "found"),
    [
        ({"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "off"}, True),
        ({"minimumHealthyTargetsCount": "off"}, True),
        ({"minimumHealthyTargetsCount": "2"}, False),
        ({"minimumHealthyTargetsPercentage": "50"}, False),
    ],
)
def test_dns_is_left_by_a_count_or_a_share(failover: dict[str, str], found: bool) -> None:
    group = resource(TARGET_GROUP, targetGroupHealth={"dnsFailover": failover})

    assert bool(judged("target-group-leaves-dns-before-it-is-empty", group).messages) == found


def test_without_stickiness_no_client_is_bound() -> None:
    assert not judged("target-group-binds-no-client", resource(TARGET_GROUP)).messages


def test_a_target_group_leaves_zones_to_its_balancer() -> None:
    group = resource(TARGET_GROUP, loadBalancingCrossZoneEnabled="use_load_balancer_configuration")

    assert not judged("target-group-crosses-zones", group).messages
