"""IAM policies of a failover: each call of `runtime/` on just the resources that it names. No SDK here.

Actions and their resources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ha_web.core.policy_documents import Document, allow, document, only_over_tls
from ha_web.failover.runtime.config import CANARY_KEY, LOCK_KEY, NOTICE_KEY, SEEN_KEY, SWITCH_KEY


def function_rights(
    place: Mapping[str, str], known: Mapping[str, Any], changes: Collection[str] | None = None
) -> Document:
    """Return the function's policy: least privilege on the resources that its configuration names.

    place: partition, region, account. known: log_group_arn, topic_arn, topic_key_arn; and where the function has such
    parts: bucket_arn, group, sessions (global_id, id), database (global_id, arn, source_arn, forwards), storage
    (source_id, id, source_region). changes: the statements that change something, if not all of them.
    """
    statements = [
        _log(known["log_group_arn"]),
        allow("Notify", "sns:Publish", known["topic_arn"]),
        allow("NotifyEncrypted", ["kms:Decrypt", "kms:GenerateDataKey*"], known["topic_key_arn"]),
    ]
    for part, of_part in PARTS.items():
        if known.get(part):
            statements += of_part(place, known[part])
    return document(*(s for s in statements if changes is None or s["Sid"] in (*changes, "Log") or _sees(s)))


def _sees(statement: Mapping[str, Any]) -> bool:
    return str(statement["Sid"]).startswith("See")


def log_rights(log_group_arn: str) -> Document:
    """Return the policy of a function that only writes its log."""
    return document(_log(log_group_arn))


def _log(group: str) -> dict[str, Any]:
    return allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{group.removesuffix(':*')}:*")


def _arn(place: Mapping[str, str], service: str, rest: str, region: str | None = None) -> str:
    where = place["region"] if region is None else region
    return f"arn:{place['partition']}:{service}:{where}:{place['account']}:{rest}"


NOTES = (SEEN_KEY, LOCK_KEY, NOTICE_KEY)
"""What runs leave for each other in the switch's bucket."""


def _switch(_place: Mapping[str, str], bucket: str) -> list[dict[str, Any]]:
    return [
        # Without ListBucket, S3 answers 403 instead of 404 where the object is absent.
        allow("SeeSwitch", "s3:ListBucket", bucket),
        allow("SeeNotes", "s3:GetObject", [f"{bucket}/{key}" for key in (SWITCH_KEY, *NOTES)]),
        allow("MoveSwitch", "s3:PutObject", f"{bucket}/{SWITCH_KEY}"),
        allow("Note", "s3:PutObject", f"{bucket}/{SEEN_KEY}"),
        allow("OweNotice", ["s3:PutObject", "s3:DeleteObject"], f"{bucket}/{NOTICE_KEY}"),
        # The note of the run that acts is removed by its version, so that no other run's is.
        allow("ActAlone", ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"], f"{bucket}/{LOCK_KEY}"),
    ]


def _group(place: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    group = _arn(place, "autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")
    return [
        allow("RaiseCapacity", "autoscaling:UpdateAutoScalingGroup", group),
        # These actions have no resources.
        allow(
            "SeeCapacity", ["autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeTargetHealth"], "*"
        ),
    ]


def _sessions(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    both = [
        _arn(place, "elasticache", f"globalreplicationgroup:{part['global_id']}", region=""),
        _arn(place, "elasticache", f"replicationgroup:{part['id']}"),
    ]
    return [
        allow(
            "PromoteSessions",
            ["elasticache:FailoverGlobalReplicationGroup", "elasticache:DisassociateGlobalReplicationGroup"],
            both,
        ),
        allow("SeeSessions", "elasticache:DescribeReplicationGroups", both[1]),
    ]


def _database(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    whole = _arn(place, "rds", f"global-cluster:{part['global_id']}", region="")
    clusters = [part["arn"], *([part["source_arn"]] if part.get("source_arn") else [])]
    return [
        # AWS's samples for Region switch name both clusters; the service authorization reference doesn't say which.
        allow("PromoteDatabase", "rds:FailoverGlobalCluster", [whole, *clusters]),
        allow("SeeDatabase", "rds:DescribeGlobalClusters", whole),
        *([allow("LetForward", "rds:ModifyDBCluster", part["source_arn"])] if part.get("forwards") else []),
    ]


def _storage(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    ends = [
        _arn(place, "elasticfilesystem", f"file-system/{part['source_id']}", region=part["source_region"]),
        _arn(place, "elasticfilesystem", f"file-system/{part['id']}"),
        # The call to this region has the source's bare id, which EFS may look for here.
        _arn(place, "elasticfilesystem", f"file-system/{part['source_id']}"),
    ]
    return [
        allow("SeeStorage", "elasticfilesystem:DescribeReplicationConfigurations", ends),
        allow("LetStorageGo", "elasticfilesystem:DeleteReplicationConfiguration", ends),
    ]


PARTS: dict[str, Callable[[Mapping[str, str], Any], list[dict[str, Any]]]] = {
    "bucket_arn": _switch,
    "group": _group,
    "sessions": _sessions,
    "database": _database,
    "storage": _storage,
}


SEE_PLAN = ("GetPlan", "GetPlanExecution", "ListPlanExecutions")


def plan_rights(
    functions: Sequence[str], groups: Sequence[str], global_cluster: str, clusters: Sequence[str], role: str
) -> Document:
    """Return the policy of a Region switch plan: it invokes functions, raises groups, fails the database over. All
    ARNs; role: the plan's own, whose rights AWS simulates when it evaluates the plan.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonApplicationRecoveryControllerRegionSwitchPlanExecutionPolicy.html
    """
    statements = [
        allow("InvokeFunctions", ["lambda:InvokeFunction", "lambda:GetFunction"], list(functions)),
        allow("RaiseCapacity", ["autoscaling:UpdateAutoScalingGroup"], list(groups)),
        allow(  # these actions have no resources
            "SeeCapacity", ["autoscaling:DescribeAutoScalingGroups", "cloudwatch:GetMetricStatistics"], "*"
        ),
        # The plan's ARN has a part that AWS chooses, and the plan needs the role before it exists.
        allow("SeePlan", [f"arc-region-switch:{name}" for name in SEE_PLAN], "*"),
        allow("EvaluatePlan", "iam:SimulatePrincipalPolicy", role),
    ]
    if global_cluster:
        moved = ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"]
        statements += [
            allow("MoveDatabase", moved, [global_cluster, *clusters]),
            allow("SeeDatabase", ["rds:DescribeGlobalClusters", "rds:DescribeDBClusters"], "*"),
        ]
    return document(*statements)


def switch_policy(bucket_arn: str, ranges: Sequence[str], movers: Sequence[str] = ()) -> Document:
    """Return the bucket's policy: Route 53's health checkers may read two objects, and nobody connects without TLS.

    movers: patterns of the ARNs of the roles that alone may move the switch; without any, IAM policies decide.

    S3 doesn't count a policy with fixed source addresses as public, so all of Block Public Access stays on.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    checkers: dict[str, Any] = {
        "Sid": "HealthCheckersRead",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": [f"{bucket_arn}/{key}" for key in (SWITCH_KEY, CANARY_KEY)],
        "Condition": {"IpAddress": {"aws:SourceIp": sorted(ranges)}},
    }
    only_movers: dict[str, Any] = {
        "Sid": "OnlyMoversMove",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        "Resource": f"{bucket_arn}/{SWITCH_KEY}",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": list(movers)}},
    }
    return document(checkers, only_over_tls(bucket_arn), *([only_movers] if movers else []))
