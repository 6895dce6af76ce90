"""What the failover function may do: each call of `failover/` on just the resources it names. No Pulumi here.

Actions and their resources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from ha_web.policy_documents import Document, document


def function_rights(place: Mapping[str, str], known: Mapping[str, Any]) -> Document:
    """Least rights over what the function's configuration names.

    place: partition, region, account. known: log_group_arn, bucket_arn, key, topic_arn, topic_key_arn; and where the
    function has such parts: group, sessions (global_id, id), database (global_id, arn), storage (source_id, id,
    source_region).
    """
    statements = [
        _log(known["log_group_arn"]),
        _allow("MoveSwitch", ["s3:PutObject", "s3:GetObject"], f"{known['bucket_arn']}/{known['key']}"),
        # Without it, S3 answers 403 instead of 404 where the object is absent.
        _allow("SeeSwitch", "s3:ListBucket", known["bucket_arn"]),
        _allow("Notify", "sns:Publish", known["topic_arn"]),
        _allow("NotifyEncrypted", ["kms:Decrypt", "kms:GenerateDataKey*"], known["topic_key_arn"]),
    ]
    for part, of_part in PARTS.items():
        if known.get(part):
            statements += of_part(place, known[part])
    return document(*statements)


def log_rights(log_group_arn: str) -> Document:
    """Write a log, and nothing else."""
    return document(_log(log_group_arn))


def _log(group: str) -> dict[str, Any]:
    return _allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{group.removesuffix(':*')}:*")


def _allow(sid: str, actions: str | list[str], resources: str | list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def _arn(place: Mapping[str, str], service: str, rest: str, region: str | None = None) -> str:
    where = place["region"] if region is None else region
    return f"arn:{place['partition']}:{service}:{where}:{place['account']}:{rest}"


def _group(place: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    group = _arn(place, "autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")
    return [
        _allow("RaiseCapacity", "autoscaling:UpdateAutoScalingGroup", group),
        # AWS has no resource for these.
        _allow(
            "SeeCapacity", ["autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeTargetHealth"], "*"
        ),
    ]


def _sessions(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    both = [
        _arn(place, "elasticache", f"globalreplicationgroup:{part['global_id']}", region=""),
        _arn(place, "elasticache", f"replicationgroup:{part['id']}"),
    ]
    return [
        _allow("PromoteSessions", "elasticache:FailoverGlobalReplicationGroup", both),
        _allow("SeeSessions", "elasticache:DescribeReplicationGroups", both[1]),
    ]


def _database(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    whole = _arn(place, "rds", f"global-cluster:{part['global_id']}", region="")
    return [
        _allow("PromoteDatabase", "rds:FailoverGlobalCluster", [whole, part["arn"]]),
        _allow("SeeDatabase", "rds:DescribeGlobalClusters", whole),
    ]


def _storage(place: Mapping[str, str], part: Mapping[str, str]) -> list[dict[str, Any]]:
    both = [
        _arn(place, "elasticfilesystem", f"file-system/{part['source_id']}", region=part["source_region"]),
        _arn(place, "elasticfilesystem", f"file-system/{part['id']}"),
    ]
    actions = [
        f"elasticfilesystem:{name}" for name in ("DeleteReplicationConfiguration", "DescribeReplicationConfigurations")
    ]
    return [_allow("LetStorageGo", actions, both)]


PARTS: dict[str, Callable[[Mapping[str, str], Any], list[dict[str, Any]]]] = {
    "group": _group,
    "sessions": _sessions,
    "database": _database,
    "storage": _storage,
}
