"""The calls of AWS that a failover makes, for `--policy`. No SDK here."""

from ops.core.policy import Call, calls

CALLS = calls(
    {
        "lambda": "get_function_configuration",
        "autoscaling": "describe_auto_scaling_groups update_auto_scaling_group",
        "elbv2": "describe_target_health",
        "elasticache": "describe_replication_groups failover_global_replication_group "
        "disassociate_global_replication_group",
        "rds": "describe_global_clusters failover_global_cluster",
        "efs": "describe_replication_configurations delete_replication_configuration",
        "s3": "head_object get_object put_object delete_object",
        "sns": "publish",
    }
)
"""All of the standby region."""

OF_PRIMARY = (Call("autoscaling", "describe_auto_scaling_groups"), Call("s3", "put_object"))
"""Of the primary region, where it isn't lost: its servers behind Cloudflare, and its copy of the journal."""
