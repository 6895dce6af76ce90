"""Each correction is still needed: the emulators alone are still wrong.

A test that fails here is good news: the emulator's new version does the right thing, and the correction can go.
"""

import base64
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.kms.utils import generate_key_id

from rehearsal.emulator.environment import environment
from tests.conftest import clients

pytestmark = pytest.mark.xdist_group("emulator-upstream")

COVERED: set[str] = set()

IMAGE = "arn:aws:imagebuilder:eu-west-3:123456789012:image/none/1.0.0/1"

REGION = "eu-west-3"
"""Of these tests alone: an emulator without corrections leaves broken things behind."""


@pytest.fixture(scope="module")
def aws(emulator: Any) -> Callable[..., Any]:
    return clients(emulator, home=REGION)


@pytest.fixture(scope="module")
def moto_alone(emulator: Any) -> Callable[..., Any]:
    return clients(emulator, "moto", REGION)


@pytest.fixture(scope="module")
def ministack_alone(emulator: Any) -> Callable[..., Any]:
    return clients(emulator, "ministack", REGION)


def still_wrong(*operations: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say which corrections a test is about: `service:Operation`, or `service` for all of it."""
    COVERED.update(operations)
    return lambda test: test


LIST = """
from rehearsal.emulator import corrections
corrections.load()
for (service, operation), correction in corrections.CORRECTIONS.items():
    print(service, operation, correction.see)
"""


@pytest.fixture(scope="module")
def corrections() -> list[tuple[str, str, str]]:
    """Service, operation and AWS page of every correction, read in a process that has the emulators' settings."""
    done = subprocess.run([sys.executable, "-c", LIST], capture_output=True, text=True, check=True, env=environment())
    return [(service, operation, see) for service, operation, see in map(str.split, done.stdout.splitlines())]


def test_every_correction_has_a_test_that_tells_when_it_can_go(corrections: list[tuple[str, str, str]]) -> None:
    operations = {f"{service}:{operation}" for service, operation, _ in corrections}
    services = {service for service, _, _ in corrections}
    assert {o for o in operations if o not in COVERED and o.split(":")[0] not in COVERED} == set()
    assert COVERED - operations - services == set()


def test_every_correction_names_the_aws_page_that_it_follows(corrections: list[tuple[str, str, str]]) -> None:
    assert [o for _, o, see in corrections if not see.startswith("https://docs.aws.amazon.com/")] == []


@still_wrong("ec2:CreateSubnet", "ec2:DescribeSubnets")
def test_moto_takes_a_zones_first_subnet_for_a_default_one(moto_alone: Callable[..., Any]) -> None:
    ec2 = moto_alone("ec2", "ca-central-1")  # where no other test makes a subnet
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneId"]
    given = {"VpcId": vpc["VpcId"], "AvailabilityZoneId": zone, "Ipv6CidrBlock": block}
    first = ec2.create_subnet(**given, CidrBlock="10.0.0.0/24")["Subnet"]
    assert first["DefaultForAz"]
    assert first["MapPublicIpOnLaunch"]
    assert first["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlockState"]["State"] != "associated"
    described = ec2.describe_subnets(SubnetIds=[first["SubnetId"]])["Subnets"][0]
    assert described["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlockState"]["State"] != "associated"
    ec2.create_subnet(**given, CidrBlock="10.0.1.0/24")  # its IPv6 block is the first one's


@still_wrong("ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions", "ec2:CreateLaunchTemplateVersion")
def test_moto_shows_fifteen_templates_and_builds_on_none(moto_alone: Callable[..., Any], unique: str) -> None:
    ec2, data = moto_alone("ec2", "ca-central-1"), {"LaunchTemplateData": {"InstanceType": "t3.micro"}}
    for number in range(16):
        ec2.create_launch_template(LaunchTemplateName=f"{unique}-{number}", **data)
        ec2.create_launch_template_version(LaunchTemplateName=f"{unique}-0", LaunchTemplateData={}, SourceVersion="1")
    assert len(ec2.describe_launch_templates()["LaunchTemplates"]) == 15
    found = ec2.describe_launch_template_versions(LaunchTemplateName=f"{unique}-0")["LaunchTemplateVersions"]
    assert len(found) == 15
    assert "InstanceType" not in found[1]["LaunchTemplateData"]


@still_wrong("ec2:DescribeAvailabilityZones")
def test_moto_knows_no_opting_in(moto_alone: Callable[..., Any]) -> None:
    assert "OptInStatus" not in moto_alone("ec2").describe_availability_zones()["AvailabilityZones"][0]


@still_wrong("ec2:DescribeInstanceStatus", "elbv2:RegisterTargets", "elbv2:DeregisterTargets")
def test_moto_measures_nothing_and_drains_nothing(moto_alone: Callable[..., Any]) -> None:
    ec2, elbv2 = moto_alone("ec2"), moto_alone("elbv2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    given = {"ImageId": image, "InstanceType": "t3.micro", "SubnetId": subnet}
    instance = ec2.run_instances(MinCount=1, MaxCount=1, **given)["Instances"][0]["InstanceId"]
    assert ec2.describe_instance_status(InstanceIds=[instance])["InstanceStatuses"][0]["SystemStatus"]["Status"] == "ok"
    arn = elbv2.create_target_group(Name="measures-nothing", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    target = {"TargetGroupArn": arn["TargetGroupArn"], "Targets": [{"Id": instance}]}
    elbv2.register_targets(**target)
    elbv2.deregister_targets(**target)
    assert elbv2.describe_target_health(TargetGroupArn=arn["TargetGroupArn"])["TargetHealthDescriptions"] == []


@still_wrong("ec2:CreateNatGateway", "ec2:DescribeNatGateways", "ec2:DeleteNatGateway")
def test_moto_has_zonal_nat_gateways_only(moto_alone: Callable[..., Any], refused: Callable[..., str]) -> None:
    ec2 = moto_alone("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert refused(ec2.create_nat_gateway, AvailabilityMode="regional", VpcId=vpc) == "InvalidSubnetID.NotFound"
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=ec2.allocate_address()["AllocationId"])["NatGateway"]
    assert not {"AvailabilityMode", "ConnectivityType"} & made.keys()
    assert ec2.describe_nat_gateways(NatGatewayIds=["nat-1"])["NatGateways"] == []
    assert refused(ec2.delete_nat_gateway, NatGatewayId="nat-1") == "InternalFailure"


@still_wrong("ec2:ModifyVpcEndpoint")
def test_moto_cannot_delete_an_endpoint_that_a_route_table_joined(
    moto_alone: Callable[..., Any], refused: Callable[..., str]
) -> None:
    ec2 = moto_alone("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    service = {"ServiceName": "com.amazonaws.eu-west-1.s3", "VpcEndpointType": "Gateway"}
    made = ec2.create_vpc_endpoint(VpcId=vpc, **service)["VpcEndpoint"]["VpcEndpointId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=made, AddRouteTableIds=[table])
    assert refused(ec2.delete_vpc_endpoints, VpcEndpointIds=[made]) == "InvalidRoute.NotFound"


@still_wrong("ec2:DeleteSubnet", "ec2:ReleaseAddress", "ec2:DetachInternetGateway")
def test_moto_pulls_the_ground_from_under_a_nat_gateway(network: Any, moto_alone: Callable[..., Any]) -> None:
    address = network.ec2.allocate_address()["AllocationId"]
    made = network.ec2.create_nat_gateway(SubnetId=network.subnets[0], AllocationId=address)
    ec2 = moto_alone("ec2")
    ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)
    ec2.release_address(AllocationId=address)
    ec2.delete_nat_gateway(NatGatewayId=made["NatGateway"]["NatGatewayId"])
    mine = [{"Name": "vpc-id", "Values": [network.vpc]}]
    assert len(ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]) == 1
    ec2.delete_subnet(SubnetId=network.subnets[0])


@still_wrong("ec2:DeleteSecurityGroup", "ec2:DeleteVpc")
def test_moto_deletes_what_is_referred_to_and_what_is_not_empty(network: Any, moto_alone: Callable[..., Any]) -> None:
    ec2, other = moto_alone("ec2"), network.security_group("other")
    pair = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]}]
    ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=pair)
    ec2.delete_security_group(GroupId=other)
    ec2.delete_vpc(VpcId=network.vpc)


@still_wrong("ec2:CreateFlowLogs")
def test_moto_finds_no_log_group_by_its_arn(network: Any, moto_alone: Callable[..., Any]) -> None:
    moto_alone("logs").create_log_group(logGroupName=network.name)
    role = moto_alone("iam").create_role(RoleName=network.name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    ec2 = moto_alone("ec2")
    made = ec2.create_flow_logs(
        ResourceIds=[network.vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogDestination=f"arn:aws:logs:{REGION}:123456789012:log-group:{network.name}",
        DeliverLogsPermissionArn=role,
    )
    assert ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"][0]["DeliverLogsStatus"] == "FAILED"


IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def template(network: Any, moto_alone: Callable[..., Any]) -> str:
    """A launch template of which the second version has user data."""
    image = moto_alone("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    ec2, data = moto_alone("ec2"), {"ImageId": image, "InstanceType": "t3.micro"}
    made = ec2.create_launch_template(LaunchTemplateName=network.name, LaunchTemplateData=data)["LaunchTemplate"]
    script = base64.b64encode(b"two").decode()
    identifier: str = made["LaunchTemplateId"]
    ec2.create_launch_template_version(LaunchTemplateId=identifier, LaunchTemplateData={**data, "UserData": script})
    return identifier


@still_wrong("autoscaling", "ec2:TerminateInstances", "ec2:StopInstances")
def test_moto_puts_a_group_into_one_zone_and_forgets_its_settings(
    network: Any, moto_alone: Callable[..., Any], refused: Callable[..., str]
) -> None:
    groups, ec2 = moto_alone("autoscaling"), moto_alone("ec2")
    policy = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}
    given = {
        "AutoScalingGroupName": network.name,
        "MinSize": 3,
        "MaxSize": 3,
        "VPCZoneIdentifier": ",".join(network.subnets),
        "InstanceMaintenancePolicy": policy,
    }
    launch = {"LaunchTemplateId": template(network, moto_alone), "Version": "1"}
    second = {**launch, "Version": "2"}
    assert refused(groups.create_auto_scaling_group, **given, LaunchTemplate=second) == "InternalFailure"
    groups.create_auto_scaling_group(**given, LaunchTemplate=launch)

    def group() -> dict[str, Any]:
        name = [network.name]
        found = groups.describe_auto_scaling_groups(AutoScalingGroupNames=name)["AutoScalingGroups"]
        return dict(found[0])

    assert len({instance["AvailabilityZone"] for instance in group()["Instances"]}) == 1
    assert "InstanceMaintenancePolicy" not in group()
    stopped = group()["Instances"][0]["InstanceId"]
    ec2.stop_instances(InstanceIds=[stopped])
    assert stopped in {instance["InstanceId"] for instance in group()["Instances"]}
    assert refused(groups.start_instance_refresh, AutoScalingGroupName=network.name) == "NotEmulated"


@still_wrong("arc-zonal-shift")
def test_neither_emulator_has_zonal_shifts(moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any]) -> None:
    for alone in (moto_alone, ministack_alone):
        with pytest.raises(ClientError):
            alone("arc-zonal-shift").list_zonal_shifts()


@still_wrong("arc-region-switch")
def test_neither_emulator_has_region_switch(
    moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any]
) -> None:
    for alone in (moto_alone, ministack_alone):
        with pytest.raises(ClientError):
            alone("arc-region-switch").list_plans()


@still_wrong("resiliencehubv2")
def test_neither_emulator_has_the_next_generation_of_resilience_hub(
    moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any]
) -> None:
    for alone in (moto_alone, ministack_alone):
        with pytest.raises(ClientError):
            alone("resiliencehubv2").list_policies()


@still_wrong("elbv2:DescribeTargetHealth", "ec2:GetConsoleOutput")
def test_moto_finds_every_server_healthy_whatever_it_runs(network: Any, moto_alone: Callable[..., Any]) -> None:
    groups, elb, ec2 = moto_alone("autoscaling"), moto_alone("elbv2"), moto_alone("ec2")
    made = template(network, moto_alone)
    script = base64.b64encode(b"REHEARSAL_HEALTH=never").decode()
    ec2.create_launch_template_version(
        LaunchTemplateId=made, LaunchTemplateData={"UserData": script}, SourceVersion="1"
    )
    target_group = network.target_group()
    balancer = network.balancer()["LoadBalancerArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target_group}]
    elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    groups.create_auto_scaling_group(
        AutoScalingGroupName=network.name,
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=network.subnets[0],
        LaunchTemplate={"LaunchTemplateId": made, "Version": "1"},
        TargetGroupARNs=[target_group],
    )
    [found] = elb.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    assert found["TargetHealth"]["State"] == "healthy"
    assert "REHEARSAL" not in ec2.get_console_output(InstanceId=found["Target"]["Id"])["Output"]


@still_wrong("elbv2:CreateLoadBalancer", "elbv2:SetSubnets", "elbv2:ModifyLoadBalancerAttributes")
@still_wrong("elbv2:DeleteLoadBalancer", "elbv2:CreateListener", "elbv2:ModifyListener", "elbv2:DescribeListeners")
def test_moto_balances_whatever_it_is_told(network: Any, moto_alone: Callable[..., Any]) -> None:
    elb = moto_alone("elbv2")
    made = elb.create_load_balancer(Name=network.name, Subnets=network.subnets[:1], SecurityGroups=["sg-1"])
    balancer = made["LoadBalancers"][0]
    assert balancer["CanonicalHostedZoneId"] == "Z2P70J7EXAMPLE"
    arn = {"LoadBalancerArn": balancer["LoadBalancerArn"]}
    foreign = network.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    zone = network.ec2.describe_availability_zones()["AvailabilityZones"][1]["ZoneId"]
    other = network.ec2.create_subnet(VpcId=foreign, CidrBlock="10.1.0.0/24", AvailabilityZoneId=zone)["Subnet"]
    elb.set_subnets(**arn, Subnets=[network.subnets[0], other["SubnetId"]])
    protected = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": "no-such-bucket"}
    protected["deletion_protection.enabled"] = "true"
    attributes = [{"Key": key, "Value": value} for key, value in protected.items()]
    elb.modify_load_balancer_attributes(**arn, Attributes=attributes)
    action = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    asked = moto_alone("acm").request_certificate(DomainName="x.org", ValidationMethod="DNS")
    certificate = [{"CertificateArn": asked["CertificateArn"]}]  # nobody validated it
    listener = elb.create_listener(
        **arn, Protocol="HTTPS", Port=443, SslPolicy="None", Certificates=certificate, DefaultActions=action
    )["Listeners"][0]["ListenerArn"]
    elb.modify_listener(ListenerArn=listener, Certificates=certificate, MutualAuthentication={"Mode": "passthrough"})
    assert "MutualAuthentication" not in elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]
    elb.delete_load_balancer(**arn)


@still_wrong("acm:DescribeCertificate", "acm:ListCertificates")
def test_moto_issues_a_certificate_without_its_records(moto_alone: Callable[..., Any]) -> None:
    acm = moto_alone("acm")
    arn = acm.request_certificate(DomainName="x.example.com", ValidationMethod="DNS")["CertificateArn"]
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    issued = acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
    assert arn in {summary["CertificateArn"] for summary in issued}


@still_wrong("sns")
def test_ministack_takes_an_address_as_confirmed(
    ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    sns = ministack_alone("sns")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)
    subscription = {"SubscriptionArn": arn["SubscriptionArn"]}
    assert sns.get_subscription_attributes(**subscription)["Attributes"]["PendingConfirmation"] == "false"
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]["SubscriptionArn"].startswith("arn:")
    assert refused(sns.unsubscribe, **subscription) == ""


@still_wrong("wafv2:UpdateWebACL")
def test_moto_keeps_what_an_update_leaves_out(moto_alone: Callable[..., Any], unique: str) -> None:
    waf = moto_alone("wafv2")
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": unique}
    given = {"Name": unique, "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": seen}
    acl = waf.create_web_acl(**given, Description="x", Rules=[])["Summary"]
    waf.update_web_acl(**given, Id=acl["Id"], LockToken=acl["LockToken"])
    assert waf.get_web_acl(Name=unique, Scope="REGIONAL", Id=acl["Id"])["WebACL"]["Description"] == "x"


@still_wrong("wafv2:AssociateWebACL", "wafv2:DeleteWebACL")
def test_moto_guards_what_does_not_exist_and_stops_unasked(
    network: Any, moto_alone: Callable[..., Any], unique: str
) -> None:
    waf = moto_alone("wafv2")
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": unique}
    given = {"Name": unique, "DefaultAction": {"Allow": {}}, "VisibilityConfig": seen, "Rules": []}
    acl = waf.create_web_acl(Scope="REGIONAL", **given)["Summary"]
    balancer = network.balancer()["LoadBalancerArn"]
    waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=balancer)
    waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=balancer + "0")
    waf.delete_web_acl(Name=unique, Scope="REGIONAL", Id=acl["Id"], LockToken=acl["LockToken"])


@still_wrong("wafv2:UpdateWebACL")
def test_moto_keeps_what_an_update_of_a_web_acl_leaves_out(moto_alone: Callable[..., Any], unique: str) -> None:
    waf = moto_alone("wafv2")
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": unique}
    given = {"Name": unique, "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": seen}
    acl = waf.create_web_acl(**given, TokenDomains=["example.com"])["Summary"]
    waf.update_web_acl(**given, Id=acl["Id"], LockToken=acl["LockToken"])
    found = waf.get_web_acl(Name=unique, Scope="REGIONAL", Id=acl["Id"])["WebACL"]
    assert found["TokenDomains"] == ["example.com"]


@still_wrong("sns:Subscribe", "sns:GetSubscriptionAttributes", "sns:Unsubscribe")
@still_wrong("sns:ListSubscriptions", "sns:ListSubscriptionsByTopic")
def test_ministack_confirms_mail_by_itself(ministack_alone: Callable[..., Any], unique: str) -> None:
    sns = ministack_alone("sns")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{unique}@example.com")["SubscriptionArn"]
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "false"
    assert [s["SubscriptionArn"] for s in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]] == [arn]
    sns.unsubscribe(SubscriptionArn=arn)


@still_wrong("events:PutTargets")
def test_ministack_takes_any_text_for_a_target(ministack_alone: Callable[..., Any], unique: str) -> None:
    events, text = ministack_alone("events"), {"InputPathsMap": {}, "InputTemplate": "no quotes"}
    events.put_rule(Name=unique, EventPattern='{"source": ["a"]}')
    target = {"Id": "a", "Arn": f"arn:aws:sns:{REGION}:123456789012:a", "InputTransformer": text}
    assert events.put_targets(Rule=unique, Targets=[target])["FailedEntryCount"] == 0


@still_wrong("route53:ChangeResourceRecordSets", "route53:DeleteHealthCheck")
def test_moto_takes_records_that_contradict_each_other(moto_alone: Callable[..., Any], unique: str) -> None:
    route53 = moto_alone("route53")
    zone = route53.create_hosted_zone(Name=f"{unique}.org", CallerReference=unique)["HostedZone"]["Id"]
    config = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}
    check = route53.create_health_check(CallerReference=unique, HealthCheckConfig=config)["HealthCheck"]["Id"]
    simple = {"Name": f"www.{unique}.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    failover = {**simple, "SetIdentifier": "one", "Failover": "PRIMARY", "HealthCheckId": check}
    unknown = {**failover, "SetIdentifier": "two", "HealthCheckId": "none"}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in (simple, failover, unknown)]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    route53.delete_health_check(HealthCheckId=check)


@still_wrong("route53:GetHealthCheckStatus", "route53:GetHealthCheckLastFailureReason")
def test_every_health_check_of_motos_passes(
    moto_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    route53 = moto_alone("route53")
    config = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}
    check = route53.create_health_check(CallerReference=unique, HealthCheckConfig=config)["HealthCheck"]["Id"]
    seen = route53.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
    assert [one["StatusReport"]["Status"].split(":")[0] for one in seen] == ["Success"]
    assert refused(route53.get_health_check_last_failure_reason, HealthCheckId=check) == "NotEmulated"


@still_wrong("sts:AssumeRole", "sts:GetCallerIdentity")
def test_moto_lets_everybody_assume_a_role_by_a_key_that_can_be_guessed(
    aws: Callable[..., Any], moto_alone: Callable[..., Any], unique: str
) -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    keys = moto_alone("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    assert len(keys["AccessKeyId"]) == 20
    assert moto_alone("sts").get_caller_identity()["Arn"].endswith("user/moto")


@still_wrong("backup:DescribeRegionSettings", "backup:UpdateRegionSettings", "iam:SimulatePrincipalPolicy")
@still_wrong("elasticache:DescribeReservedCacheNodesOfferings")
def test_nobody_tells_what_is_opted_in_for_what_policies_allow_and_which_nodes_are_sold(
    moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any]
) -> None:
    with pytest.raises(ClientError):
        moto_alone("backup").describe_region_settings()
    asked = {"PolicySourceArn": "arn:aws:iam::123456789012:role/r", "ActionNames": ["s3:GetObject"]}
    with pytest.raises(ClientError):
        moto_alone("iam").simulate_principal_policy(**asked)
    with pytest.raises(ClientError):
        ministack_alone("elasticache").describe_reserved_cache_nodes_offerings()


def test_moto_gives_multi_region_keys_ids_with_dashes() -> None:
    assert not re.fullmatch("mrk-[0-9a-f]{32}", generate_key_id(multi_region=True))


@still_wrong("kms:EnableKeyRotation", "kms:GetKeyRotationStatus")
def test_moto_forgets_the_period_of_rotation(moto_alone: Callable[..., Any]) -> None:
    kms = moto_alone("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)


@still_wrong("cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms")
def test_ministack_drops_metric_math(ministack_alone: Callable[..., Any], unique: str) -> None:
    watch = ministack_alone("cloudwatch")
    metrics = [{"Id": "all", "Expression": "SEARCH('x', 'Sum', 60)", "ReturnData": True}]
    more = {"EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"}
    watch.put_metric_alarm(AlarmName=unique, Metrics=metrics, **more)
    found = watch.describe_alarms(AlarmNames=[unique])["MetricAlarms"][0]
    assert not found.get("Metrics")
    assert found["Statistic"] == "Average"


@still_wrong("cloudwatch:PutMetricData")
def test_ministack_evaluates_alarms_by_the_machines_clock(ministack_alone: Callable[..., Any], unique: str) -> None:
    watch = ministack_alone("cloudwatch")
    metric = {"MetricName": "m", "Namespace": unique, "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    watch.put_metric_alarm(AlarmName=unique, Threshold=1, ComparisonOperator="GreaterThanThreshold", **metric)
    watch.set_alarm_state(AlarmName=unique, StateValue="OK", StateReason="measured")
    watch.put_metric_data(Namespace=unique, MetricData=[{"MetricName": "m", "Value": 5}])
    assert watch.describe_alarms(AlarmNames=[unique])["MetricAlarms"][0]["StateValue"] == "ALARM"


@still_wrong("elasticache:CreateCacheSubnetGroup", "elasticache:ModifyCacheSubnetGroup")
def test_ministack_does_not_know_the_accounts_subnets(
    network: Any, ministack_alone: Callable[..., Any], refused: Callable[..., str]
) -> None:
    given = {"CacheSubnetGroupName": network.name, "CacheSubnetGroupDescription": "x", "SubnetIds": network.subnets}
    assert refused(ministack_alone("elasticache").create_cache_subnet_group, **given) == "InvalidSubnet"


@still_wrong("elasticache:CreateReplicationGroup", "elasticache:DescribeReplicationGroups")
@still_wrong("elasticache:ModifyReplicationGroup", "elasticache:TestFailover")
@still_wrong("elasticache:IncreaseReplicaCount", "elasticache:DecreaseReplicaCount")
@still_wrong("elasticache:DeleteCacheParameterGroup")
def test_ministack_names_nodes_its_own_way_and_leaves_them_behind(
    ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    cache = ministack_alone("elasticache")
    family = {"CacheParameterGroupFamily": "valkey8", "Description": "x"}
    cache.create_cache_parameter_group(CacheParameterGroupName=unique, **family)
    cache.create_replication_group(
        ReplicationGroupId=unique,
        ReplicationGroupDescription="x",
        Engine="valkey",
        CacheNodeType="cache.huge",
        NumCacheClusters=2,
        SecurityGroupIds=["sg-1"],
        CacheParameterGroupName=unique,
        KmsKeyId="none",
    )

    def group() -> dict[str, Any]:
        return dict(cache.describe_replication_groups(ReplicationGroupId=unique)["ReplicationGroups"][0])

    def clusters() -> list[dict[str, Any]]:
        found = cache.describe_cache_clusters()["CacheClusters"]
        return [cluster for cluster in found if cluster.get("ReplicationGroupId") == unique]

    assert group()["MemberClusters"] == [f"{unique}-0001-001", f"{unique}-0001-002"]
    assert not group()["NodeGroups"][0]["PrimaryEndpoint"]["Address"].endswith("cache.amazonaws.com")
    assert "KmsKeyId" not in group()
    change = {"ReplicationGroupId": unique, "ApplyImmediately": True}
    cache.modify_replication_group(**change, CacheNodeType="cache.t4g.large")
    assert {cluster["CacheNodeType"] for cluster in clusters()} == {"cache.huge"}
    cache.increase_replica_count(**change, NewReplicaCount=3)
    assert len(clusters()) == 2
    cache.decrease_replica_count(**change, NewReplicaCount=0)
    assert len(clusters()) == 2
    assert refused(cache.test_failover, ReplicationGroupId=unique, NodeGroupId="0001") == "NotEmulated"
    cache.delete_cache_parameter_group(CacheParameterGroupName=unique)


@still_wrong(
    *("elasticache:CreateGlobalReplicationGroup", "elasticache:DescribeGlobalReplicationGroups"),
    *("elasticache:ModifyGlobalReplicationGroup", "elasticache:FailoverGlobalReplicationGroup"),
    *("elasticache:DisassociateGlobalReplicationGroup", "elasticache:DeleteGlobalReplicationGroup"),
    "elasticache:DeleteReplicationGroup",
)
@pytest.mark.parametrize("emulated", ["moto_alone", "ministack_alone"])
def test_nobody_has_global_datastores(emulated: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(emulated)("elasticache")
    with pytest.raises(Exception):  # noqa: B017, PT011 - each fails in a way of its own
        client.describe_global_replication_groups()


@still_wrong("kms:ReplicateKey")
def test_moto_calls_a_replicas_primary_a_replica_too(moto_alone: Callable[..., Any]) -> None:
    kms = moto_alone("kms")
    name = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=name, ReplicaRegion="eu-north-1")
    moto_alone("kms", "eu-north-1").describe_key(KeyId=name)
    found = kms.describe_key(KeyId=name)["KeyMetadata"]["MultiRegionConfiguration"]
    assert found["MultiRegionKeyType"] == "REPLICA"


@still_wrong("elasticache:CreateUser", "elasticache:ModifyUser", "elasticache:DeleteUser")
@still_wrong("elasticache:CreateUserGroup", "elasticache:ModifyUserGroup", "elasticache:DeleteUserGroup")
def test_ministack_sees_no_password_and_takes_any_user(ministack_alone: Callable[..., Any], unique: str) -> None:
    cache = ministack_alone("elasticache")
    mode = {"Type": "password", "Passwords": ["a" * 32]}
    user = {"UserId": unique, "UserName": "app", "Engine": "valkey", "AccessString": "on ~* +@all"}
    made = cache.create_user(**user, AuthenticationMode=mode)
    assert made["Authentication"]["Type"] == "no-password"
    cache.modify_user(UserId=unique, AuthenticationMode=mode)
    assert cache.describe_users(UserId=unique)["Users"][0]["Authentication"]["Type"] == "no-password"
    cache.create_user_group(UserGroupId=unique, Engine="valkey", UserIds=[unique, "none"])
    cache.modify_user_group(UserGroupId=unique, UserIdsToAdd=["none-either"])
    cache.create_replication_group(
        ReplicationGroupId=unique, ReplicationGroupDescription="x", Engine="valkey", UserGroupIds=[unique]
    )
    cache.delete_user(UserId=unique)
    assert unique in cache.describe_user_groups(UserGroupId=unique)["UserGroups"][0]["UserIds"]
    cache.delete_user_group(UserGroupId=unique)


@still_wrong("elasticache:ModifyCacheParameterGroup", "elasticache:DescribeCacheParameters")
def test_ministack_takes_any_parameter(ministack_alone: Callable[..., Any], unique: str) -> None:
    cache, name = ministack_alone("elasticache"), {"CacheParameterGroupName": unique}
    cache.create_cache_parameter_group(**name, CacheParameterGroupFamily="valkey8", Description="x")
    pair = [{"ParameterName": "no-such-thing", "ParameterValue": "1"}]
    cache.modify_cache_parameter_group(**name, ParameterNameValues=pair)
    assert len(cache.describe_cache_parameters(**name, Source="user")["Parameters"]) > 1


@still_wrong("secretsmanager:CreateSecret", "secretsmanager:ReplicateSecretToRegions")
def test_moto_gives_every_replica_of_a_secret_the_same_key(
    aws: Callable[..., Any], moto_alone: Callable[..., Any], unique: str
) -> None:
    key = aws("kms", "ca-central-1").create_key()["KeyMetadata"]["Arn"]
    replica = [{"Region": "ca-central-1", "KmsKeyId": key}]
    secrets = moto_alone("secretsmanager")
    made = secrets.create_secret(Name=unique, SecretString="x", AddReplicaRegions=replica)
    assert made["ReplicationStatus"][0]["KmsKeyId"] != key
    other = secrets.create_secret(Name=f"{unique}-2", SecretString="x")["ARN"]
    made = secrets.replicate_secret_to_regions(SecretId=other, AddReplicaRegions=replica)
    assert made["ReplicationStatus"][0]["KmsKeyId"] != key


@still_wrong("service-quotas:GetAWSDefaultServiceQuota", "lambda:GetAccountSettings")
def test_moto_knows_no_default_and_no_concurrency(moto_alone: Callable[..., Any], refused: Callable[..., str]) -> None:
    elastic_ips = {"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"}
    assert refused(moto_alone("service-quotas").get_aws_default_service_quota, **elastic_ips) == "NotEmulated"
    assert refused(moto_alone("lambda").get_account_settings) == "NotEmulated"


@still_wrong("rds:DescribeOrderableDBInstanceOptions")
def test_ministack_offers_no_class_of_today(ministack_alone: Callable[..., Any]) -> None:
    asked = {"Engine": "aurora-postgresql", "EngineVersion": "17.7", "DBInstanceClass": "db.r7g.large"}
    assert ministack_alone("rds").describe_orderable_db_instance_options(**asked)["OrderableDBInstanceOptions"] == []


@still_wrong("rds:CreateDBSubnetGroup", "rds:ModifyDBSubnetGroup")
def test_ministack_does_not_know_the_accounts_subnets_for_databases(
    network: Any, ministack_alone: Callable[..., Any], refused: Callable[..., str]
) -> None:
    given = {"DBSubnetGroupName": network.name, "DBSubnetGroupDescription": "x", "SubnetIds": network.subnets}
    assert refused(ministack_alone("rds").create_db_subnet_group, **given) == "InvalidSubnet"


AURORA = {"Engine": "aurora-postgresql", "EngineVersion": "17.7"}


def aurora_alone(rds: Any, name: str, instances: int, **settings: Any) -> dict[str, Any]:
    """A cluster and instances of ministack's alone: it takes groups and keys that there are not."""
    made = rds.create_db_cluster(DBClusterIdentifier=name, **AURORA, **settings)["DBCluster"]
    for number in range(instances):
        one = {"DBInstanceIdentifier": f"{name}-{number}", "DBInstanceClass": "db.t4g.medium"}
        rds.create_db_instance(DBClusterIdentifier=name, Engine=AURORA["Engine"], **one)
    return dict(made)


@still_wrong("rds:CreateDBCluster", "rds:DescribeDBClusters", "rds:ModifyDBCluster", "rds:DeleteDBCluster")
@still_wrong("rds:CreateDBInstance", "rds:DescribeDBInstances", "rds:ModifyDBInstance", "rds:DeleteDBInstance")
@still_wrong("rds:DeleteDBSubnetGroup", "rds:DeleteDBClusterParameterGroup")
def test_ministack_puts_all_instances_into_one_zone_and_takes_no_final_snapshot(
    ministack_alone: Callable[..., Any], unique: str
) -> None:
    rds = ministack_alone("rds")
    parameters = {"DBClusterParameterGroupName": unique}
    rds.create_db_cluster_parameter_group(**parameters, DBParameterGroupFamily="aurora-postgresql17", Description="x")
    wrong = {"KmsKeyId": "none", "VpcSecurityGroupIds": ["sg-1"], "BackupRetentionPeriod": 99}
    logs = {"EnableCloudwatchLogsExports": ["postgresql"]}
    aurora_alone(rds, unique, 2, DBSubnetGroupName="none", **parameters, **wrong, **logs)
    cluster = rds.describe_db_clusters(DBClusterIdentifier=unique)["DBClusters"][0]
    assert cluster["Endpoint"] == "localhost"
    assert "EnabledCloudwatchLogsExports" not in cluster
    found = [rds.describe_db_instances(DBInstanceIdentifier=f"{unique}-{n}")["DBInstances"][0] for n in (0, 1)]
    assert len({one["AvailabilityZone"] for one in found}) == 1
    assert {one["KmsKeyId"] for one in found} == {""}
    rds.modify_db_instance(DBInstanceIdentifier=f"{unique}-1", PromotionTier=9)
    assert rds.describe_db_instances(DBInstanceIdentifier=f"{unique}-1")["DBInstances"][0]["PromotionTier"] != 9
    rds.modify_db_cluster(DBClusterIdentifier=unique, VpcSecurityGroupIds=["sg-2"])
    rds.delete_db_instance(DBInstanceIdentifier=f"{unique}-0")
    members = rds.describe_db_clusters(DBClusterIdentifier=unique)["DBClusters"][0]["DBClusterMembers"]
    assert [member["IsClusterWriter"] for member in members] == [False]
    rds.delete_db_instance(DBInstanceIdentifier=f"{unique}-1")
    rds.delete_db_cluster_parameter_group(**parameters)  # the cluster has it
    rds.delete_db_cluster(DBClusterIdentifier=unique, FinalDBSnapshotIdentifier=f"{unique}-final")
    assert rds.describe_db_cluster_snapshots()["DBClusterSnapshots"] == []


def test_ministack_deletes_a_subnet_group_that_is_in_use(
    network: Any, aws: Callable[..., Any], ministack_alone: Callable[..., Any], unique: str
) -> None:
    group = {"DBSubnetGroupName": unique}
    aws("rds").create_db_subnet_group(**group, DBSubnetGroupDescription="x", SubnetIds=network.subnets)
    aurora_alone(ministack_alone("rds"), unique, 0, **group)
    ministack_alone("rds").delete_db_subnet_group(**group)


@still_wrong("rds:CreateEventSubscription", "rds:DescribeEventSubscriptions", "rds:ModifyEventSubscription")
@still_wrong("rds:AddSourceIdentifierToSubscription", "rds:RemoveSourceIdentifierFromSubscription")
@still_wrong("rds:DeleteEventSubscription")
def test_ministack_has_no_subscriptions_to_events_of_databases(
    ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    rds, name = ministack_alone("rds"), {"SubscriptionName": unique}
    topic, source = {"SnsTopicArn": f"arn:aws:sns:{REGION}:123456789012:{unique}"}, {"SourceIdentifier": unique}
    assert refused(rds.create_event_subscription, **name, **topic) == "NotEmulated"
    assert refused(rds.describe_event_subscriptions) == "NotEmulated"
    assert refused(rds.modify_event_subscription, **name) == "NotEmulated"
    assert refused(rds.add_source_identifier_to_subscription, **name, **source) == "NotEmulated"
    assert refused(rds.remove_source_identifier_from_subscription, **name, **source) == "NotEmulated"
    assert refused(rds.delete_event_subscription, **name) == "NotEmulated"


@still_wrong("rds:RestoreDBClusterFromSnapshot", "rds:RestoreDBClusterToPointInTime")
def test_ministack_restores_no_database(
    ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    rds, snapshot = ministack_alone("rds"), {"SnapshotIdentifier": "none", "Engine": "aurora-postgresql"}
    back = {"SourceDBClusterIdentifier": "none", "UseLatestRestorableTime": True}
    assert refused(rds.restore_db_cluster_from_snapshot, DBClusterIdentifier=unique, **snapshot) == "NotEmulated"
    assert refused(rds.restore_db_cluster_to_point_in_time, DBClusterIdentifier=unique, **back) == "NotEmulated"


@still_wrong("rds:CreateGlobalCluster", "rds:DescribeGlobalClusters", "rds:RemoveFromGlobalCluster")
@still_wrong("rds:ModifyGlobalCluster", "rds:DeleteGlobalCluster", "rds:FailoverDBCluster")
@still_wrong("rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster")
def test_ministack_gives_every_member_of_a_global_cluster_a_writer(
    ministack_alone: Callable[..., Any], unique: str
) -> None:
    here, there = ministack_alone("rds"), ministack_alone("rds", "ca-central-1")
    source = aurora_alone(here, unique, 1, StorageEncrypted=True)["DBClusterArn"]
    world = {"GlobalClusterIdentifier": unique}
    made = here.create_global_cluster(**world, SourceDBClusterIdentifier=source)["GlobalCluster"]
    assert made["StorageEncrypted"] is False  # the source is encrypted
    assert "Endpoint" not in made
    secondary = aurora_alone(there, unique, 2, **world, EnableGlobalWriteForwarding=True)["DBClusterArn"]

    def described() -> dict[str, Any]:
        return dict(there.describe_db_clusters(DBClusterIdentifier=unique)["DBClusters"][0])

    assert any(member["IsClusterWriter"] for member in described()["DBClusterMembers"])
    assert "ReplicationSourceIdentifier" not in described()
    assert described()["GlobalWriteForwardingStatus"] == "disabled"
    there.failover_db_cluster(DBClusterIdentifier=unique)
    none = [{"Name": "db-cluster-id", "Values": ["none"]}]
    assert unique in [
        each["GlobalClusterIdentifier"] for each in here.describe_global_clusters(Filters=none)["GlobalClusters"]
    ]
    assert "Endpoint" not in here.modify_global_cluster(**world, DeletionProtection=False)["GlobalCluster"]
    for operation, arn in (("failover_global_cluster", secondary), ("switchover_global_cluster", source)):
        how = {"AllowDataLoss": True} if operation.startswith("failover") else {}
        getattr(there, operation)(**world, TargetDbClusterIdentifier=arn, **how)
        members = here.describe_db_clusters(DBClusterIdentifier=unique)["DBClusters"][0]["DBClusterMembers"]
        assert any(member["IsClusterWriter"] for member in members)
    for arn in (secondary, source):
        assert "Endpoint" not in here.remove_from_global_cluster(**world, DbClusterIdentifier=arn)["GlobalCluster"]
    assert "Endpoint" not in here.delete_global_cluster(**world)["GlobalCluster"]


@still_wrong("imagebuilder")
def test_nobody_has_image_builder(
    moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any], refused: Callable[..., str]
) -> None:
    for alone in (moto_alone, ministack_alone):
        found = refused(alone("imagebuilder").get_image, imageBuildVersionArn=IMAGE)
        assert found not in ("", "ResourceNotFoundException")


@still_wrong("memorydb")
def test_moto_has_memorydb_of_redis_in_zones_drawn_by_lot_and_nothing_that_joins_regions(
    network: Any, moto_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    memorydb = moto_alone("memorydb")
    memorydb.create_subnet_group(SubnetGroupName=unique, SubnetIds=network.subnets[:1])
    made = memorydb.create_cluster(
        ClusterName=unique,
        NodeType="db.huge",
        ACLName="none",
        SubnetGroupName=unique,
        Engine="valkey",
        EngineVersion="7.3",
        MultiRegionClusterName="none",
    )["Cluster"]
    assert made["EngineVersion"] == "7.1"
    assert not {"Engine", "MultiRegionClusterName"} & made.keys()
    memorydb.delete_cluster(ClusterName=unique)
    assert refused(memorydb.create_acl, ACLName=unique) == "NotEmulated"
    assert refused(memorydb.create_parameter_group, ParameterGroupName=unique, Family="f") == "NotEmulated"
    assert refused(memorydb.describe_multi_region_clusters) == "NotEmulated"


@still_wrong("backup")
def test_no_emulator_has_the_whole_of_backup(
    moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    vaults, plans = moto_alone("backup"), ministack_alone("backup")
    vaults.create_backup_vault(BackupVaultName=unique)
    vault = {"BackupVaultName": unique}
    assert refused(vaults.get_backup_vault_access_policy, **vault) == "NotEmulated"
    assert refused(vaults.get_backup_vault_notifications, **vault) == "NotEmulated"
    assert refused(vaults.list_recovery_points_by_backup_vault, **vault) == "NotEmulated"
    job = {**vault, "IamRoleArn": "none", "ResourceArn": "none"}
    assert refused(vaults.start_backup_job, **job) == "NotEmulated"
    plans.create_backup_vault(**vault)
    assert plans.start_backup_job(**job)["RecoveryPointArn"]  # of nothing, by nobody
    assert plans.list_recovery_points_by_backup_vault(**vault)["RecoveryPoints"] == []
    assert refused(plans.delete_backup_vault, **vault) == ""
    rule = {"RuleName": "x", "TargetBackupVaultName": "none", "ScheduleExpression": "cron(0 5 * * ? *)"}
    plan = {"BackupPlanName": unique, "Rules": [rule]}
    assert refused(vaults.update_backup_plan, BackupPlanId="x", BackupPlan=plan) == "NotEmulated"
    made = plans.create_backup_plan(BackupPlan=plan)["BackupPlanId"]
    selection = {"SelectionName": "x", "IamRoleArn": "arn:aws:iam::123456789012:role/none"}
    plans.create_backup_selection(BackupPlanId=made, BackupSelection=selection)
    plans.delete_backup_plan(BackupPlanId=made)


@still_wrong("resourcegroupstaggingapi")
def test_each_emulator_lists_the_tags_of_its_own_only(
    aws: Callable[..., Any], moto_alone: Callable[..., Any], ministack_alone: Callable[..., Any], unique: str
) -> None:
    topic = aws("sns").create_topic(Name=unique, Tags=[{"Key": unique, "Value": "x"}])["TopicArn"]
    key = aws("kms").create_key(Tags=[{"TagKey": unique, "TagValue": "x"}])["KeyMetadata"]["Arn"]

    def listed(client: Callable[..., Any]) -> list[str]:
        found = client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": unique}])
        return [resource["ResourceARN"] for resource in found["ResourceTagMappingList"]]

    assert (listed(moto_alone), listed(ministack_alone)) == ([key], [topic])


@still_wrong("efs:CreateFileSystem", "efs:UpdateFileSystem")
def test_ministack_takes_any_key_mode_and_token(ministack_alone: Callable[..., Any], unique: str) -> None:
    efs = ministack_alone("efs")
    given = {"CreationToken": unique, "Encrypted": True, "KmsKeyId": "none", "ThroughputMode": "fast"}
    made = efs.create_file_system(**given)["FileSystemId"]
    assert efs.create_file_system(**given)["FileSystemId"] == made
    assert efs.update_file_system(FileSystemId=made, ThroughputMode="faster")["ThroughputMode"] == "faster"
    efs.delete_file_system(FileSystemId=made)


@still_wrong("efs:CreateMountTarget", "efs:ModifyMountTargetSecurityGroups")
def test_ministack_does_not_know_the_accounts_subnets_and_groups_for_mount_targets(
    network: Any, aws: Callable[..., Any], ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    efs = ministack_alone("efs")
    made = efs.create_file_system(CreationToken=unique)["FileSystemId"]
    given = {"FileSystemId": made, "SubnetId": network.subnets[0]}
    assert refused(efs.create_mount_target, **given) == "SubnetNotFound"
    target = aws("efs").create_mount_target(**given)["MountTargetId"]
    groups = {"MountTargetId": target, "SecurityGroups": [network.group]}
    assert refused(efs.modify_mount_target_security_groups, **groups) == "SecurityGroupNotFound"
    efs.delete_mount_target(MountTargetId=target)
    efs.delete_file_system(FileSystemId=made)


@still_wrong("efs:DeleteReplicationConfiguration", "efs:DescribeReplicationConfigurations")
def test_ministack_ends_a_replication_from_the_source_alone(
    ministack_alone: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    here, there = ministack_alone("efs"), ministack_alone("efs", "us-west-2")
    source = here.create_file_system(CreationToken=unique)["FileSystemId"]
    here.create_replication_configuration(SourceFileSystemId=source, Destinations=[{"Region": "us-west-2"}])
    assert refused(there.delete_replication_configuration, SourceFileSystemId=source) == "FileSystemNotFound"
    here.delete_replication_configuration(SourceFileSystemId=source)
    # at once, whatever the destination is yet to get
    assert refused(here.describe_replication_configurations, FileSystemId=source) == "ReplicationNotFound"


@still_wrong("ec2:CopyImage", "ec2:DescribeImages", "ec2:ModifyImageAttribute")
def test_moto_copies_half_an_image(moto_alone: Callable[..., Any], unique: str) -> None:
    ec2 = moto_alone("ec2")
    found = [i for i in ec2.describe_images(Owners=["amazon"])["Images"] if i["RootDeviceName"] == "/dev/xvda"]
    given = {"SourceImageId": found[0]["ImageId"], "SourceRegion": REGION, "Encrypted": True}
    tags = [{"ResourceType": "image", "Tags": [{"Key": "a", "Value": "b"}]}]
    made = [ec2.copy_image(Name=unique, **given, TagSpecifications=tags)["ImageId"] for _ in range(2)]
    ec2.modify_image_attribute(ImageId=made[0], Description={"Value": "x"})
    copy = ec2.describe_images(ImageIds=made[:1])["Images"][0]
    assert copy["Description"] != "x"
    assert (copy["State"], copy["RootDeviceName"], copy.get("Tags", [])) == ("available", "/dev/sda1", [])
    assert not copy["BlockDeviceMappings"][0]["Ebs"].get("Encrypted")


def test_moto_denies_everything_for_a_conditional_deny(moto_alone: Callable[..., Any], unique: str) -> None:
    """Why S3 is ministack's."""
    s3 = moto_alone("s3")
    s3.create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": REGION})
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*",'
        f'"Resource": "arn:aws:s3:::{unique}/*", "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}]}}'
    )
    s3.put_bucket_policy(Bucket=unique, Policy=policy)
    with pytest.raises(ClientError):
        s3.put_object(Bucket=unique, Key="a", Body=b"x")


@still_wrong("ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries")
def test_moto_lacks_the_prefix_lists_of_route_53s_health_checkers(moto_alone: Callable[..., Any]) -> None:
    found = moto_alone("ec2", "sa-east-1").describe_managed_prefix_lists()["PrefixLists"]
    assert [each["PrefixListName"] for each in found if "route53" in each["PrefixListName"]] == []


@still_wrong("ec2:AllocateAddress", "lambda:PutFunctionConcurrency")
def test_moto_has_no_quotas(moto_alone: Callable[..., Any], unique: str) -> None:
    ec2, functions = moto_alone("ec2", "ap-southeast-2"), moto_alone("lambda", "ap-southeast-2")
    assert [ec2.allocate_address()["AllocationId"] for _ in range(6)]
    role = moto_alone("iam").create_role(RoleName=unique, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    given = {"Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": b"x"}}
    functions.create_function(FunctionName=unique, Role=role, **given)
    functions.put_function_concurrency(FunctionName=unique, ReservedConcurrentExecutions=100)


@still_wrong("iam:UpdateRole")
def test_moto_forgets_what_an_update_of_a_role_does_not_give(moto_alone: Callable[..., Any]) -> None:
    iam = moto_alone("iam")
    iam.create_role(RoleName="forgetful", AssumeRolePolicyDocument="{}", Description="A role")
    iam.update_role(RoleName="forgetful", MaxSessionDuration=7200)
    assert "Description" not in iam.get_role(RoleName="forgetful")["Role"]


@still_wrong("wafv2:PutLoggingConfiguration")
def test_moto_logs_a_web_acl_to_what_is_not_there(moto_alone: Callable[..., Any]) -> None:
    waf = moto_alone("wafv2")
    acl = f"arn:aws:wafv2:{REGION}:123456789012:regional/webacl/none/1"
    group = f"arn:aws:logs:{REGION}:123456789012:log-group:none"
    waf.put_logging_configuration(LoggingConfiguration={"ResourceArn": acl, "LogDestinationConfigs": [group]})
    assert waf.get_logging_configuration(ResourceArn=acl)["LoggingConfiguration"]["LogDestinationConfigs"] == [group]


@still_wrong("lambda:GetFunction", "lambda:Invoke")
def test_moto_hands_out_no_code_and_answers_what_it_was_asked(moto_alone: Callable[..., Any], unique: str) -> None:
    functions = moto_alone("lambda", "ap-southeast-2")
    role = moto_alone("iam").create_role(RoleName=unique, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    given = {"Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": b"x"}}
    functions.create_function(FunctionName=unique, Role=role, **given)
    location = functions.get_function(FunctionName=unique)["Code"]["Location"]
    assert location.startswith("https://awslambda-ap-southeast-2-tasks.s3.")
    assert functions.invoke(FunctionName=unique, Payload=b'"asked"')["Payload"].read() == b'"asked"'
