"""LoadBalancer: its resources and refusals."""

import json
from typing import Any, cast

import pulumi
import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.load_balancer.load_balancer import LONGEST_NAME, LoadBalancer, LoadBalancerArgs
from ha_web.load_balancer.target_group import dns_failover_percent

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything
from tests.policies.judged import judged, resource

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
TARGETS = "aws:lb/targetGroup:TargetGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
PLAIN = {"http", "tcp", "udp"}


def arguments(**args: Any) -> LoadBalancerArgs:
    protocol = args.get("protocol", "https")
    base: dict[str, Any] = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-a", "subnet-b"], "region": "eu-west-1"}
    if protocol not in PLAIN:
        base["certificate_arn"] = CERTIFICATE
    if protocol in ("tcp", "udp"):
        base["port"] = 5000
    return cast(LoadBalancerArgs, {**base, **args})


def balancer(name: str = "web", **args: Any) -> Made[LoadBalancer]:
    return make(lambda: LoadBalancer(name, arguments(**args)))


def test_https_goes_through_an_application_load_balancer_with_tls_1_2_or_newer() -> None:
    made = balancer()
    assert made.one(BALANCER)["loadBalancerType"] == "application"
    listener = made.named("web-listener")
    assert (listener["port"], listener["protocol"], listener["certificateArn"]) == (443, "HTTPS", CERTIFICATE)
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert listener["defaultActions"] == [{"type": "forward", "targetGroupArn": made.one(TARGETS).state["arn"]}]


@pytest.mark.parametrize("protocol", ["https", "http2", "websocket"])
def test_plain_http_is_sent_on_to_tls_for_good(protocol: str) -> None:
    redirect = balancer(protocol=protocol, port=8443).named("web-redirect")
    assert (redirect["port"], redirect["protocol"]) == (80, "HTTP")
    assert redirect["defaultActions"] == [
        {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "8443", "statusCode": "HTTP_301"}}
    ]


@pytest.mark.parametrize("protocol", ["http", "grpc", "tcp", "tls", "udp"])
def test_what_cannot_follow_a_redirect_gets_none(protocol: str) -> None:
    assert [listener.name for listener in balancer(protocol=protocol).all(LISTENER)] == ["web-listener"]


@pytest.mark.parametrize(("protocol", "version"), [("https", "HTTP1"), ("http2", "HTTP2"), ("grpc", "GRPC")])
def test_servers_are_spoken_to_in_the_protocols_version(protocol: str, version: str) -> None:
    targets = balancer(protocol=protocol).one(TARGETS)
    assert (targets["protocol"], targets["protocolVersion"], targets["port"]) == ("HTTP", version, 8080)


def test_servers_are_spoken_to_by_tls_if_asked_and_checked_so_too() -> None:
    targets = balancer(tls_to_servers=True, target_port=8443).one(TARGETS)
    assert (targets["protocol"], targets["protocolVersion"], targets["port"]) == ("HTTPS", "HTTP1", 8443)
    assert (targets["healthCheck"]["protocol"], targets["healthCheck"]["path"]) == ("HTTPS", "/healthz")
    for asked in ("target-group-speaks-tls", "target-group-checks-over-tls"):
        assert list(judged(asked, resource("lb/targetGroup:TargetGroup", **targets.inputs)).messages) == []
        assert judged(asked, resource("lb/targetGroup:TargetGroup", **balancer().one(TARGETS).inputs)).messages
    network = balancer(protocol="tls", tls_to_servers=True, health_check={"path": "/up"}).one(TARGETS)
    assert (network["protocol"], network["healthCheck"]["protocol"]) == ("TLS", "HTTPS")


@pytest.mark.parametrize(
    ("protocol", "listener", "target"), [("tcp", "TCP", "TCP"), ("tls", "TLS", "TCP"), ("udp", "UDP", "UDP")]
)
def test_connections_go_through_a_network_load_balancer(protocol: str, listener: str, target: str) -> None:
    made = balancer(protocol=protocol)
    network = made.one(BALANCER)
    assert network["loadBalancerType"] == "network"
    assert made.one(LISTENER)["protocol"] == listener
    assert made.one(TARGETS)["protocol"] == target
    assert made.outputs["request_count_label"] is None
    for attribute in ("dropInvalidHeaderFields", "idleTimeout", "desyncMitigationMode"):
        assert attribute not in network


def test_the_balancer_is_safe_and_redundant_by_itself() -> None:
    made = balancer().one(BALANCER)
    assert made["enableDeletionProtection"] is True
    assert made["enableZonalShift"] is True
    assert made["enableCrossZoneLoadBalancing"] is True
    assert made["dropInvalidHeaderFields"] is True
    assert made["desyncMitigationMode"] == "defensive"
    assert made["ipAddressType"] == "dualstack"
    assert made["internal"] is False


def test_the_wanted_health_check_reaches_the_target_group() -> None:
    targets = balancer(health_check={"path": "/up", "matcher": "200-204", "interval": 15, "timeout": 10}).one(TARGETS)
    assert targets["healthCheck"] == {
        "enabled": True,
        "port": "traffic-port",
        "protocol": "HTTP",
        "path": "/up",
        "matcher": "200-204",
        "interval": 15,
        "timeout": 10,
        "healthyThreshold": 2,
        "unhealthyThreshold": 2,
    }


def test_a_server_that_leaves_may_finish_for_thirty_seconds() -> None:
    targets = balancer().one(TARGETS)
    assert targets["deregistrationDelay"] == 30
    assert targets["slowStart"] == 0
    assert targets["loadBalancingAlgorithmType"] == "least_outstanding_requests"


@pytest.mark.parametrize("protocol", ["https", "tcp"])
def test_dns_leaves_before_or_when_routing_fails_open_as_aws_demands(protocol: str) -> None:
    health = balancer(protocol=protocol).one(TARGETS)["targetGroupHealth"]
    dns, routing = health["dnsFailover"], health["unhealthyStateRouting"]
    assert int(dns["minimumHealthyTargetsCount"]) >= routing["minimumHealthyTargetsCount"] == 1
    assert routing["minimumHealthyTargetsPercentage"] == "off"
    assert 0 < int(dns["minimumHealthyTargetsPercentage"]) < 50  # half of the servers is what a zone of two takes away


@pytest.mark.parametrize(
    ("minimum", "maximum", "percent"),
    [(3, 12, 25), (3, 9, 25), (3, 36, 8), (2, 500, 1), (12, 36, 25)],
)
def test_servers_that_always_run_keep_the_region_in_dns_however_many_are_being_launched(
    minimum: int, maximum: int, percent: int
) -> None:
    assert dns_failover_percent(minimum, maximum) == percent
    assert minimum * 100 >= percent * maximum or percent == 1


def test_the_share_for_dns_can_be_given() -> None:
    health = balancer(dns_failover_percent=8).one(TARGETS)["targetGroupHealth"]
    assert health["dnsFailover"]["minimumHealthyTargetsPercentage"] == "8"
    with pytest.raises(ConfigurationError, match="dns_failover_percent is 0; it must be 1 to 100"):
        balancer(dns_failover_percent=0)


@pytest.mark.parametrize(
    ("protocol", "told"),
    [("https", True), ("http2", True), ("websocket", True), ("http", False), ("grpc", False), ("tls", False)],
)
def test_browsers_are_told_to_use_https_only(protocol: str, told: bool) -> None:
    header = "routingHttpResponseStrictTransportSecurityHeaderValue"
    made = balancer(protocol=protocol)
    assert made.named("web-listener").get(header) == ("max-age=31536000" if told else None)


def test_the_site_stays_up_while_the_web_acl_cannot_be_asked() -> None:
    assert balancer(waf={}).one(BALANCER)["enableWafFailOpen"] is True
    assert "enableWafFailOpen" not in balancer().one(BALANCER)


@pytest.mark.parametrize("path", ["/a b", "/\x00", "/é", "/a#b", "healthz"])
def test_a_path_that_aws_would_refuse_is_refused(path: str) -> None:
    with pytest.raises(ConfigurationError, match=r'health_check\.path is ".*"; it must begin with "/"'):
        balancer(health_check={"path": path})


def test_sessions_do_not_stick_unless_asked() -> None:
    assert balancer().one(TARGETS)["stickiness"]["enabled"] is False
    sticky = balancer(sticky_session_seconds=3600).one(TARGETS)["stickiness"]
    assert sticky == {"type": "lb_cookie", "enabled": True, "cookieDuration": 3600}


def test_everyone_may_connect_to_the_listener_and_the_redirect_by_both_families() -> None:
    rules = balancer().all(INGRESS)
    assert {(r["fromPort"], r["toPort"], r.get("cidrIpv4") or r["cidrIpv6"]) for r in rules} == {
        (80, 80, "0.0.0.0/0"),
        (80, 80, "::/0"),
        (443, 443, "0.0.0.0/0"),
        (443, 443, "::/0"),
    }
    assert {r["securityGroupId"] for r in rules} == {"web-lb-sg-id"}


def test_only_the_allowed_networks_connect() -> None:
    rules = balancer(allowed_cidrs=["198.51.100.0/24"]).all(INGRESS)
    assert {rule["cidrIpv4"] for rule in rules} == {"198.51.100.0/24"}
    assert len(rules) == 2


def test_allowing_one_more_network_leaves_the_other_rules_alone() -> None:
    one = {rule.name: rule.inputs for rule in balancer(allowed_cidrs=["198.51.100.0/24"]).all(INGRESS)}
    two = {rule.name: rule.inputs for rule in balancer(allowed_cidrs=["2001:db8::/32", "198.51.100.0/24"]).all(INGRESS)}
    assert one.items() <= two.items()


def test_udp_is_admitted_as_udp_and_by_ipv4_only() -> None:
    made = balancer(protocol="udp")
    assert {rule["ipProtocol"] for rule in made.all(INGRESS)} == {"udp"}
    assert made.one(BALANCER)["ipAddressType"] == "ipv4"


def test_access_logs_go_to_a_private_encrypted_versioned_bucket_that_says_why_it_needs_no_backup() -> None:
    made = balancer()
    bucket = made.one("aws:s3/bucket:Bucket")
    assert bucket["tags"]["ha-web:backup"] == "no: logs"
    assert bucket["forceDestroy"] is False
    closed = made.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert all(
        closed[key] is True
        for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    )
    assert made.one("aws:s3/bucketOwnershipControls:BucketOwnershipControls")["rule"] == {
        "objectOwnership": "BucketOwnerEnforced"
    }
    encryption = made.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
    assert encryption["rules"][0]["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"
    assert made.one("aws:s3/bucketVersioning:BucketVersioning")["versioningConfiguration"]["status"] == "Enabled"
    [rule] = made.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
    assert rule["expiration"] == {"days": 90}
    assert made.one(BALANCER)["accessLogs"] == {"bucket": "web-logs", "enabled": True}
    assert any(urn.endswith("::web-logs-policy") for urn in made.one(BALANCER).options["depends_on"])


def policy(made: Made[LoadBalancer]) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], json.loads(made.one("aws:s3/bucketPolicy:BucketPolicy")["policy"])["Statement"])


def test_only_this_accounts_balancers_deliver_logs_and_only_over_tls() -> None:
    delivery, tls = policy(balancer())
    assert delivery["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert delivery["Resource"] == "arn:aws:s3:::web-logs/AWSLogs/123456789012/*"
    # A request without the key must pass: log delivery does not send it in every request.
    assert delivery["Condition"].keys() == {"ArnLikeIfExists"}
    assert delivery["Condition"]["ArnLikeIfExists"] == {
        "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/*"
    }
    assert tls["Effect"] == "Deny"
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_network_load_balancers_tls_logs_come_from_the_log_service_of_this_account() -> None:
    check, delivery, _tls = policy(balancer(protocol="tls"))
    assert check["Action"] == "s3:GetBucketAcl"
    for statement in (check, delivery):
        assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
        assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == "123456789012"
        assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:logs:eu-west-1:123456789012:*"}
    assert delivery["Condition"]["StringEquals"]["s3:x-amz-acl"] == "bucket-owner-full-control"


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_where_aws_logs_nothing_there_is_no_bucket(protocol: str) -> None:
    made = balancer(protocol=protocol)
    assert made.all("aws:s3/bucket:Bucket") == []
    assert made.outputs["log_bucket"] is None
    assert "accessLogs" not in made.one(BALANCER)


def test_without_deletion_protection_the_logs_go_too() -> None:
    made = balancer(deletion_protection=False)
    assert made.one(BALANCER)["enableDeletionProtection"] is False
    assert made.one("aws:s3/bucket:Bucket")["forceDestroy"] is True


def test_no_web_acl_unless_asked() -> None:
    made = balancer()
    assert made.all("aws:wafv2/webAcl:WebAcl") == []
    assert made.outputs["web_acl_arn"] is None


def test_the_web_acl_has_awss_core_rules_and_a_limit_on_each_clients_rate() -> None:
    made = balancer(waf={"rate_limit": 500})
    acl = made.one("aws:wafv2/webAcl:WebAcl")
    assert acl["scope"] == "REGIONAL"
    rules = {rule["name"]: rule for rule in acl["rules"]}
    assert rules["rate"]["statement"]["rateBasedStatement"]["limit"] == 500
    assert rules["rate"]["action"] == {"block": {}}
    managed = {rule["statement"]["managedRuleGroupStatement"]["name"] for name, rule in rules.items() if name != "rate"}
    assert managed == {
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesAmazonIpReputationList",
    }
    assert len({rule["priority"] for rule in rules.values()}) == 4
    association = made.one("aws:wafv2/webAclAssociation:WebAclAssociation")
    assert association["resourceArn"] == made.one(BALANCER).state["arn"]
    assert made.outputs["web_acl_arn"] == acl.state["arn"] == association["webAclArn"]


def test_what_the_web_acl_blocks_is_logged_without_cookies_and_credentials() -> None:
    made = balancer(waf={})
    group = made.one("aws:cloudwatch/logGroup:LogGroup")
    logging = made.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
    assert group["namePrefix"].startswith("aws-waf-logs-")
    assert group["retentionInDays"] == 90
    assert logging["resourceArn"] == made.outputs["web_acl_arn"]
    assert logging["logDestinationConfigs"] == [group.state["arn"]]
    assert logging["loggingFilter"]["defaultBehavior"] == "DROP"
    assert [kept["conditions"] for kept in logging["loggingFilter"]["filters"]] == [
        [{"actionCondition": {"action": "BLOCK"}}]
    ]
    assert [field["singleHeader"]["name"] for field in logging["redactedFields"]] == ["authorization", "cookie"]


def test_behind_a_proxy_the_rate_is_counted_by_the_client_that_it_names() -> None:
    acl = balancer(waf={"client_header": "CF-Connecting-IP"}).one("aws:wafv2/webAcl:WebAcl")
    rate = next(rule for rule in acl["rules"] if rule["name"] == "rate")["statement"]["rateBasedStatement"]
    assert rate["aggregateKeyType"] == "FORWARDED_IP"
    assert rate["forwardedIpConfig"] == {"headerName": "CF-Connecting-IP", "fallbackBehavior": "MATCH"}


def test_no_client_needs_a_certificate_unless_asked() -> None:
    made = balancer()
    assert "mutualAuthentication" not in made.named("web-listener")
    assert made.all("aws:lb/trustStore:TrustStore") == []


def test_clients_must_show_a_certificate_of_the_given_authorities() -> None:
    made = balancer(client_certificates={"ca_bundle": AUTHORITY})
    store = made.one("aws:lb/trustStore:TrustStore")
    assert made.named("web-listener")["mutualAuthentication"] == {
        "mode": "verify",
        "trustStoreArn": store.state["arn"],
        "ignoreClientCertificateExpiry": False,
    }
    assert "mutualAuthentication" not in made.named("web-redirect")
    bundle = made.one("aws:s3/bucketObject:BucketObject")
    assert bundle["acl"] == "bucket-owner-full-control"
    assert bundle["content"] == AUTHORITY
    assert store["caCertificatesBundleS3Key"] == bundle["key"] == "authorities.pem"


def test_the_targets_are_checked_as_before_when_clients_need_certificates() -> None:
    asked = balancer(client_certificates={"ca_bundle": AUTHORITY})
    assert asked.one(TARGETS).inputs == balancer().one(TARGETS).inputs


def test_nobody_adds_an_authority_from_outside() -> None:
    made = balancer(client_certificates={"ca_bundle": AUTHORITY})
    closed = made.named("web-authorities-closed")
    assert closed["restrictPublicBuckets"] is closed["blockPublicPolicy"] is True
    assert made.named("web-authorities-versioning")["versioningConfiguration"]["status"] == "Enabled"
    [statement] = json.loads(made.named("web-authorities-policy")["policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_nothing_has_a_fixed_name_so_that_a_replacement_can_stand_beside_it() -> None:
    made = balancer(waf={})
    assert [child.name for child in made.children if "name" in child] == []
    assert "bucket" not in made.one("aws:s3/bucket:Bucket")


def test_the_longest_name_leaves_room_for_what_pulumi_adds() -> None:
    name = "x" * LONGEST_NAME
    for type_ in (BALANCER, TARGETS):
        assert len(balancer(name).one(type_).name) + len("-1234567") <= 32
    with pytest.raises(ConfigurationError, match="the name has 22 characters; AWS takes up to 21"):
        balancer(name + "x")


def test_the_label_for_scaling_by_requests_is_balancer_then_target_group() -> None:
    made = balancer()
    assert made.outputs["request_count_label"] == ("app/web-lb/50dc6c495c0c9188/targetgroup/web-tg/943f017f100becff")


def test_region_reaches_every_child_and_call() -> None:
    def build(region: str | None) -> LoadBalancer:
        elsewhere = {"certificate_arn": CERTIFICATE.replace("eu-west-1", region or "us-east-1")}
        asked = {"ca_bundle": AUTHORITY}
        return LoadBalancer("web", arguments(region=region, waf={}, client_certificates=asked, **elsewhere))

    assert_region_reaches_everything(build)


def test_every_child_is_the_balancers_own() -> None:
    made = balancer(waf={}, tags={"team": "shop"})
    assert {child.parent for child in made.children} == {made.outputs["urn"]}
    assert made.one(BALANCER)["tags"] == {"team": "shop", "Name": "web-lb"}


def test_outputs_are_registered() -> None:
    made = balancer(waf={})
    given = {key: made.outputs[key] for key in LoadBalancer.__annotations__}
    assert made.registered[made.outputs["urn"]] == given
    assert given["target_group_arn"] == made.one(TARGETS).state["arn"]


def test_a_certificate_known_later_is_taken_on_trust() -> None:
    made = make(lambda: LoadBalancer("web", arguments(certificate_arn=pulumi.Output.from_input("arn:later"))))
    assert made.named("web-listener")["certificateArn"] == "arn:later"


def test_it_previews_before_anything_exists() -> None:
    made = make(lambda: LoadBalancer("web", arguments(waf={})), preview=True)
    assert made.outputs["dns_name"] is None
    assert len(made.all(LISTENER)) == 2


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (
            {"protocol": "tcp", "type": "application"},
            'type is "application"; tcp is carried by the network load balancer',
        ),
        ({"type": "network"}, 'type is "network"; https is carried by the application load balancer'),
        ({"certificate_arn": None}, "certificate_arn is missing; https needs one"),
        ({"region": "us-east-1"}, "of eu-west-1; the load balancer is in us-east-1 and needs one from there"),
        ({"region": None}, "of eu-west-1; the load balancer is in us-east-1 and needs one from there"),
        ({"health_check": {"timeout": 7}}, "health_check.timeout is 7; it must be below the interval, which is 5"),
        ({"health_check": {"intervall": 7}}, "health_check.intervall is unknown; the nearest known one is interval"),
        ({"subnet_ids": ["subnet-a"]}, "subnet_ids has 1; surviving a zone needs subnets in at least 2"),
        ({"allowed_cidrs": []}, "allowed_cidrs is empty; nobody could reach the load balancer"),
        ({"allowed_cidrs": ["10.0.0.1/8"]}, 'allowed_cidrs has "10.0.0.1/8"; 10.0.0.1/8 has host bits set'),
        ({"deregistration_delay": 3601}, "deregistration_delay is 3601; it must be 0 to 3600 seconds"),
        ({"reserved_capacity_units": 99}, "reserved_capacity_units is 99; a reservation has at least 100"),
        ({"idle_timeout": 4001}, "idle_timeout is 4001; it must be 1 to 4000 seconds"),
        ({"client_keep_alive": 59}, "client_keep_alive is 59; it must be 60 to 604800 seconds"),
        ({"sticky_session_seconds": 0}, "sticky_session_seconds is 0; it must be 1 to 604800"),
        ({"protocol": "tcp", "sticky_session_seconds": 60}, "a network load balancer has no session cookie"),
        ({"protocol": "tls", "waf": {}}, "waf is given; AWS WAF works with an application load balancer only"),
        ({"waf": {"rate_limit": 9}}, "waf.rate_limit is 9; it must be 10 to 2000000000"),
        ({"waf": {"client_header": "CF Connecting"}}, 'waf.client_header is "CF Connecting"; it must be the name of'),
        ({"client_certificates": {"ca_bundle": "-"}}, "client_certificates.ca_bundle has no certificate in PEM"),
        (
            {"protocol": "tls", "client_certificates": {"ca_bundle": AUTHORITY}},
            "client_certificates is given; only an application load balancer with TLS can ask for them",
        ),
        ({"protocol": "tls", "tls_to_servers": True}, "tls_to_servers is true; health_check.path is missing"),
        ({"protocol": "tcp", "tls_to_servers": True}, "tls_to_servers is true; with tcp no TLS ends at"),
        ({"target_port": 0}, "target_port is 0; ports are 1 to 65535"),
        ({"protocol": "udp", "dual_stack": True}, "dual_stack is true; a network load balancer takes UDP by IPv4"),
        ({"protocol": "quic"}, 'protocol is "quic"; it must be one of'),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        balancer(**args)
    assert line in str(error.value)
    assert str(error.value).startswith('LoadBalancer "web": ')


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        balancer(certificate_arn=None, health_check={"timeout": 9, "path": "x"}, deregistration_delay=-1)
    assert len(str(error.value).splitlines()) == 4
