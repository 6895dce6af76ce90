"""The calls of AWS that restores make, for `--policy`. No SDK here."""

from typing import Any

from ops.backup.calls import LOOK, OPERATE, policy
from ops.core.policy import calls, document
from ops.restore.names import BEGINS

READS = calls(
    {
        "backup": "get_recovery_point_restore_metadata get_restore_job_metadata describe_restore_job list_restore_jobs",
        "rds": "describe_db_clusters describe_db_instances",
        "efs": "describe_file_systems",
    }
)
STARTS = calls({"backup": "start_restore_job", "iam": "pass_role"})
TEST = (*LOOK, *OPERATE, *READS, *STARTS)

OWN = calls({"rds": "create_db_instance delete_db_instance delete_db_cluster"})
"""Of what a test has made, and of nothing else: a condition, or the names, keep it so."""

FILES = calls({"efs": "delete_file_system"})
PROTECTED = {"StringNotEquals": {"aws:ResourceTag/ha-web:backup": "true"}}
"""What is backed up has this tag, and a restored file system has none."""


DATABASE = (*calls({"rds": "describe_db_clusters describe_db_instances"}), *OPERATE)
"""Besides what `pulumi up` needs, which is what a deployment needs."""

APPLY = (*DATABASE, *LOOK, *READS, *STARTS)


def policy_of_apply() -> dict[str, Any]:
    """Return the IAM policy of a restore after damage."""
    return policy("RestoreApply", APPLY)


def policy_of_serve() -> dict[str, Any]:
    """Return the IAM policy of letting a restored database serve."""
    return policy("RestoreServe", DATABASE)


def policy_of_test() -> dict[str, Any]:
    """Return the IAM policy of a restore test."""
    told: dict[str, Any] = policy("RestoreTest", TEST)
    named = [f"arn:*:rds:*:*:{kind}:{BEGINS}*" for kind in ("cluster", "db")]
    named += [f"arn:*:rds:*:*:{kind}:*" for kind in ("og", "pg", "subgrp")]  # which an instance is made with
    told["Statement"] += document("OfTests", OWN, named)["Statement"]
    told["Statement"] += [{**document("FilesOfTests", FILES)["Statement"][0], "Condition": PROTECTED}]
    return told
