"""Containers on Fargate behind a balancer, in two zones."""

import json

import pulumi
import pulumi_aws as aws

ZONES = ("eu-west-1a", "eu-west-1b")
VPC = "vpc-0123456789abcdef0"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/1"

public = [
    aws.ec2.Subnet(f"public-{zone}", vpc_id=VPC, cidr_block=f"10.0.{number}.0/24", availability_zone=zone)
    for number, zone in enumerate(ZONES)
]
private = [
    aws.ec2.Subnet(f"private-{zone}", vpc_id=VPC, cidr_block=f"10.0.{8 + number}.0/24", availability_zone=zone)
    for number, zone in enumerate(ZONES)
]
front = aws.ec2.SecurityGroup(
    "front",
    vpc_id=VPC,
    description="Balancer",
    ingress=[
        {
            "description": "HTTPS",
            "protocol": "tcp",
            "from_port": 443,
            "to_port": 443,
            "cidr_blocks": ["0.0.0.0/0"],
        }
    ],
)
back = aws.ec2.SecurityGroup(
    "back",
    vpc_id=VPC,
    description="Containers",
    ingress=[
        {
            "description": "From the balancer",
            "protocol": "tcp",
            "from_port": 8080,
            "to_port": 8080,
            "security_groups": [front.id],
        }
    ],
)
balancer = aws.lb.LoadBalancer(
    "web",
    load_balancer_type="application",
    subnets=[each.id for each in public],
    security_groups=[front.id],
    enable_deletion_protection=True,
    drop_invalid_header_fields=True,
    enable_zonal_shift=True,
    access_logs={"bucket": "logs", "enabled": True},
)
targets = aws.lb.TargetGroup(
    "web",
    vpc_id=VPC,
    port=8080,
    protocol="HTTP",
    target_type="ip",
    deregistration_delay=30,
    target_group_health={"dns_failover": {"minimum_healthy_targets_count": "2"}},
    health_check={
        "path": "/healthz",
        "interval": 10,
        "timeout": 5,
        "healthy_threshold": 2,
        "unhealthy_threshold": 2,
    },
)
listener = aws.lb.Listener(
    "https",
    load_balancer_arn=balancer.arn,
    port=443,
    protocol="HTTPS",
    ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    certificate_arn=CERTIFICATE,
    default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
)
acl = aws.wafv2.WebAcl(
    "web",
    scope="REGIONAL",
    default_action={"allow": {}},
    rules=[
        {
            "name": "known-bad-inputs",
            "priority": 1,
            "override_action": {"none": {}},
            "statement": {
                "managed_rule_group_statement": {
                    "name": "AWSManagedRulesKnownBadInputsRuleSet",
                    "vendor_name": "AWS",
                }
            },
            "visibility_config": {
                "cloudwatch_metrics_enabled": True,
                "metric_name": "known-bad-inputs",
                "sampled_requests_enabled": True,
            },
        }
    ],
    visibility_config={
        "cloudwatch_metrics_enabled": True,
        "metric_name": "web",
        "sampled_requests_enabled": True,
    },
)
aws.wafv2.WebAclAssociation("web", resource_arn=balancer.arn, web_acl_arn=acl.arn)
aws.wafv2.WebAclLoggingConfiguration(
    "web",
    resource_arn=acl.arn,
    log_destination_configs=["arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-web"],
)
cluster = aws.ecs.Cluster("web")
task = aws.ecs.TaskDefinition(
    "web",
    family="web",
    cpu="256",
    memory="512",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    container_definitions=json.dumps(
        [{"name": "web", "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:0"}]
    ),
)
service = aws.ecs.Service(
    "web",
    cluster=cluster.arn,
    task_definition=task.arn,
    launch_type="FARGATE",
    desired_count=2,
    network_configuration={"subnets": [each.id for each in private], "security_groups": [back.id]},
    load_balancers=[{"target_group_arn": targets.arn, "container_name": "web", "container_port": 8080}],
    opts=pulumi.ResourceOptions(depends_on=[listener]),
)
topic = aws.sns.Topic("alerts", kms_master_key_id="arn:aws:kms:eu-west-1:111122223333:key/1")
aws.sns.TopicSubscription("alerts", topic=topic.arn, protocol="email", endpoint="ops@example.com")
aws.cloudwatch.MetricAlarm(
    "unhealthy",
    namespace="AWS/ApplicationELB",
    metric_name="UnHealthyHostCount",
    dimensions={"TargetGroup": targets.arn_suffix, "LoadBalancer": balancer.arn_suffix},
    comparison_operator="GreaterThanThreshold",
    threshold=0,
    evaluation_periods=2,
    period=60,
    statistic="Maximum",
    alarm_actions=[topic.arn],
)
