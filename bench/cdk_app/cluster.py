"""The load balancer with its WAF and logs, and the fleet behind it."""

from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as wafv2

from bench.cdk_app import dns
from bench.cdk_app.sessions import Store

PORT = 8080
MANAGED_RULES = (
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesAmazonIpReputationList",
)


@dataclass(frozen=True)
class Balancer:
    """What the fleet and the alarms need of the load balancer."""

    balancer: elbv2.ApplicationLoadBalancer
    targets: elbv2.ApplicationTargetGroup
    security: ec2.SecurityGroup


def create_balancer(stack: cdk.Stack, vpc: ec2.Vpc) -> Balancer:
    """An application load balancer with HTTPS, a redirect, a WAF and logs."""
    security = ec2.SecurityGroup(stack, "BalancerSecurity", vpc=vpc, allow_all_outbound=False)
    for port in (80, 443):
        security.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(port))
        security.add_ingress_rule(ec2.Peer.any_ipv6(), ec2.Port.tcp(port))
    balancer = elbv2.ApplicationLoadBalancer(
        stack,
        "Balancer",
        vpc=vpc,
        internet_facing=True,
        ip_address_type=elbv2.IpAddressType.DUAL_STACK,
        security_group=security,
        deletion_protection=True,
        drop_invalid_header_fields=True,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
    )
    balancer.log_access_logs(_log_bucket(stack))
    targets = elbv2.ApplicationTargetGroup(
        stack,
        "Targets",
        vpc=vpc,
        port=PORT,
        protocol=elbv2.ApplicationProtocol.HTTP,
        target_type=elbv2.TargetType.INSTANCE,
        deregistration_delay=cdk.Duration.seconds(30),
        health_check=elbv2.HealthCheck(
            path="/healthz",
            interval=cdk.Duration.seconds(5),
            timeout=cdk.Duration.seconds(2),
            healthy_threshold_count=2,
            unhealthy_threshold_count=2,
        ),
    )
    certificate = acm.Certificate(
        stack,
        "Certificate",
        domain_name=dns.DOMAIN,
        validation=acm.CertificateValidation.from_dns(dns.zone(stack)),
    )
    balancer.add_listener(
        "Https",
        port=443,
        open=False,
        certificates=[certificate],
        ssl_policy=elbv2.SslPolicy.TLS13_RES,
        default_target_groups=[targets],
    )
    redirect = elbv2.ListenerAction.redirect(port="443", protocol="HTTPS", permanent=True)
    balancer.add_listener("Redirect", port=80, open=False, default_action=redirect)
    _create_waf(stack, balancer)
    return Balancer(balancer, targets, security)


def _log_bucket(stack: cdk.Stack) -> s3.Bucket:
    return s3.Bucket(
        stack,
        "Logs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(90))],
    )


def _create_waf(stack: cdk.Stack, balancer: elbv2.ApplicationLoadBalancer) -> None:
    rate = wafv2.CfnWebACL.RateBasedStatementProperty(limit=2000, aggregate_key_type="IP")
    rules = [
        wafv2.CfnWebACL.RuleProperty(
            name="rate",
            priority=0,
            action=wafv2.CfnWebACL.RuleActionProperty(block={}),
            statement=wafv2.CfnWebACL.StatementProperty(rate_based_statement=rate),
            visibility_config=_visibility("rate"),
        )
    ]
    for priority, name in enumerate(MANAGED_RULES, start=1):
        group = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(name=name, vendor_name="AWS")
        rules.append(
            wafv2.CfnWebACL.RuleProperty(
                name=name,
                priority=priority,
                override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
                statement=wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
                visibility_config=_visibility(name),
            )
        )
    acl = wafv2.CfnWebACL(
        stack,
        "Waf",
        scope="REGIONAL",
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=_visibility("waf"),
        rules=rules,
    )
    wafv2.CfnWebACLAssociation(
        stack, "WafAssociation", resource_arn=balancer.load_balancer_arn, web_acl_arn=acl.attr_arn
    )


def _visibility(name: str) -> Any:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


def create_fleet(stack: cdk.Stack, vpc: ec2.Vpc, balancer: Balancer, store: Store) -> autoscaling.AutoScalingGroup:
    """An Auto Scaling group over all zones from a launch template."""
    security = ec2.SecurityGroup(stack, "ServerSecurity", vpc=vpc, allow_all_outbound=False)
    security.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443))
    security.add_ingress_rule(balancer.security, ec2.Port.tcp(PORT))
    balancer.security.add_egress_rule(security, ec2.Port.tcp(PORT))
    role = iam.Role(
        stack,
        "ServerRole",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("AmazonSSMManagedInstanceCore")],
    )
    store.secret.grant_read(role)
    user_data = ec2.UserData.for_linux()
    user_data.add_commands(f"export SESSION_HOST={store.group.attr_primary_end_point_address}", "exec /opt/web/start")
    template = ec2.LaunchTemplate(
        stack,
        "Template",
        instance_type=ec2.InstanceType("m7g.large"),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
        role=role,
        security_group=security,
        user_data=user_data,
        require_imdsv2=True,
        block_devices=[ec2.BlockDevice(device_name="/dev/xvda", volume=ec2.BlockDeviceVolume.ebs(20, encrypted=True))],
    )
    template.connections.add_security_group(store.clients)
    group = autoscaling.AutoScalingGroup(
        stack,
        "Fleet",
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
        launch_template=template,
        min_capacity=3,
        max_capacity=12,
        update_policy=autoscaling.UpdatePolicy.rolling_update(min_instances_in_service=3),
    )
    group.attach_to_application_target_group(balancer.targets)
    group.scale_on_cpu_utilization("Cpu", target_utilization_percent=50)
    group.scale_on_request_count("Requests", target_requests_per_minute=1000)
    return group
