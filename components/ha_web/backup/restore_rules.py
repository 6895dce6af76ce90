"""What restore tests restore and how it is checked: names, kinds, rights, events. No SDK here."""

import json
import re

from ha_web.core.policy_documents import Document, document

RESTORED = "awsbackup-restore-test"
"""What the names of restored resources begin with; a file system has none.
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
"""Kinds of resources that can be tested, as AWS Backup names them: the rights that looking at a restored one needs."""

LONGEST_NAME = 50
"""Of plans, selections, frameworks and report plans, which are of letters, digits and underscores.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html"""


def audit_name(*parts: str) -> str:
    """A name of a kind that AWS Backup takes only letters, digits and underscores for."""
    return re.sub(r"[^A-Za-z0-9]+", "_", "_".join(parts)).strip("_")


def name_problem(name: str) -> str | None:
    """Why AWS Backup would not take a name of `audit_name`."""
    if len(name) > LONGEST_NAME:
        return f"name gives {name}, {len(name)} characters; AWS Backup takes {LONGEST_NAME}: use a shorter one"
    return None if name[:1].isalpha() else f"name gives {name}; AWS Backup wants a letter first"


def completed_tests(plan_arn: str) -> str:
    """EventBridge pattern: restore jobs of this plan that have ended well and wait for a verdict.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
    """
    return json.dumps(
        {
            "source": ["aws.backup"],
            "detail-type": ["Restore Job State Change"],
            "detail": {"status": ["COMPLETED"], "restoreTestingPlanArn": [plan_arn]},
        }
    )


def validator_rights(kinds: list[str], *, partition: str, region: str, account: str, log_group_arn: str) -> Document:
    """What the validating function may do: look at what was restored, say what it saw, and log."""
    looks = {
        (action, f"arn:{partition}:{arn.format(region=region, account=account)}")
        for kind in kinds
        for action, arn in KINDS[kind]
    }
    return document(
        {
            "Sid": "TellsTheVerdict",
            "Effect": "Allow",
            "Action": ["backup:DescribeRestoreJob", "backup:PutRestoreValidationResult"],
            "Resource": "*",  # restore jobs have no ARN
        },
        *({"Effect": "Allow", "Action": action, "Resource": arn} for action, arn in sorted(looks)),
        {
            "Sid": "Logs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{log_group_arn.removesuffix(':*')}:*",
        },
    )
