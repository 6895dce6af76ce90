"""An Aurora PostgreSQL cluster in private subnets, backed up to another region."""

import json

import pulumi_aws as aws

SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
THERE = "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
SAID = {
    "Effect": "Allow",
    "Principal": {"Service": "backup.amazonaws.com"},
    "Action": "SNS:Publish",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
}

group = aws.ec2.SecurityGroup("database", vpc_id="vpc-0123456789abcdef0", description="Database")
subnets = aws.rds.SubnetGroup("database", subnet_ids=SUBNETS)
parameters = aws.rds.ClusterParameterGroup(
    "database",
    family="aurora-postgresql16",
    parameters=[
        {"name": "rds.force_ssl", "value": "1"},
        {"name": "log_min_duration_statement", "value": "1000"},
    ],
)
cluster = aws.rds.Cluster(
    "database",
    engine="aurora-postgresql",
    engine_version="16.8",
    master_username="keeper",
    manage_master_user_password=True,
    db_subnet_group_name=subnets.name,
    db_cluster_parameter_group_name=parameters.name,
    vpc_security_group_ids=[group.id],
    storage_encrypted=True,
    kms_key_id=KEY,
    deletion_protection=True,
    backup_retention_period=14,
    final_snapshot_identifier="database-final",
    copy_tags_to_snapshot=True,
    iam_database_authentication_enabled=True,
    enabled_cloudwatch_logs_exports=["postgresql"],
    tags={"backup": "daily"},
)
for number in range(2):
    aws.rds.ClusterInstance(
        f"database-{number}",
        cluster_identifier=cluster.id,
        engine=aws.rds.EngineType.AURORA_POSTGRESQL,
        instance_class="db.r7g.large",
        monitoring_interval=60,
        monitoring_role_arn="arn:aws:iam::111122223333:role/monitoring",
        performance_insights_enabled=True,
        performance_insights_kms_key_id=KEY,
    )
topic = aws.sns.Topic("alerts", kms_master_key_id=KEY)
aws.sns.TopicPolicy("alerts", arn=topic.arn, policy=json.dumps({"Version": "2012-10-17", "Statement": [SAID]}))
aws.sns.TopicSubscription("alerts", topic=topic.arn, protocol="email", endpoint="ops@example.com")
aws.rds.EventSubscription(
    "database", sns_topic=topic.arn, source_type="db-cluster", event_categories=["failure", "maintenance", "failover"]
)
vault = aws.backup.Vault("database", kms_key_arn=KEY)
aws.backup.VaultLockConfiguration("database", backup_vault_name=vault.name, min_retention_days=7)
aws.backup.VaultNotifications(
    "database",
    backup_vault_name=vault.name,
    sns_topic_arn=topic.arn,
    backup_vault_events=["BACKUP_JOB_FAILED", "RESTORE_JOB_FAILED", "COPY_JOB_FAILED"],
)
plan = aws.backup.Plan(
    "database",
    rules=[
        {
            "rule_name": "daily",
            "target_vault_name": vault.name,
            "schedule": "cron(0 5 * * ? *)",
            "lifecycle": {"delete_after": 35},
            "copy_actions": [{"destination_vault_arn": THERE, "lifecycle": {"delete_after": 35}}],
        }
    ],
)
aws.backup.Selection(
    "database",
    plan_id=plan.id,
    iam_role_arn="arn:aws:iam::111122223333:role/backup",
    selection_tags=[{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}],
)
tests = aws.backup.RestoreTestingPlan(
    "database",
    name="weekly",
    schedule_expression="cron(0 7 ? * MON *)",
    recovery_point_selection={
        "algorithm": "LATEST_WITHIN_WINDOW",
        "include_vaults": [vault.arn],
        "recovery_point_types": ["SNAPSHOT"],
    },
)
aws.backup.RestoreTestingSelection(
    "database",
    name="databases",
    restore_testing_plan_name=tests.name,
    protected_resource_type="Aurora",
    iam_role_arn="arn:aws:iam::111122223333:role/backup",
    protected_resource_conditions={
        "string_equals": [{"key": "aws:ResourceTag/backup", "value": "daily"}],
    },
)
