"""Load balancers, certificates and web ACLs: what AWS would refuse."""

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-balancers")


def test_an_application_balancer_needs_two_zones(network: Any, refused: Callable[..., str]) -> None:
    assert refused(network.balancer, Subnets=network.subnets[:1]) == "ValidationError"
    assert refused(network.balancer, Subnets=network.subnets[:1], Type="network") == ""


def test_two_subnets_in_one_zone_are_refused(network: Any, refused: Callable[..., str]) -> None:
    zone = network.ec2.describe_subnets(SubnetIds=network.subnets)["Subnets"][0]["AvailabilityZoneId"]
    twice = [*network.subnets, network.subnet("10.0.99.0/24", zone)]
    assert refused(network.balancer, Subnets=twice) == "InvalidConfigurationRequest"


def test_subnets_of_two_vpcs_are_refused(network: Any, refused: Callable[..., str]) -> None:
    vpc = network.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    zone = network.ec2.describe_availability_zones()["AvailabilityZones"][1]["ZoneId"]
    other = network.ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24", AvailabilityZoneId=zone)["Subnet"]
    mixed = [network.subnets[0], other["SubnetId"]]
    assert refused(network.balancer, Subnets=mixed) == "InvalidConfigurationRequest"


def test_security_groups_that_do_not_exist_are_refused(network: Any, refused: Callable[..., str]) -> None:
    assert refused(network.balancer, SecurityGroups=["sg-1"]) == "InvalidSecurityGroup"


def test_a_public_balancer_needs_an_internet_gateway(network: Any, refused: Callable[..., str]) -> None:
    subnets = network.subnets
    network.ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)
    assert refused(network.balancer, Subnets=subnets) == "InvalidSubnet"
    assert refused(network.balancer, Subnets=subnets, Scheme="internal") == ""


def test_a_protected_balancer_stays(network: Any, aws: Callable[..., Any], refused: Callable[..., str]) -> None:
    elb, arn = aws("elbv2"), network.balancer()["LoadBalancerArn"]

    def protect(value: str) -> None:
        attribute = {"Key": "deletion_protection.enabled", "Value": value}
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])

    protect("true")
    assert refused(elb.delete_load_balancer, LoadBalancerArn=arn) == "OperationNotPermitted"
    protect("false")
    assert refused(elb.delete_load_balancer, LoadBalancerArn=arn) == ""


def test_what_a_balancer_stands_on_stays(network: Any, refused: Callable[..., str]) -> None:
    network.balancer()
    assert refused(network.ec2.delete_subnet, SubnetId=network.subnets[0]) == "DependencyViolation"
    assert refused(network.ec2.delete_security_group, GroupId=network.group) == "DependencyViolation"


@pytest.mark.parametrize(("kind", "zone"), [("application", "Z32O12XQLNTSW2"), ("network", "Z2IFOLAFXWLO4F")])
def test_a_balancers_name_lies_in_the_hosted_zone_of_its_region(
    network: Any, aws: Callable[..., Any], kind: str, zone: str
) -> None:
    made = network.balancer(Type=kind)
    found = aws("elbv2").describe_load_balancers(LoadBalancerArns=[made["LoadBalancerArn"]])["LoadBalancers"][0]
    assert (made["CanonicalHostedZoneId"], found["CanonicalHostedZoneId"]) == (zone, zone)
    assert found["State"]["Code"] == "active"


def test_logs_go_only_where_they_may_be_written(
    network: Any, aws: Callable[..., Any], refused: Callable[..., str]
) -> None:
    elb, s3, arn = aws("elbv2"), aws("s3"), network.balancer()["LoadBalancerArn"]
    wanted = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": network.name}
    attributes = [{"Key": key, "Value": value} for key, value in wanted.items()]

    def switch_on() -> str:
        return refused(elb.modify_load_balancer_attributes, LoadBalancerArn=arn, Attributes=attributes)

    assert switch_on() == "InvalidConfigurationRequest"
    s3.create_bucket(Bucket=network.name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert switch_on() == "InvalidConfigurationRequest"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{network.name}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=network.name, Policy=json.dumps(policy))
    assert switch_on() == ""


def validate(aws: Callable[..., Any], certificate: dict[str, Any]) -> None:
    """Put the validation records of a certificate into the account's hosted zone."""
    route53 = aws("route53")
    zone = next(z["Id"] for z in route53.list_hosted_zones()["HostedZones"] if z["Name"] == "example.com.")
    records = [option["ResourceRecord"] for option in certificate["DomainValidationOptions"]]
    changes = [
        {
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": r["Name"],
                "Type": "CNAME",
                "TTL": 60,
                "ResourceRecords": [{"Value": r["Value"]}],
            },
        }
        for r in records
    ]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def test_a_certificate_is_issued_by_its_records_and_serves_only_then(
    network: Any, aws: Callable[..., Any], refused: Callable[..., str]
) -> None:
    acm, elb = aws("acm"), aws("elbv2")
    domain = f"{network.name}.example.com"
    arn = acm.request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    listener = {
        "LoadBalancerArn": network.balancer()["LoadBalancerArn"],
        "Protocol": "HTTPS",
        "Port": 443,
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "Certificates": [{"CertificateArn": arn}],
        "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    }
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert (certificate["Status"], "IssuedAt" in certificate) == ("PENDING_VALIDATION", False)
    assert refused(elb.create_listener, **listener) == "UnsupportedCertificate"
    listed = acm.list_certificates(CertificateStatuses=["PENDING_VALIDATION"])["CertificateSummaryList"]
    assert arn in {summary["CertificateArn"] for summary in listed}

    validate(aws, certificate)
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert certificate["Status"] == "ISSUED"
    assert {o["ValidationStatus"] for o in certificate["DomainValidationOptions"]} == {"SUCCESS"}
    assert refused(elb.create_listener, **listener) == ""


def test_a_listener_with_tls_needs_a_policy_and_a_certificate_that_exist(
    network: Any, aws: Callable[..., Any], refused: Callable[..., str]
) -> None:
    elb = aws("elbv2")
    listener = {
        "LoadBalancerArn": network.balancer()["LoadBalancerArn"],
        "Protocol": "HTTPS",
        "Port": 443,
        "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    }
    elsewhere = aws("acm", "eu-central-1").request_certificate(DomainName="example.com")["CertificateArn"]
    assert refused(elb.create_listener, **listener) == "ValidationError"
    assert refused(elb.create_listener, **listener, SslPolicy="None-Such") == "SSLPolicyNotFound"
    foreign = [{"CertificateArn": elsewhere}]
    assert refused(elb.create_listener, **listener, Certificates=foreign) == "CertificateNotFound"


def test_a_web_acl_guards_balancers_that_exist_and_stays_while_it_does(
    network: Any, aws: Callable[..., Any], refused: Callable[..., str]
) -> None:
    waf, arn = aws("wafv2"), network.balancer()["LoadBalancerArn"]
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": network.name}
    made = waf.create_web_acl(
        Name=network.name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=seen, Rules=[]
    )["Summary"]
    associate = {"WebACLArn": made["ARN"], "ResourceArn": arn}
    missing = {**associate, "ResourceArn": arn + "0"}
    assert refused(waf.associate_web_acl, **missing) == "WAFNonexistentItemException"
    waf.associate_web_acl(**associate)
    delete = {"Name": network.name, "Scope": "REGIONAL", "Id": made["Id"], "LockToken": made["LockToken"]}
    assert refused(waf.delete_web_acl, **delete) == "WAFAssociatedItemException"
    waf.disassociate_web_acl(ResourceArn=arn)
    assert refused(waf.delete_web_acl, **delete) == ""
