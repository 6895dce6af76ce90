"""The calls of AWS that leaving a zone makes, for `--policy`. No SDK here."""

from ops.core.policy import calls

LOOKING = calls(
    {
        "arc-zonal-shift": "get_managed_resource",
        "autoscaling": "describe_auto_scaling_groups",
        "elbv2": "describe_target_health describe_target_group_attributes describe_load_balancer_attributes",
        "ec2": "describe_availability_zones describe_instance_types describe_launch_template_versions",
        "service-quotas": "get_service_quota get_aws_default_service_quota",
        "cloudwatch": "get_metric_statistics",
        "lambda": "get_function_configuration",
        "s3": "get_object",  # the outputs' copy
    }
)

CHANGING = calls(
    {
        "arc-zonal-shift": "start_zonal_shift update_zonal_shift cancel_zonal_shift",
        "autoscaling": "update_auto_scaling_group set_desired_capacity",
        "s3": "put_object delete_object",
    }
)
