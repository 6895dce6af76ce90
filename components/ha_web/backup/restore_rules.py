"""Names, resource types, rights and events of restore tests. No SDK here."""

import json
import re

from ha_web.core.policy_documents import Document, document

RESTORED = "awsbackup-restore-test"
"""Prefix of the names of restored resources; a file system has no name.
https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html"""

CLUSTER = ("rds:DescribeDBClusters", f"rds:{{region}}:{{account}}:cluster:{RESTORED}*")
INSTANCE = ("rds:DescribeDBInstances", f"rds:{{region}}:{{account}}:db:{RESTORED}*")

KINDS: dict[str, list[tuple[str, str]]] = {
    "Aurora": [CLUSTER, INSTANCE],
    "DocumentDB": [CLUSTER, INSTANCE],
    "EFS": [("elasticfilesystem:DescribeFileSystems", "elasticfilesystem:{region}:{account}:file-system/*")],
    "Neptune": [CLUSTER, INSTANCE],
    "RDS": [INSTANCE],
    "S3": [("s3:ListBucket", f"s3:::{RESTORED}*")],
}
"""Types of resources that can be tested, in AWS Backup's words, and the rights to inspect a restored one."""

LONGEST_NAME = 50
"""Longest name of plans, selections, frameworks and report plans, which have letters, digits and underscores.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html"""


def audit_name(*parts: str) -> str:
    """Return a name of letters, digits and underscores only, as some resources of AWS Backup need."""
    return re.sub(r"[^A-Za-z0-9]+", "_", "_".join(parts)).strip("_")


def name_problem(name: str) -> str | None:
    """Return a line if AWS Backup would refuse a name of `audit_name`, else None."""
    if len(name) > LONGEST_NAME:
        return f"name gives {name}, {len(name)} characters; AWS Backup takes {LONGEST_NAME}: use a shorter name"
    return None if name[:1].isalpha() else f"name gives {name}; AWS Backup needs a letter first"


def completed_tests(plan_arn: str) -> str:
    """Return the EventBridge pattern of this plan's restore jobs that succeeded and are to be validated.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
    """
    return json.dumps(
        {
            "source": ["aws.backup"],
            "detail-type": ["Restore Job State Change"],
            "detail": {"status": ["COMPLETED"], "restoreTestingPlanArn": [plan_arn]},
        }
    )


def validator_rights(
    kinds: list[str], *, partition: str, region: str, account: str, log_group_arn: str, plan_arn: str
) -> Document:
    """Return the rights of the validating function: inspect restored resources, report, look back, and log."""
    looks = {
        (action, f"arn:{partition}:{arn.format(region=region, account=account)}")
        for kind in kinds
        for action, arn in KINDS[kind]
    }
    return document(
        {
            "Sid": "TellsTheVerdict",
            "Effect": "Allow",
            "Action": ["backup:DescribeRestoreJob", "backup:ListRestoreJobs", "backup:PutRestoreValidationResult"],
            "Resource": "*",  # restore jobs have no ARN
        },
        {
            "Sid": "SeesWhatIsTested",
            "Effect": "Allow",
            "Action": "backup:ListRestoreTestingSelections",
            "Resource": plan_arn,
        },
        *({"Effect": "Allow", "Action": action, "Resource": arn} for action, arn in sorted(looks)),
        {
            "Sid": "Logs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{log_group_arn.removesuffix(':*')}:*",
        },
    )
