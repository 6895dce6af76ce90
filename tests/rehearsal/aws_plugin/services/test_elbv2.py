"""Balancers, target groups and listeners in the emulated plugin."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGETS = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"

HEALTH_CHECK = {"path": "/healthz", "interval": 5, "timeout": 4, "healthyThreshold": 2, "unhealthyThreshold": 2}
THRESHOLDS = {
    "dnsFailover": {"minimumHealthyTargetsCount": "1", "minimumHealthyTargetsPercentage": "50"},
    "unhealthyStateRouting": {"minimumHealthyTargetsCount": 1, "minimumHealthyTargetsPercentage": "off"},
}


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def balancer(program: Program, network: Network) -> Resource:
    given = {"subnets": network.subnets, "securityGroups": [network.group], "tags": {"a": "b"}}
    return program.up(BALANCER, network.name, **given, idleTimeout=61, enableDeletionProtection=True)


@pytest.fixture
def targets(program: Program, network: Network) -> Resource:
    given = {"port": 8080, "protocol": "HTTP", "vpcId": network.vpc, "healthCheck": HEALTH_CHECK}
    return program.up(TARGETS, network.name, **given, deregistrationDelay=30, targetGroupHealth=THRESHOLDS)


@pytest.fixture
def listener(program: Program, network: Network, balancer: Resource, targets: Resource) -> Resource:
    forward = [{"type": "forward", "targetGroupArn": targets.id}]
    return program.up(
        LISTENER, network.name, loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=forward
    )


def attributes(aws: Client, balancer: Resource) -> dict[str, str]:
    found = aws("elbv2").describe_load_balancer_attributes(LoadBalancerArn=balancer.id)["Attributes"]
    return {each["Key"]: each["Value"] for each in found}


def target_attributes(aws: Client, targets: Resource) -> dict[str, str]:
    found = aws("elbv2").describe_target_group_attributes(TargetGroupArn=targets.id)["Attributes"]
    return {each["Key"]: each["Value"] for each in found}


def test_a_balancer_has_what_alarms_and_aliases_need(balancer: Resource, aws: Client) -> None:
    found = aws("elbv2").describe_load_balancers(LoadBalancerArns=[balancer.id])["LoadBalancers"][0]
    assert balancer.state["arn"] == balancer.id
    assert balancer.id.endswith(f"loadbalancer/{balancer.state['arnSuffix']}")
    assert balancer.state["arnSuffix"].startswith("app/")
    assert balancer.state["dnsName"] == found["DNSName"]
    assert balancer.state["zoneId"] == found["CanonicalHostedZoneId"]
    assert balancer.state["vpcId"] == found["VpcId"]
    assert balancer.settled()


def test_a_balancers_attributes_are_set_and_put_back(balancer: Resource, aws: Client) -> None:
    assert attributes(aws, balancer)["idle_timeout.timeout_seconds"] == "61"
    assert balancer.update(idleTimeout=None, enableZonalShift=True, tags={"a": "c"}) == {
        "idleTimeout": "DELETE",
        "enableZonalShift": "ADD",
        "tags.a": "UPDATE",
    }
    found = attributes(aws, balancer)
    assert (found["idle_timeout.timeout_seconds"], found["zonal_shift.config.enabled"]) == ("60", "true")
    assert balancer.settled()


def test_a_balancers_subnets_and_groups_change_in_place_and_its_scheme_does_not(
    balancer: Resource, network: Network, aws: Client
) -> None:
    balancer.update(subnets=network.subnets[:2], securityGroups=[network.group, network.security_group("other")])
    found = aws("elbv2").describe_load_balancers(LoadBalancerArns=[balancer.id])["LoadBalancers"][0]
    assert {zone["SubnetId"] for zone in found["AvailabilityZones"]} == set(network.subnets[:2])
    assert len(found["SecurityGroups"]) == 2
    assert balancer.settled()
    assert balancer.changes(internal=True) == {"internal": "ADD_REPLACE"}
    assert balancer.changes(securityGroups=None) == {}


def test_a_balancers_drift_is_read(balancer: Resource, aws: Client) -> None:
    drift = [{"Key": "idle_timeout.timeout_seconds", "Value": "10"}]
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=balancer.id, Attributes=drift)
    aws("elbv2").add_tags(ResourceArns=[balancer.id], Tags=[{"Key": "a", "Value": "other"}])
    assert balancer.read() == {"idleTimeout": "UPDATE", "tags.a": "UPDATE"}


def test_a_protected_balancer_stays_until_its_protection_goes(balancer: Resource) -> None:
    with pytest.raises(RuntimeError, match="deletion protection is enabled"):
        balancer.delete()
    balancer.update(enableDeletionProtection=False)
    balancer.delete()
    assert balancer.gone()


@pytest.mark.parametrize(
    ("given", "where", "why"),
    [
        ({"subnets": ["subnet-1"]}, "subnets", "at least two Availability Zones"),
        ({}, "subnets", "exactly one of subnets and subnetMappings"),
        (
            {"loadBalancerType": "network", "subnets": ["subnet-1"], "idleTimeout": 60},
            "idleTimeout",
            'type "network" has no such setting',
        ),
        ({"subnets": ["subnet-1", "subnet-2"], "idleTimeOut": 60}, "idleTimeOut", 'did you mean "idleTimeout"'),
        ({"subnets": ["subnet-1", "subnet-2"], "idleTimeout": "long"}, "idleTimeout", "not 'long'"),
        ({"subnets": ["subnet-1", "subnet-2"], "ipAddressType": "ipv5"}, "ipAddressType", '"ipv5" is none of'),
    ],
)
def test_what_aws_would_refuse_of_a_balancer_is_refused_at_preview(
    program: Program, given: dict[str, Any], where: str, why: str
) -> None:
    (place, reason), *others = program.resource(BALANCER).refusals(given)
    assert (place, others) == (where, [])
    assert why in reason


def test_a_name_too_long_for_aws_is_refused_at_preview(program: Program) -> None:
    (_, reason), *_ = program.resource(BALANCER, "n" * 26).refusals({"subnets": ["subnet-1", "subnet-2"]})
    assert "longer than 32 characters" in reason


def test_a_network_balancer_keeps_clients_in_their_zone(program: Program, network: Network, aws: Client) -> None:
    given = {"loadBalancerType": "network", "subnets": network.subnets, "enableCrossZoneLoadBalancing": True}
    policy = "availability_zone_affinity"
    balancer = program.up(BALANCER, network.name, **given, dnsRecordClientRoutingPolicy=policy)
    assert attributes(aws, balancer)["dns_record.client_routing_policy"] == policy
    assert attributes(aws, balancer)["load_balancing.cross_zone.enabled"] == "true"
    assert balancer.settled()


def test_reserved_capacity_is_recorded_only(program: Program, network: Network) -> None:
    given = {"subnets": network.subnets, "minimumLoadBalancerCapacity": {"capacityUnits": 100}}
    balancer = program.up(BALANCER, network.name, **given)
    assert balancer.state["__recorded"] == ["ModifyCapacityReservation"]
    assert balancer.settled()


def test_a_target_group_is_checked_as_asked_and_else_as_the_provider_does(targets: Resource, aws: Client) -> None:
    found = aws("elbv2").describe_target_groups(TargetGroupArns=[targets.id])["TargetGroups"][0]
    assert (found["HealthCheckPath"], found["HealthCheckIntervalSeconds"], found["HealthCheckTimeoutSeconds"]) == (
        "/healthz",
        5,
        4,
    )
    targets.update(healthCheck={"path": "/other", "matcher": "200-299"})
    found = aws("elbv2").describe_target_groups(TargetGroupArns=[targets.id])["TargetGroups"][0]
    assert found["Matcher"] == {"HttpCode": "200-299"}
    assert (found["HealthyThresholdCount"], found["HealthCheckIntervalSeconds"]) == (3, 30)
    assert targets.settled()


def test_a_target_groups_thresholds_and_delay_are_told_and_put_back(targets: Resource, aws: Client) -> None:
    percentage = "target_group_health.dns_failover.minimum_healthy_targets.percentage"
    found = target_attributes(aws, targets)
    assert (found["deregistration_delay.timeout_seconds"], found[percentage]) == ("30", "50")
    targets.update(deregistrationDelay=None, targetGroupHealth={"dnsFailover": {"minimumHealthyTargetsCount": "2"}})
    found = target_attributes(aws, targets)
    assert (found["deregistration_delay.timeout_seconds"], found[percentage]) == ("300", "off")
    assert targets.settled()


@pytest.mark.parametrize("kind", ["lb_cookie", "app_cookie"])
def test_a_cookies_duration_goes_to_its_kind_of_stickiness(targets: Resource, aws: Client, kind: str) -> None:
    name = {"cookieName": "visitor"} if kind == "app_cookie" else {}
    targets.update(stickiness={"type": kind, "cookieDuration": 60, **name})
    found = target_attributes(aws, targets)
    assert (found["stickiness.enabled"], found[f"stickiness.{kind}.duration_seconds"]) == ("true", "60")
    assert targets.settled()


def test_a_target_group_is_replaced_for_another_port_and_keeps_what_is_left_to_aws(targets: Resource) -> None:
    assert targets.changes(port=81) == {"port": "UPDATE_REPLACE"}
    assert targets.changes(healthCheck=None) == {}
    assert targets.state["arnSuffix"] == targets.id.rpartition(":")[2]


def test_a_target_groups_drift_is_read(targets: Resource, aws: Client) -> None:
    aws("elbv2").modify_target_group(TargetGroupArn=targets.id, HealthCheckPath="/other")
    drift = [{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}]
    aws("elbv2").modify_target_group_attributes(TargetGroupArn=targets.id, Attributes=drift)
    assert targets.read() == {"healthCheck.path": "UPDATE", "deregistrationDelay": "UPDATE"}
    targets.delete()
    assert targets.gone()


def test_a_health_check_that_cannot_pass_in_time_is_refused(program: Program) -> None:
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "healthCheck": {"timeout": 5, "interval": 5}}
    refused = [("healthCheck.timeout", "5 s is not below the interval of 5 s")]
    assert program.resource(TARGETS).refusals(given) == refused
    assert program.resource(TARGETS).refusals({}) == [("port", "is required unless targetType is lambda")]


def test_grpc_codes_are_told_as_such(program: Program, network: Network, aws: Client) -> None:
    given = {"port": 80, "protocol": "HTTP", "protocolVersion": "GRPC", "vpcId": network.vpc}
    targets = program.up(TARGETS, network.name, **given, healthCheck={"matcher": "0-12", "path": "/grpc.health"})
    found = aws("elbv2").describe_target_groups(TargetGroupArns=[targets.id])["TargetGroups"][0]
    assert found["Matcher"] == {"GrpcCode": "0-12"}
    assert targets.settled()


def test_a_listener_redirects_then_forwards_by_weight(listener: Resource, targets: Resource, aws: Client) -> None:
    redirect = {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}
    listener.update(defaultActions=[{"type": "redirect", "redirect": redirect}], routingHttpResponseServerEnabled=False)
    found = aws("elbv2").describe_listeners(ListenerArns=[listener.id])["Listeners"][0]["DefaultActions"][0]
    assert found["RedirectConfig"].items() >= {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}.items()
    assert listener.settled()
    forward = {"targetGroups": [{"arn": targets.id, "weight": 7}], "stickiness": {"enabled": True, "duration": 60}}
    listener.update(defaultActions=[{"type": "forward", "forward": forward}], routingHttpResponseServerEnabled=None)
    found = aws("elbv2").describe_listeners(ListenerArns=[listener.id])["Listeners"][0]["DefaultActions"][0]
    assert found["ForwardConfig"]["TargetGroups"] == [{"TargetGroupArn": targets.id, "Weight": 7}]
    assert found["ForwardConfig"]["TargetGroupStickinessConfig"] == {"Enabled": True, "DurationSeconds": 60}
    assert listener.settled()


def test_a_listener_moves_its_port_in_place_and_drift_is_read(listener: Resource, aws: Client) -> None:
    assert listener.update(port=8080) == {"port": "UPDATE"}
    assert listener.settled()
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    aws("elbv2").modify_listener(ListenerArn=listener.id, Port=81, DefaultActions=[fixed])
    drift = listener.read()
    assert drift is not None
    assert {"port", "defaultActions[0].type"} <= drift.keys()
    assert listener.changes(
        loadBalancerArn="arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/other/1"
    ) == {"loadBalancerArn": "UPDATE_REPLACE"}
    listener.delete()
    assert listener.gone()


def certificate(aws: Client, name: str) -> str:
    """One that is issued, because its validation record is there."""
    acm, route53 = aws("acm"), aws("route53")
    arn: str = acm.request_certificate(DomainName=f"{name}.example.com", ValidationMethod="DNS")["CertificateArn"]
    record = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"][0]["ResourceRecord"]
    zones = route53.list_hosted_zones_by_name(DNSName="example.com")["HostedZones"]
    values = {"TTL": 60, "ResourceRecords": [{"Value": record["Value"]}]}
    change = {"Action": "UPSERT", "ResourceRecordSet": {"Name": record["Name"], "Type": "CNAME", **values}}
    route53.change_resource_record_sets(HostedZoneId=zones[0]["Id"], ChangeBatch={"Changes": [change]})
    return arn


def test_a_listener_that_asks_for_client_certificates_does_so_until_somebody_stops_it(
    program: Program, balancer: Resource, targets: Resource, aws: Client, unique: str
) -> None:
    given = {
        "loadBalancerArn": balancer.id,
        "port": 443,
        "protocol": "HTTPS",
        "certificateArn": certificate(aws, unique),
    }
    store = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/ts/1"
    asked = {"mode": "verify", "trustStoreArn": store, "ignoreClientCertificateExpiry": False}
    forward = [{"type": "forward", "targetGroupArn": targets.id}]
    listener = program.up(LISTENER, **given, mutualAuthentication=asked, defaultActions=forward)
    assert listener.settled()
    aws("elbv2").modify_listener(ListenerArn=listener.id, MutualAuthentication={"Mode": "off"})
    assert listener.read() == {"mutualAuthentication.mode": "UPDATE"}
    listener.update(mutualAuthentication=None)
    [found] = aws("elbv2").describe_listeners(ListenerArns=[listener.id])["Listeners"]
    assert found["MutualAuthentication"] == {"Mode": "off"}
    unverified = {**given, "defaultActions": forward, "mutualAuthentication": {"mode": "verify"}}
    assert listener.refusals(unverified) == [("mutualAuthentication", "verify needs trustStoreArn")]


def test_an_encrypted_listener_has_its_policy_and_certificates(
    program: Program, balancer: Resource, targets: Resource, aws: Client, unique: str
) -> None:
    first, second = certificate(aws, f"{unique}a"), certificate(aws, f"{unique}b")
    given = {"loadBalancerArn": balancer.id, "port": 443, "protocol": "HTTPS", "certificateArn": first}
    policy, forward = "ELBSecurityPolicy-TLS13-1-2-2021-06", [{"type": "forward", "targetGroupArn": targets.id}]
    listener = program.up(LISTENER, unique, **given, sslPolicy=policy, defaultActions=forward)
    found = aws("elbv2").describe_listeners(ListenerArns=[listener.id])["Listeners"][0]
    assert (found["SslPolicy"], found["Certificates"][0]["CertificateArn"]) == (policy, first)
    assert listener.settled()
    more = program.up("aws:lb/listenerCertificate:ListenerCertificate", listenerArn=listener.id, certificateArn=second)
    assert more.settled()
    more.delete()
    assert more.gone()
    assert listener.update(certificateArn=second, sslPolicy=None) == {"certificateArn": "UPDATE"}
    assert listener.settled()


def test_a_rule_has_conditions_of_every_kind_and_moves_its_priority(
    program: Program, listener: Resource, aws: Client
) -> None:
    answer = {"contentType": "text/plain", "messageBody": "no", "statusCode": "403"}
    conditions: list[dict[str, Any]] = [
        {"pathPattern": {"values": ["/admin/*"]}},
        {"queryStrings": [{"key": "a", "value": "b"}]},
        {"httpHeader": {"httpHeaderName": "X-A", "values": ["1"]}},
        {"sourceIp": {"values": ["10.0.0.0/8"]}},
    ]
    actions = [{"type": "fixed-response", "fixedResponse": answer}]
    rule = program.up(RULE, listenerArn=listener.id, priority=10, actions=actions, conditions=conditions)
    found = aws("elbv2").describe_rules(RuleArns=[rule.id])["Rules"][0]
    fields = ["path-pattern", "query-string", "http-header", "source-ip"]
    assert [each["Field"] for each in found["Conditions"]] == fields
    assert rule.settled()
    rule.update(priority=20, conditions=[{"hostHeader": {"values": ["a.example.com"]}}])
    assert aws("elbv2").describe_rules(RuleArns=[rule.id])["Rules"][0]["Priority"] == "20"
    assert rule.settled()
    host = {"Field": "host-header", "HostHeaderConfig": {"Values": ["b.example.com"]}}
    aws("elbv2").modify_rule(RuleArn=rule.id, Conditions=[host])
    assert rule.read() == {"conditions[0].hostHeader.values[0]": "UPDATE"}
    rule.delete()
    assert rule.gone()


def test_a_server_is_registered_and_taken_out(program: Program, targets: Resource, network: Network) -> None:
    ec2 = network.ec2
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=network.subnets[0])
    server = made["Instances"][0]["InstanceId"]
    given = {"targetGroupArn": targets.id, "targetId": server, "port": 8080}
    attachment = program.up("aws:lb/targetGroupAttachment:TargetGroupAttachment", **given)
    assert attachment.settled()
    assert attachment.changes(port=81) == {"port": "UPDATE_REPLACE"}
    attachment.delete()
    assert attachment.gone()
