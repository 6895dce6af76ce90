"""What follows into the second region: keys, database, sessions; the switch and the function that fails over."""

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

from bench.cdk_app import dns
from bench.cdk_app.sessions import Store

PORT = 5432
KEYS = ("sessions", "database")
FUNCTION = "def handle(event, context):\n    return {}\n"


def create_keys(stack: cdk.Stack, role: str) -> None:
    """A multi-region key for each store in the primary's region, its replica in the standby's."""
    everything = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{stack.account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    for name in KEYS:
        if role == "primary":
            kms.CfnKey(stack, f"{name}Key", key_policy=everything, multi_region=True, enable_key_rotation=True)
        else:
            arn = cdk.CfnParameter(stack, f"{name}KeyArn").value_as_string
            kms.CfnReplicaKey(stack, f"{name}Key", key_policy=everything, primary_key_arn=arn)


def create_database(stack: cdk.Stack, vpc: ec2.Vpc, role: str) -> None:
    """An Aurora cluster with a writer and a reader; the standby's is in the primary's global cluster."""
    clients = ec2.SecurityGroup(stack, "DatabaseClients", vpc=vpc, allow_all_outbound=False)
    instances = ec2.SecurityGroup(stack, "DatabaseInstances", vpc=vpc, allow_all_outbound=False)
    instances.add_ingress_rule(clients, ec2.Port.tcp(PORT))
    clients.add_egress_rule(instances, ec2.Port.tcp(PORT))
    subnets = rds.CfnDBSubnetGroup(
        stack,
        "DatabaseSubnets",
        db_subnet_group_description="Database",
        subnet_ids=vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids,
    )
    parameters = rds.CfnDBClusterParameterGroup(
        stack,
        "DatabaseParameters",
        description="Database",
        family="aurora-postgresql17",
        parameters={"rds.force_ssl": "1"},
    )
    own = {"global_cluster_identifier": "site-database"}
    if role == "primary":
        secret = secretsmanager.Secret(
            stack,
            "DatabaseSecret",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template='{"username": "web"}', generate_string_key="password", exclude_punctuation=True
            ),
        )
        password = secret.secret_value_from_json("password").unsafe_unwrap()
        own = {"master_username": "web", "master_user_password": password, "database_name": "web"}
    cluster = rds.CfnDBCluster(
        stack,
        "Database",
        engine="aurora-postgresql",
        engine_version="17.7",
        db_subnet_group_name=subnets.ref,
        db_cluster_parameter_group_name=parameters.ref,
        vpc_security_group_ids=[instances.security_group_id],
        storage_encrypted=True,
        deletion_protection=True,
        enable_iam_database_authentication=True,
        backup_retention_period=14,
        copy_tags_to_snapshot=True,
        enable_cloudwatch_logs_exports=["postgresql"],
        port=PORT,
        **own,
    )
    cdk.Tags.of(cluster).add("ha-web:backup", "true")
    for number in (1, 2):
        rds.CfnDBInstance(
            stack,
            f"Database{number}",
            engine="aurora-postgresql",
            db_instance_class="db.r7g.large",
            db_cluster_identifier=cluster.ref,
            publicly_accessible=False,
            promotion_tier=number - 1,
            auto_minor_version_upgrade=True,
        )
    if role == "primary":
        rds.CfnGlobalCluster(
            stack,
            "GlobalDatabase",
            global_cluster_identifier="site-database",
            source_db_cluster_identifier=cluster.attr_db_cluster_arn,
        )


def create_global_sessions(stack: cdk.Stack, store: Store) -> None:
    """The global datastore over the primary's session store."""
    member = elasticache.CfnGlobalReplicationGroup.GlobalReplicationGroupMemberProperty(
        replication_group_id=store.group.ref, replication_group_region=stack.region, role="PRIMARY"
    )
    elasticache.CfnGlobalReplicationGroup(
        stack, "GlobalSessions", members=[member], global_replication_group_id_suffix="sessions"
    )


def create_failover(stack: cdk.Stack) -> None:
    """The switch with its check, the tree's records of the name, the function with its schedule and alarms."""
    bucket = s3.Bucket(
        stack,
        "Switch",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        versioned=True,
    )
    route53.CfnHealthCheck(
        stack,
        "SwitchCheck",
        health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
            type="HTTPS",
            fully_qualified_domain_name=bucket.bucket_regional_domain_name,
            resource_path="/standby-serves",
            request_interval=10,
            failure_threshold=1,
            inverted=True,
        ),
    )
    zone = dns.zone(stack)
    for type_ in ("A", "AAAA"):
        route53.CfnRecordSet(
            stack,
            f"Name{type_}",
            name=f"site.{dns.ZONE}",
            type=type_,
            hosted_zone_id=zone.hosted_zone_id,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=dns.DOMAIN, hosted_zone_id=zone.hosted_zone_id, evaluate_target_health=True
            ),
        )
    for role, address in (("PRIMARY", "192.0.2.1"), ("SECONDARY", "192.0.2.2")):
        route53.CfnRecordSet(
            stack,
            f"Beacon{role}",
            name=f"ha-web-primary.{dns.DOMAIN}",
            type="A",
            ttl="10",
            resource_records=[address],
            failover=role,
            set_identifier=role,
            hosted_zone_id=zone.hosted_zone_id,
        )
    topic = sns.Topic(stack, "Notices", master_key=kms.Key(stack, "NoticesKey", enable_key_rotation=True))
    function = create_function(stack, "Failover", events.Schedule.rate(cdk.Duration.minutes(1)))
    bucket.grant_read_write(function)
    topic.grant_publish(function)
    for metric in (function.metric_errors(), function.metric_throttles(), function.metric_invocations()):
        alarm = cloudwatch.Alarm(
            stack, f"Failover{metric.metric_name}", metric=metric, threshold=1, evaluation_periods=3
        )
        alarm.add_alarm_action(actions.SnsAction(topic))


def create_function(stack: cdk.Stack, name: str, schedule: events.Schedule) -> lambda_.Function:
    """A small function with a log group and a schedule."""
    function = lambda_.Function(
        stack,
        name,
        runtime=lambda_.Runtime.PYTHON_3_13,
        architecture=lambda_.Architecture.ARM_64,
        handler="index.handle",
        code=lambda_.Code.from_inline(FUNCTION),
        log_group=logs.LogGroup(stack, f"{name}Log", retention=logs.RetentionDays.THREE_MONTHS),
    )
    events.Rule(stack, f"{name}Schedule", schedule=schedule, targets=[targets.LambdaFunction(function)])
    return function
