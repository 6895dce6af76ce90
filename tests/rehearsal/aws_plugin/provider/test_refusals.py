"""What the real provider refuses at preview, the rehearsal refuses there: one planted violation of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.entry import Refuse
from rehearsal.aws_plugin.provider.refusals import of_entry, of_schema
from rehearsal.plugin.conventions import DEFAULTS, UNKNOWN

TESTED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
SELECTION = {
    "name": "weekly",
    "restoreTestingPlanName": "plan",
    "protectedResourceType": "EFS",
    "iamRoleArn": "arn:aws:iam::123456789012:role/restore",
    "protectedResourceArns": ["*"],
}
TARGETS = "aws:lb/targetGroup:TargetGroup"
CLUSTER = "aws:rds/cluster:Cluster"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
FILES = "aws:efs/replicationConfiguration:ReplicationConfiguration"

PLANTED: list[tuple[str, str, dict[str, Any], str, str]] = [
    (
        "a rule of the whole resource",
        TESTED,
        {**SELECTION, "protectedResourceConditions": {"stringEquals": [{"key": "aws:ResourceTag/a", "value": "b"}]}},
        "protectedResourceArns",
        "given: protectedResourceArns and protectedResourceConditions",
    ),
    ("neither of two", RULE, {"securityGroupId": "sg-1", "ipProtocol": "tcp"}, "cidrIpv4", "given: none"),
    (
        "conflicting arguments",
        CLUSTER,
        {"engine": "aurora-mysql", "masterPassword": "long enough", "manageMasterUserPassword": True},
        "manageMasterUserPassword",
        "conflicts with masterPassword",
    ),
    (
        "an argument that another needs",
        CLUSTER,
        {"engine": "aurora-mysql", "masterPasswordWo": "long enough"},
        "masterPasswordWo",
        "needs masterPasswordWoVersion",
    ),
    (
        "at least one of a block's",
        FILES,
        {"sourceFileSystemId": "fs-1", "destination": {"kmsKeyId": "alias/a"}},
        "destination",
        "at least one of",
    ),
    (
        "a missing property of a block",
        "aws:backup/plan:Plan",
        {"name": "p", "rules": [{"ruleName": "r", "targetVaultName": "vault"}, {"ruleName": "s"}]},
        "rules[1].targetVaultName",
        "is required",
    ),
    ("an enum of the API's model", TARGETS, {"name": "t", "ipAddressType": "ipv5"}, "ipAddressType", "is none of"),
    (
        "a list of the provider's own",
        "aws:cloudwatch/logGroup:LogGroup",
        {"name": "l", "retentionInDays": 31},
        "retentionInDays",
        '"31" is none of',
    ),
    (
        "a pattern",
        "aws:backup/vault:Vault",
        {"name": "a vault"},
        "name",
        "'a vault' doesn't match ^[0-9A-Za-z_-]*$",
    ),
    (
        "a range",
        "aws:route53/healthCheck:HealthCheck",
        {"type": "HTTPS", "failureThreshold": 11},
        "failureThreshold",
        "11 is not 1 to 10",
    ),
    (
        "a length",
        "aws:iam/role:Role",
        {"name": "r" * 65, "assumeRolePolicy": "{}"},
        "name",
        "65 characters, not 1 to 64",
    ),
    (
        "an ARN",
        "aws:backup/selection:Selection",
        {"name": "s", "planId": "p", "iamRoleArn": "restore"},
        "iamRoleArn",
        "'restore' is no arn",
    ),
    (
        "a network with bits of a host",
        RULE,
        {"securityGroupId": "sg-1", "ipProtocol": "tcp", "cidrIpv4": "10.0.0.1/16"},
        "cidrIpv4",
        "is no ipv4 network",
    ),
    ("one of several limits", TARGETS, {"name": "t", "slowStart": 7}, "slowStart", "7 is not 0 to 0, or 7 is not 30"),
    (
        "a member of a list",
        CLUSTER,
        {"engine": "aurora-mysql", "enabledCloudwatchLogsExports": ["audit", "access"]},
        "enabledCloudwatchLogsExports[1]",
        '"access" is none of',
    ),
]


def refused(token: str, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in of_schema(token, inputs)]


@pytest.mark.parametrize(
    ("token", "inputs", "path", "reason"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED]
)
def test_a_planted_violation_is_refused_and_nothing_else(
    token: str, inputs: dict[str, Any], path: str, reason: str
) -> None:
    [(where, why)] = refused(token, inputs)
    assert where == path
    assert reason in why


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (TESTED, SELECTION),
        (TESTED, {**SELECTION, "protectedResourceArns": UNKNOWN}),
        (RULE, {"securityGroupId": UNKNOWN, "ipProtocol": "tcp", "referencedSecurityGroupId": UNKNOWN}),
        (CLUSTER, {"engine": "aurora-postgresql", "manageMasterUserPassword": True, "masterUsername": "root"}),
        (TARGETS, {"name": "t", "slowStart": 30, "healthCheck": {"protocol": "http"}, "deregistrationDelay": 0}),
        ("aws:iam/role:Role", {"name": UNKNOWN, "assumeRolePolicy": UNKNOWN}),
    ],
)
def test_what_the_provider_takes_or_can_not_know_yet_is_not_refused(token: str, inputs: dict[str, Any]) -> None:
    assert refused(token, inputs) == []


def test_a_default_of_the_providers_conflicts_with_nothing() -> None:
    inputs = {"engine": "aurora-mysql", "masterPassword": "x", "manageMasterUserPassword": True}
    assert refused(CLUSTER, {**inputs, DEFAULTS: ["masterPassword"]}) == []


def test_two_arguments_that_conflict_are_one_refusal() -> None:
    [(path, reason)] = refused(
        "aws:ec2/natGateway:NatGateway",
        {"subnetId": "subnet-1", "secondaryPrivateIpAddressCount": 1, "secondaryPrivateIpAddresses": ["10.0.0.5"]},
    )
    assert path.startswith("secondaryPrivateIpAddress")
    assert "conflicts with secondaryPrivateIpAddress" in reason


def test_what_an_entry_adds_is_refused_once_it_is_known() -> None:
    refuse = (
        Refuse("multiAzEnabled", "multiAzEnabled && !automaticFailoverEnabled", "needs automaticFailoverEnabled"),
    )
    [found] = of_entry(refuse, {"multiAzEnabled": True})
    assert (found.path, found.reason) == ("multiAzEnabled", "needs automaticFailoverEnabled")
    assert of_entry(refuse, {"multiAzEnabled": True, "automaticFailoverEnabled": True}) == []
    assert of_entry(refuse, {"multiAzEnabled": True, "automaticFailoverEnabled": UNKNOWN}) == []


@pytest.mark.parametrize(
    ("token", "inputs", "argument"),
    [
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricName": "m", "namespace": "n"}, "statistic"),
        (
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            {"metricQueries": [{"id": "a", "expression": "b", "metric": {"metricName": "m"}}]},
            "metricQueries",
        ),
        (
            "aws:ec2/natGateway:NatGateway",
            {"connectivityType": "private", "allocationId": "eipalloc-1"},
            "allocationId",
        ),
        ("aws:ec2/natGateway:NatGateway", {"secondaryPrivateIpAddressCount": 1}, "secondaryPrivateIpAddressCount"),
        ("aws:sns/topic:Topic", {"contentBasedDeduplication": True}, "contentBasedDeduplication"),
    ],
)
def test_what_the_providers_code_refuses_of_a_plan_is_refused(
    token: str, inputs: dict[str, Any], argument: str
) -> None:
    assert [each.path for each in of_entry(registry.type_of(token).refuse, inputs)] == [argument]
