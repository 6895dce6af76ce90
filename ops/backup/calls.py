"""The calls of AWS that backups make, for `--policy`. No SDK here."""

from ops.core.policy import Call, calls, document

LOOK = calls(
    {
        "backup": "describe_backup_vault list_tags list_recovery_points_by_backup_vault "
        "list_backup_jobs list_copy_jobs list_restore_jobs",
        "resourcegroupstaggingapi": "get_resources",
        "rds": "describe_db_clusters",
        "efs": "describe_file_systems",
        "s3": "get_object",  # the outputs' copy
    }
)
"""Of both regions."""

OPERATE = calls({"s3": "put_object get_object delete_object"})
"""Lock and journal."""

ROLE = calls({"backup": "list_backup_plans get_backup_plan list_backup_selections"})
START = (*LOOK, *ROLE, *OPERATE, *calls({"backup": "start_backup_job describe_backup_job", "iam": "pass_role"}))
COPY = (*LOOK, *ROLE, *OPERATE, *calls({"backup": "start_copy_job describe_copy_job", "iam": "pass_role"}))
"""AWS Backup does the work with the plans' role, which the operator hands to it: that is a right of its own.
https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html"""

PASSED = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}


def policy(name: str, needed: tuple[Call, ...]) -> dict[str, object]:
    """Return the IAM policy of a command; roles may be handed to AWS Backup only."""
    passes = Call("iam", "pass_role")
    told = document(name, [call for call in needed if call != passes])
    if passes in needed:
        extra = document(f"{name}Role", [passes])["Statement"][0]
        told["Statement"].append({**extra, "Condition": PASSED})
    return told
