"""A site as a beginner might put it up by hand: it works, until something fails. The policy pack's tests run on it.

`planted.py` lists what is wrong with it. Nothing here is to be imitated.
"""

import base64
import json

import corners  # type: ignore[import-not-found] # beside it when it runs
import pulumi
import pulumi_aws as aws
from leftovers import create, everybody  # type: ignore[import-not-found] # beside it when it runs


def allowing(*actions: str, on: str = "*") -> str:
    """A policy that allows actions, on everything if nothing else is said."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": on}]})


def published_by(service: str) -> str:
    """A topic's policy by which a service publishes for whoever asks it to."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


BUT_ONE = {"StringNotEquals": {"aws:PrincipalAccount": "210987654321"}}
READING = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pictures/*"}
READABLE = json.dumps({"Version": "2012-10-17", "Statement": [{**READING, "Condition": BUT_ONE}]})
"""A policy by which everybody reads a bucket, but for one account."""

# ---------------------------------------------------------------- network

vpc = aws.ec2.Vpc("site", cidr_block="10.20.0.0/16", enable_dns_hostnames=True)
internet = aws.ec2.InternetGateway("site", vpc_id=vpc.id)
to_internet = aws.ec2.RouteTable("public", vpc_id=vpc.id)
aws.ec2.Route("public", route_table_id=to_internet.id, destination_cidr_block="0.0.0.0/0", gateway_id=internet.id)
public_a = aws.ec2.Subnet(
    "public-a",
    vpc_id=vpc.id,
    cidr_block="10.20.0.0/24",
    availability_zone="eu-west-1a",
    map_public_ip_on_launch=True,
)
public_b = aws.ec2.Subnet("public-b", vpc_id=vpc.id, cidr_block="10.20.1.0/24", availability_zone="eu-west-1b")
private_a = aws.ec2.Subnet("private-a", vpc_id=vpc.id, cidr_block="10.20.10.0/24", availability_zone="eu-west-1a")
private_b = aws.ec2.Subnet("private-b", vpc_id=vpc.id, cidr_block="10.20.11.0/24", availability_zone="eu-west-1b")
address = aws.ec2.Eip("nat", domain="vpc")
nat = aws.ec2.NatGateway("site", subnet_id=public_a.id, allocation_id=address.id)
to_nat = aws.ec2.RouteTable("private", vpc_id=vpc.id)
aws.ec2.Route("private", route_table_id=to_nat.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=nat.id)
for name, subnet, table in (
    ("public-a", public_a, to_internet),
    ("public-b", public_b, to_internet),
    ("private-a", private_a, to_nat),
    ("private-b", private_b, to_nat),
):
    aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id)

lab = aws.ec2.Vpc("lab", cidr_block="10.20.64.0/20")  # for tests, later peered with the site's
for number in (0, 1):
    aws.ec2.Subnet(
        f"lab-{number}", vpc_id=lab.id, cidr_block=f"10.20.64.{16 * number}/28", availability_zone="eu-west-1c"
    )
aws.ec2.VpcEndpoint(
    "secrets",
    vpc_id=vpc.id,
    vpc_endpoint_type="Interface",
    service_name="com.amazonaws.eu-west-1.secretsmanager",
    subnet_ids=[private_a.id],
)

web_group = aws.ec2.SecurityGroup(
    "web",
    vpc_id=vpc.id,
    description="Web",
    ingress=[
        {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]},
        {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]},
    ],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
data_group = aws.ec2.SecurityGroup("data", vpc_id=vpc.id, description="Data")
aws.vpc.SecurityGroupIngressRule(
    "postgres", security_group_id=data_group.id, ip_protocol="tcp", from_port=5432, to_port=5432, cidr_ipv4="0.0.0.0/0"
)
aws.vpc.SecurityGroupIngressRule("anything", security_group_id=data_group.id, ip_protocol="-1", cidr_ipv6="::/0")
aws.ec2.DefaultSecurityGroup(
    "default", vpc_id=vpc.id, ingress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}]
)

# ---------------------------------------------------------------- balancing

balancer = aws.lb.LoadBalancer(
    "web", load_balancer_type="application", subnets=[public_a.id, public_b.id], desync_mitigation_mode="monitor"
)
targets = aws.lb.TargetGroup(
    "web", vpc_id=vpc.id, port=80, protocol="HTTP", target_type="instance", stickiness={"type": "lb_cookie"}
)
aws.lb.Listener(
    "http",
    load_balancer_arn=balancer.arn,
    port=80,
    protocol="HTTP",
    default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
)
certificate = aws.acm.Certificate("web", domain_name="shop.example.com", validation_method="EMAIL", region="us-east-1")
aws.lb.Listener(
    "https",
    load_balancer_arn=balancer.arn,
    port=443,
    protocol="HTTPS",
    ssl_policy="ELBSecurityPolicy-2016-08",
    certificate_arn=certificate.arn,
    default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
)
api_balancer = aws.lb.LoadBalancer("api", load_balancer_type="network", subnets=[public_a.id])
api_targets = aws.lb.TargetGroup(
    "api",
    vpc_id=vpc.id,
    port=443,
    protocol="TCP",
    health_check={"enabled": True, "protocol": "TCP", "interval": 30},
    load_balancing_cross_zone_enabled="false",
)
aws.lb.Listener(
    "api",
    load_balancer_arn=api_balancer.arn,
    port=443,
    protocol="TCP",
    default_actions=[{"type": "forward", "target_group_arn": api_targets.arn}],
)

admin_targets = aws.lb.TargetGroup("admin", vpc_id=vpc.id, port=8080, protocol="HTTP", health_check={"enabled": False})

# ---------------------------------------------------------------- servers

role = aws.iam.Role("web", assume_role_policy=everybody("sts:AssumeRole"))
aws.iam.RolePolicy("web", role=role.id, policy=allowing("*"))
aws.iam.RolePolicy("deploy", role=role.id, policy=allowing("iam:PassRole", "s3:*", "kms:Decrypt"))
aws.iam.RolePolicyAttachment("web", role=role.name, policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
aws.iam.Role(
    "deploy",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": GITHUB},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                }
            ],
        }
    ),
)
profile = aws.iam.InstanceProfile("web", role=role.name)
START = """#!/bin/bash
export DB_PASSWORD=correct-horse-battery
systemctl start shop
"""
template = aws.ec2.LaunchTemplate(
    "web",
    image_id="ami-0123456789abcdef0",
    instance_type="t3.small",
    iam_instance_profile={"arn": profile.arn},
    user_data=base64.b64encode(START.encode()).decode(),
    metadata_options={"http_tokens": "optional"},
    network_interfaces=[{"associate_public_ip_address": "true", "security_groups": [web_group.id]}],
    block_device_mappings=[
        {"device_name": "/dev/xvda", "ebs": {"volume_size": 20, "volume_type": "gp2", "encrypted": "false"}}
    ],
)
fleet = aws.autoscaling.Group(
    "web",
    min_size=1,
    max_size=1,
    vpc_zone_identifiers=[private_a.id],
    target_group_arns=[targets.arn],
    health_check_type="EC2",
    health_check_grace_period=1800,
    launch_template={"id": template.id, "version": "$Latest"},
)

batch_template = aws.ec2.LaunchTemplate(
    "batch",
    image_id="resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    instance_type="t3.small",
    key_name="shared",
    vpc_security_group_ids=[web_group.id],
    metadata_options={"http_tokens": "required"},
    monitoring={"enabled": True},
    block_device_mappings=[{"device_name": "/dev/xvda", "ebs": {"volume_size": 20, "encrypted": "true"}}],
)
aws.autoscaling.Group(
    "batch",
    min_size=2,
    max_size=8,
    vpc_zone_identifiers=[private_a.id, private_b.id],
    target_group_arns=[api_targets.arn, admin_targets.arn],
    force_delete=True,
    suspended_processes=["ReplaceUnhealthy"],
    availability_zone_distribution={"capacity_distribution_strategy": "balanced-only"},
    instance_refresh={"strategy": "Rolling", "preferences": {"min_healthy_percentage": 50}},
    mixed_instances_policy={
        "instances_distribution": {"on_demand_percentage_above_base_capacity": 0},
        "launch_template": {
            "launch_template_specification": {"launch_template_id": batch_template.id, "version": "1"},
            "overrides": [{"instance_type": "t3.small"}],
        },
    },
)
aws.lambda_.Function(
    "mailer",
    role=role.arn,
    runtime="python3.13",
    handler="mailer.handler",
    code=pulumi.AssetArchive({"mailer.py": pulumi.StringAsset("def handler(*_): pass")}),
    environment={"variables": {"SMTP_PASSWORD": "correct-horse-battery"}},
)

# ---------------------------------------------------------------- sessions, database, files

cache_subnets = aws.elasticache.SubnetGroup("sessions", subnet_ids=[private_a.id])
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="redis",
    engine_version="5.0.6",
    node_type="cache.t3.micro",
    num_cache_clusters=1,
    subnet_group_name=cache_subnets.name,
    security_group_ids=[data_group.id],
)
database_subnets = aws.rds.SubnetGroup("shop", subnet_ids=[public_a.id, public_b.id])
database = aws.rds.Cluster(
    "shop",
    engine="aurora-postgresql",
    engine_version="16.4",
    database_name="shop",
    master_username="shop",
    master_password="correct-horse-battery",
    backup_retention_period=1,
    skip_final_snapshot=True,
    db_subnet_group_name=database_subnets.name,
    vpc_security_group_ids=[data_group.id],
)
aws.rds.ClusterInstance(
    "shop",
    cluster_identifier=database.id,
    engine=aws.rds.EngineType.AURORA_POSTGRESQL,
    instance_class="db.r7g.large",
    publicly_accessible=True,
    auto_minor_version_upgrade=False,
)
files = aws.efs.FileSystem("uploads", availability_zone_name="eu-west-1a", encrypted=True)
aws.efs.MountTarget("uploads", file_system_id=files.id, subnet_id=private_a.id, security_groups=[data_group.id])
archive = aws.efs.FileSystem("archive", encrypted=False)
aws.efs.MountTarget("archive", file_system_id=archive.id, subnet_id=public_a.id, security_groups=[data_group.id])
invoices = aws.s3.Bucket("invoices", force_destroy=True)
pictures = aws.s3.Bucket("pictures")
aws.s3.BucketVersioning("pictures", bucket=pictures.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketPolicy("pictures", bucket=pictures.id, policy=READABLE)
aws.s3.BucketPublicAccessBlock("pictures", bucket=pictures.id, block_public_acls=True, ignore_public_acls=True)
aws.memorydb.Cluster(
    "carts",
    acl_name="open-access",
    node_type="db.t4g.small",
    num_replicas_per_shard=0,
    tls_enabled=False,
    auto_minor_version_upgrade=False,
)

# ---------------------------------------------------------------- names

zone = aws.route53.Zone("shop", name="shop.example.com", force_destroy=True)
slow = aws.route53.HealthCheck(
    "shop",
    type="HTTP",
    fqdn="shop.example.com",
    port=80,
    resource_path="/",
    request_interval=30,
    failure_threshold=5,
)
aws.route53.Record(
    "primary",
    zone_id=zone.zone_id,
    name="shop.example.com",
    type="A",
    set_identifier="primary",
    failover_routing_policies=[{"type": "PRIMARY"}],
    aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": False}],
)
aws.route53.Record(
    "secondary",
    zone_id=zone.zone_id,
    name="shop.example.com",
    type="A",
    set_identifier="secondary",
    failover_routing_policies=[{"type": "SECONDARY"}],
    aliases=[{"name": api_balancer.dns_name, "zone_id": api_balancer.zone_id, "evaluate_target_health": False}],
)
aws.route53.Record(
    "lonely",
    zone_id=zone.zone_id,
    name="api.shop.example.com",
    type="CNAME",
    ttl=3600,
    set_identifier="primary",
    failover_routing_policies=[{"type": "PRIMARY"}],
    health_check_id=slow.id,
    records=[api_balancer.dns_name],
)

for turn, host in (("PRIMARY", "pay.eu-west-1.elb.amazonaws.com"), ("SECONDARY", "pay.eu-central-1.elb.amazonaws.com")):
    aws.route53.Record(
        f"pay-{turn.lower()}",
        zone_id=zone.zone_id,
        name="pay.shop.example.com",
        type="CNAME",
        ttl=60,
        set_identifier=turn.lower(),
        failover_routing_policies=[{"type": turn}],
        health_check_id=slow.id,
        records=[host],
    )
for place in ("here", "there"):
    aws.route53.Record(
        place,
        zone_id=zone.zone_id,
        name="files.shop.example.com",
        type="CNAME",
        ttl=60,
        set_identifier=place,
        weighted_routing_policies=[{"weight": 50}],
        records=[api_balancer.dns_name],
    )
aws.route53.HealthCheck(
    "front",
    type="HTTPS",
    fqdn="shop.example.com",
    port=443,
    request_interval=10,
    failure_threshold=3,
    disabled=True,
)
aws.route53.HealthCheck("both", type="CALCULATED", child_health_threshold=0, child_healthchecks=[slow.id])
aws.route53.HealthCheck(
    "errors",
    type="CLOUDWATCH_METRIC",
    cloudwatch_alarm_name="errors",
    cloudwatch_alarm_region="eu-west-1",
    insufficient_data_health_status="Healthy",
)

# ---------------------------------------------------------------- backups, keys, secrets

key = aws.kms.Key(
    "shop",
    description="Shop",
    deletion_window_in_days=7,
    policy=everybody("kms:*"),
    bypass_policy_lockout_safety_check=True,
)
vault = aws.backup.Vault("shop", force_destroy=True)
aws.backup.VaultLockConfiguration("shop", backup_vault_name=vault.name, min_retention_days=30, max_retention_days=60)
plan = aws.backup.Plan(
    "shop",
    rules=[
        {
            "rule_name": "weekly",
            "target_vault_name": vault.name,
            "schedule": "cron(0 5 ? * 1 *)",
            "lifecycle": {"cold_storage_after": 1, "delete_after": 7},
        }
    ],
)
aws.backup.Selection(
    "shop",
    plan_id=plan.id,
    iam_role_arn=role.arn,
    resources=[database.arn],
    selection_tags=[{"type": "STRINGEQUALS", "key": "backup", "value": "yes"}],
)
spare = aws.backup.Vault("spare")
aws.backup.VaultPolicy("spare", backup_vault_name=spare.name, policy=everybody("backup:*"))
old = aws.backup.Vault("old", kms_key_arn=key.arn, region="eu-central-1")
aws.backup.VaultLockConfiguration("old", backup_vault_name=old.name, max_retention_days=365, region="eu-central-1")
everything = aws.backup.Plan(
    "everything",
    region="eu-central-1",
    rules=[
        {
            "rule_name": "hourly",
            "target_vault_name": old.name,
            "schedule": "cron(0 * * * ? *)",
            "enable_continuous_backup": True,
            "lifecycle": {"delete_after": 365},
        }
    ],
)
aws.backup.Selection("everything", plan_id=everything.id, iam_role_arn=role.arn, resources=["*"], region="eu-central-1")
aws.backup.Plan(
    "spare",
    rules=[{"rule_name": "daily", "target_vault_name": spare.name, "schedule": "cron(0 5 * * ? *)"}],
)
aws.ssm.Parameter("db-password", name="/shop/db_password", type="String", value="correct-horse-battery")
secret = aws.secretsmanager.Secret("shop", recovery_window_in_days=0)
aws.secretsmanager.SecretPolicy("shop", secret_arn=secret.arn, policy=everybody("secretsmanager:GetSecretValue"))

# ---------------------------------------------------------------- alarms

topic = aws.sns.Topic("alarms", kms_master_key_id="alias/aws/sns")
aws.sns.TopicPolicy("alarms", arn=topic.arn, policy=published_by("cloudwatch.amazonaws.com"))
news = aws.sns.Topic("news")
aws.sns.TopicPolicy("news", arn=news.arn, policy=everybody("sns:Publish"))
aws.cloudwatch.MetricAlarm(
    "memory",
    namespace="CWAgent",
    metric_name="mem_used_percent",
    statistic="Average",
    comparison_operator="GreaterThanThreshold",
    threshold=90,
    period=60,
    evaluation_periods=5,
    alarm_actions=[topic.arn],
)
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/EC2",
    metric_name="CPUUtilization",
    statistic="Average",
    comparison_operator="GreaterThanThreshold",
    threshold=80,
    period=60,
    evaluation_periods=5,
    dimensions={"AutoScalingGroupName": fleet.name},
)
aws.cloudwatch.MetricAlarm(
    "hosts",
    namespace="AWS/ApplicationELB",
    metric_name="HealthyHostCount",
    statistic="Minimum",
    comparison_operator="LessThanThreshold",
    threshold=1,
    period=300,
    evaluation_periods=3,
    actions_enabled=False,
    alarm_actions=[topic.arn],
    dimensions={"LoadBalancer": balancer.arn_suffix, "TargetGroup": targets.arn_suffix},
)
aws.cloudwatch.LogGroup("shop", name="/shop/web")
mail = aws.cloudwatch.LogGroup("mailer", name="/aws/lambda/mailer", retention_in_days=7)
aws.iam.RolePolicy("mailer", role=role.id, policy=mail.arn.apply(lambda arn: allowing("logs:PutLogEvents", on=arn)))

create(private_a.id, web_group.id, targets.arn)
corners.create(lab.id, private_a.id)
