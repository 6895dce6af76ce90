"""The calls of AWS that a failback makes, for `--policy`. No SDK here."""

from ops.core.policy import calls

CALLS = calls(
    {
        "lambda": "get_function_configuration",
        "events": "list_rule_names_by_target describe_rule disable_rule enable_rule",
        "autoscaling": "describe_auto_scaling_groups set_desired_capacity",
        "elbv2": "describe_target_health",
        "elasticache": "describe_replication_groups failover_global_replication_group delete_replication_group",
        "rds": "describe_global_clusters switchover_global_cluster",
        "cloudwatch": "get_metric_data",
        "efs": "describe_replication_configurations describe_file_systems update_file_system_protection",
        "s3": "head_object get_object put_object delete_object",
    }
)
"""Of both regions."""
