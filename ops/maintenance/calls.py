"""The calls of AWS that a page of maintenance makes, for `--policy`. No SDK here."""

from ops.core.policy import calls

CALLS = calls(
    {
        "elbv2": "describe_listeners describe_rules describe_tags describe_target_groups describe_target_health "
        "create_rule modify_rule delete_rule add_tags",
        "events": "list_rule_names_by_target describe_rule disable_rule enable_rule",
        "lambda": "get_function_configuration",
        "s3": "get_object put_object delete_object",
    }
)
