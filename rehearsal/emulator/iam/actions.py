"""What a call needs a right for: its action, and the resource that the call names.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html. A call that isn't listed names no
resource: it needs a right to `*`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.wire import Call

PREFIXES = {"elbv2": "elasticloadbalancing", "efs": "elasticfilesystem", "service-quotas": "servicequotas"}
PREFIXES |= {"resourcegroupstaggingapi": "tag", "s3control": "s3", "resiliencehubv2": "resiliencehub"}
"""What IAM calls a service, where it isn't what botocore calls it."""

RENAMED = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:CopyObject": "s3:PutObject",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
}
"""Actions that aren't called as their operation: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""

OF_A_VERSION = ("s3:GetObject", "s3:DeleteObject")
"""Actions that have another name where a version is named."""

FREE = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""Calls that need no right."""

GLOBAL = frozenset({"iam", "route53"})

Given = Mapping[str, Any]
Resources = Callable[[Given, str], list[str]]


def _arn(service: str, rest: str, region: str) -> str:
    return rest if rest.startswith("arn:") else f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def _named(service: str, kind: str, member: str) -> Resources:
    """The resource of a kind that a member names, by its name or by its ARN; all of the kind without one."""

    def found(given: Given, region: str) -> list[str]:
        name = str(given.get(member) or "*")
        where = "" if service in GLOBAL or kind.startswith(("globalreplicationgroup:", "global-cluster:")) else region
        return [name if name.startswith("arn:") else _arn(service, f"{kind}{name}", where)]

    return found


def _both(*each: Resources) -> Resources:
    return lambda given, region: [arn for one in each for arn in one(given, region)]


def _bucket(given: Given, _: str) -> list[str]:
    return [f"arn:aws:s3:::{given['Bucket']}" + (f"/{given['Key']}" if "Key" in given else "")]


def _stream(given: Given, region: str) -> list[str]:
    stream = f"log-group:{given['logGroupName']}:log-stream:{given['logStreamName']}"
    return [_arn("logs", stream, region)]


def _parameters(given: Given, region: str) -> list[str]:
    names = [given["Name"]] if "Name" in given else given.get("Names", [])
    return [name if name.startswith("arn:") else _arn("ssm", f"parameter/{name.lstrip('/')}", region) for name in names]


REPLICATION_GROUP = _named("elasticache", "replicationgroup:", "ReplicationGroupId")
GLOBAL_GROUP = _named("elasticache", "globalreplicationgroup:", "GlobalReplicationGroupId")
GLOBAL_DATABASE = _both(
    _named("rds", "global-cluster:", "GlobalClusterIdentifier"),
    _named("rds", "cluster:", "TargetDbClusterIdentifier"),
)
FUNCTION = _named("lambda", "function:", "FunctionName")
ROLE = _named("iam", "role/", "RoleName")

OF_PLANS = (
    *("GetPlan", "GetPlanInRegion", "UpdatePlan", "DeletePlan", "TagResource", "UntagResource", "ListTagsForResource"),
    *("StartPlanExecution", "GetPlanExecution", "ListPlanExecutions", "ListPlanExecutionEvents", "CancelPlanExecution"),
    *("UpdatePlanExecution", "UpdatePlanExecutionStep", "ApprovePlanExecutionStep", "GetPlanEvaluationStatus"),
)
"""Actions of Region switch that name a plan."""

RESOURCES: Mapping[str, Resources] = {
    **{f"arc-region-switch:{name}": lambda given, _: [given.get("planArn") or given["arn"]] for name in OF_PLANS},
    "backup:ListRestoreTestingSelections": _named("backup", "restore-testing-plan:", "RestoreTestingPlanName"),
    "elasticache:DescribeReplicationGroups": REPLICATION_GROUP,
    "elasticache:DisassociateGlobalReplicationGroup": _both(GLOBAL_GROUP, REPLICATION_GROUP),
    "elasticache:FailoverGlobalReplicationGroup": GLOBAL_GROUP,
    "elasticfilesystem:DeleteReplicationConfiguration": _named(
        "elasticfilesystem", "file-system/", "SourceFileSystemId"
    ),
    "elasticfilesystem:DescribeFileSystems": _named("elasticfilesystem", "file-system/", "FileSystemId"),
    "elasticfilesystem:DescribeReplicationConfigurations": _named("elasticfilesystem", "file-system/", "FileSystemId"),
    "iam:GetRole": ROLE,
    "iam:SimulatePrincipalPolicy": lambda given, _: [given["PolicySourceArn"]],
    "kms:Decrypt": _named("kms", "key/", "KeyId"),
    "kms:DescribeKey": _named("kms", "key/", "KeyId"),
    "kms:Encrypt": _named("kms", "key/", "KeyId"),
    "kms:GenerateDataKey": _named("kms", "key/", "KeyId"),
    "lambda:GetFunction": FUNCTION,
    "lambda:GetFunctionConcurrency": FUNCTION,
    "lambda:GetFunctionConfiguration": FUNCTION,
    "lambda:InvokeFunction": FUNCTION,
    "logs:CreateLogStream": _stream,
    "logs:PutLogEvents": _stream,
    "memorydb:DescribeClusters": _named("memorydb", "cluster/", "ClusterName"),
    "rds:CreateDBInstance": _both(
        _named("rds", "db:", "DBInstanceIdentifier"), _named("rds", "cluster:", "DBClusterIdentifier")
    ),
    "rds:DeleteDBCluster": _named("rds", "cluster:", "DBClusterIdentifier"),
    "rds:DeleteDBInstance": _named("rds", "db:", "DBInstanceIdentifier"),
    "rds:DescribeDBClusters": _named("rds", "cluster:", "DBClusterIdentifier"),
    "rds:DescribeDBInstances": _named("rds", "db:", "DBInstanceIdentifier"),
    "rds:DescribeGlobalClusters": _named("rds", "global-cluster:", "GlobalClusterIdentifier"),
    "rds:FailoverGlobalCluster": GLOBAL_DATABASE,
    "rds:SwitchoverGlobalCluster": GLOBAL_DATABASE,
    "route53:GetHostedZone": lambda given, _: [f"arn:aws:route53:::hostedzone/{given['Id'].rpartition('/')[2]}"],
    "route53:ListResourceRecordSets": lambda given, _: [
        f"arn:aws:route53:::hostedzone/{given['HostedZoneId'].rpartition('/')[2]}"
    ],
    "sns:Publish": lambda given, _: [given.get("TopicArn", "*")],
    "ssm:GetParameter": _parameters,
    "ssm:GetParameters": _parameters,
    "sts:AssumeRole": lambda given, _: [given["RoleArn"]],
}
"""By action, the resources that a call's parameters name, in a Region."""


def action_of(call: Call) -> str:
    """The action that a call is."""
    action = f"{PREFIXES.get(call.service, call.service)}:{call.operation}"
    action = RENAMED.get(action, action)
    return f"{action}Version" if action in OF_A_VERSION and call.parameters.get("VersionId") else action


def resources_of(call: Call) -> list[str]:
    """The resources that a call names, of those that are named alike in every account; `*` where it names none."""
    given = call.parameters
    if call.service == "s3":
        return _bucket(given, "") if given.get("Bucket") else ["*"]
    named = RESOURCES.get(action_of(call))
    return named(given, call.region) if named else ["*"]
