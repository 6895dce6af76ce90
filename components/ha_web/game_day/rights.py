"""What the role of experiments may do: the calls of their actions, and these on the site's own resources. No SDK here.

https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html names the calls of each action.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ha_web.core.policy_documents import Document, allow, document
from ha_web.game_day.scenarios import GROUP_TAG, OWN_TAG

MADE_BY_FIS = "managedByFIS"
"""The tag of the network ACLs that the service puts in place of a subnet's own."""

LOOKS = {
    "aws:ec2:terminate-instances": ["ec2:DescribeInstances"],
    "aws:ec2:stop-instances": ["ec2:DescribeInstances"],
    "aws:ec2:asg-insufficient-instance-capacity-error": ["autoscaling:DescribeAutoScalingGroups"],
    "aws:network:disrupt-connectivity": [
        *("ec2:DescribeManagedPrefixLists", "ec2:DescribeNetworkAcls", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
        "ec2:GetManagedPrefixListEntries",
    ],
    "aws:elasticache:replicationgroup-interrupt-az-power": [
        "elasticache:DescribeReplicationGroups",
        "tag:GetResources",
    ],
    "aws:rds:failover-db-cluster": ["rds:DescribeDBClusters", "tag:GetResources"],
}
"""Calls that only look, by action: most of them know no resources."""


def rights_of(action_ids: Iterable[str], known: Mapping[str, str]) -> Document:
    """Return the policy for these actions.

    Args:
        known: account, region, partition, group, own, and database with a database.
    """
    wanted = sorted(set(action_ids))
    looks = sorted({call for each in wanted for call in LOOKS[each]})
    found = [allow("Look", looks, "*")]
    for each in wanted:
        found += _STATEMENTS[each](known)
    return document(*found)


def _arn(known: Mapping[str, str], service: str, rest: str) -> str:
    return f"arn:{known['partition']}:{service}:{known['region']}:{known['account']}:{rest}"


def _of_group(known: Mapping[str, str], sid: str, actions: list[str]) -> dict[str, Any]:
    """Return a statement on the group's instances, and no others."""
    mine = {"StringEquals": {f"aws:ResourceTag/{GROUP_TAG}": known["group"]}}
    return {**allow(sid, actions, _arn(known, "ec2", "instance/*")), "Condition": mine}


def _terminate(known: Mapping[str, str]) -> list[dict[str, Any]]:
    return [_of_group(known, "Terminate", ["ec2:TerminateInstances"])]


def _stop(known: Mapping[str, str]) -> list[dict[str, Any]]:
    # What starts an instance again lends EC2 the key of its disk.
    lends = {
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "StringEquals": {"kms:ViaService": f"ec2.{known['region']}.amazonaws.com"},
    }
    return [
        _of_group(known, "StopAndStart", ["ec2:StartInstances", "ec2:StopInstances"]),
        {**allow("LendKeys", "kms:CreateGrant", _arn(known, "kms", "key/*")), "Condition": lends},
    ]


def _no_capacity(_known: Mapping[str, str]) -> list[dict[str, Any]]:
    only = {"ForAnyValue:StringEquals": {"ec2:FisActionId": "aws:ec2:asg-insufficient-instance-capacity-error"}}
    return [{**allow("NoCapacity", "ec2:InjectApiError", "*"), "Condition": only}]


def _silence(known: Mapping[str, str]) -> list[dict[str, Any]]:
    acl, subnet = _arn(known, "ec2", "network-acl/*"), _arn(known, "ec2", "subnet/*")
    asked = {"StringEquals": {f"aws:RequestTag/{MADE_BY_FIS}": "true"}}
    theirs = {"StringEquals": {f"ec2:ResourceTag/{MADE_BY_FIS}": "true"}}
    made = {**asked["StringEquals"], "ec2:CreateAction": "CreateNetworkAcl"}
    mine = {"StringEquals": {f"aws:ResourceTag/{OWN_TAG}": known["own"]}}
    return [
        {**allow("MakeAcl", "ec2:CreateNetworkAcl", acl), "Condition": asked},
        allow("MakeAclInVpc", "ec2:CreateNetworkAcl", _arn(known, "ec2", "vpc/*")),
        {**allow("TagAcl", "ec2:CreateTags", acl), "Condition": {"StringEquals": made}},
        {
            **allow("ChangeOwnAcl", ["ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAcl"], acl),
            "Condition": theirs,
        },
        {**allow("Silence", "ec2:ReplaceNetworkAclAssociation", subnet), "Condition": mine},
        allow("SilenceByAcl", "ec2:ReplaceNetworkAclAssociation", acl),
    ]


def _interrupt(known: Mapping[str, str]) -> list[dict[str, Any]]:
    mine = {"StringEquals": {f"aws:ResourceTag/{OWN_TAG}": known["own"]}}
    groups = _arn(known, "elasticache", "replicationgroup:*")
    return [{**allow("InterruptSessions", "elasticache:InterruptClusterAzPower", groups), "Condition": mine}]


def _failover(known: Mapping[str, str]) -> list[dict[str, Any]]:
    return [allow("FailOverDatabase", "rds:FailoverDBCluster", known["database"])]


_STATEMENTS = {
    "aws:ec2:terminate-instances": _terminate,
    "aws:ec2:stop-instances": _stop,
    "aws:ec2:asg-insufficient-instance-capacity-error": _no_capacity,
    "aws:network:disrupt-connectivity": _silence,
    "aws:elasticache:replicationgroup-interrupt-az-power": _interrupt,
    "aws:rds:failover-db-cluster": _failover,
}
