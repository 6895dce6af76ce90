"""IAM policies of a failover: each call of `runtime/` on just the resources that it names. No SDK here.

Actions and their resources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ha_web.core.policy_documents import Document, allow, document, only_over_tls


def function_rights(place: Mapping[str, str], known: Mapping[str, Any]) -> Document:
    """Return the function's policy: least privilege on the resources that its configuration names.

    place: partition, region, account. known: log_group_arn, bucket_arn, key, topic_arn, topic_key_arn; and where the
    function has such parts: group, sessions (global_id, id), database (global_id, arn), storage (source_id, id,
    source_region).
    """
    statements = [
        _log(known["log_group_arn"]),
        allow("MoveSwitch", ["s3:PutObject", "s3:GetObject"], f"{known['bucket_arn']}/{known['key']}"),
        # Without it, S3 answers 403 instead of 404 where the object is absent.
        allow("SeeSwitch", "s3:ListBucket", known["bucket_arn"]),
        allow("Notify", "sns:Publish", known["topic_arn"]),
        allow("NotifyEncrypted", ["kms:Decrypt", "kms:GenerateDataKey*"], known["topic_key_arn"]),
    ]
    for part, of_part in PARTS.items():
        if known.get(part):
            statements += of_part(place, known[part])
    return document(*statements)


def log_rights(log_group_arn: str) -> Document:
    """Return the policy of a function that only writes its log."""
    return document(_log(log_group_arn))


def _log(group: str) -> dict[str, Any]:
    return allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{group.removesuffix(':*')}:*")


def _arn(place: Mapping[str, str], service: str, rest: str, region: str | None = None) -> str:
    where = place["region"] if region is None else region
    return f"arn:{place['partition']}:{service}:{where}:{place['account']}:{rest}"


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
        allow("PromoteSessions", "elasticache:FailoverGlobalReplicationGroup", both),
        allow("SeeSessions", "elasticache:DescribeReplicationGroups", both[1]),
    ]


def _database(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    whole = _arn(place, "rds", f"global-cluster:{part['global_id']}", region="")
    return [
        allow("PromoteDatabase", "rds:FailoverGlobalCluster", [whole, part["arn"]]),
        allow("SeeDatabase", "rds:DescribeGlobalClusters", whole),
    ]


def _storage(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    both = [
        _arn(place, "elasticfilesystem", f"file-system/{part['source_id']}", region=part["source_region"]),
        _arn(place, "elasticfilesystem", f"file-system/{part['id']}"),
    ]
    actions = [
        f"elasticfilesystem:{name}" for name in ("DeleteReplicationConfiguration", "DescribeReplicationConfigurations")
    ]
    return [allow("LetStorageGo", actions, both)]


PARTS: dict[str, Callable[[Mapping[str, str], Any], list[dict[str, Any]]]] = {
    "group": _group,
    "sessions": _sessions,
    "database": _database,
    "storage": _storage,
}


def plan_rights(
    functions: Sequence[str], groups: Sequence[str], global_cluster: str, clusters: Sequence[str]
) -> Document:
    """Return the policy of a Region switch plan: it invokes functions, raises groups, fails the database over. All
    ARNs."""
    statements = [
        allow("InvokeFunctions", ["lambda:InvokeFunction", "lambda:GetFunction"], list(functions)),
        allow("RaiseCapacity", ["autoscaling:UpdateAutoScalingGroup"], list(groups)),
        allow(  # these actions have no resources
            "SeeCapacity", ["autoscaling:DescribeAutoScalingGroups", "cloudwatch:GetMetricStatistics"], "*"
        ),
    ]
    if global_cluster:
        moved = ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"]
        statements += [
            allow("MoveDatabase", moved, [global_cluster, *clusters]),
            allow("SeeDatabase", ["rds:DescribeGlobalClusters", "rds:DescribeDBClusters"], "*"),
        ]
    return document(*statements)


def switch_policy(bucket_arn: str, key: str, ranges: Sequence[str]) -> Document:
    """Return the bucket's policy: Route 53's health checkers may read the one object, and nobody connects without TLS.

    S3 doesn't count a policy with fixed source addresses as public, so all of Block Public Access stays on.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    checkers: dict[str, Any] = {
        "Sid": "HealthCheckersRead",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"{bucket_arn}/{key}",
        "Condition": {"IpAddress": {"aws:SourceIp": sorted(ranges)}},
    }
    return document(checkers, only_over_tls(bucket_arn))
