"""What the provider's named checks mean, in the words of `provider_rules.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Limit = dict[str, Any]

ADDED = 26
"""Characters that the provider adds to a name's prefix."""


def _length(low: int | None, high: int | None, *patterns: str) -> list[Limit]:
    return [{"length": [low, high]}, *_matching(*patterns)]


def _matching(*patterns: str) -> list[Limit]:
    return [{"pattern": pattern} for pattern in patterns]


def _form(name: str) -> list[Limit]:
    return [{"form": name}]


def _either(*limits: Limit) -> list[Limit]:
    return [{"any_of": list(limits)}]


RULE_NAME = _length(0, 64, r"^[0-9A-Za-z_.-]+$")
BACKUP_NAME = _matching(r"^[A-Za-z][0-9A-Za-z_]{0,255}$")
RDS_NAME = _matching(r"^[0-9a-z-]+$", r"^[a-z]", r"^(?!.*--)")
IPV4_NETWORK, IPV6_NETWORK, TIME, ACCOUNT = (
    *(_form(name) for name in ("ipv4 network", "ipv6 network", "time")),
    _matching(r"^\d{12}$"),
)
KEY_ID = "|".join(
    (
        r"^$|^(arn:[\w-]+:kms:[\w-]*:\d{12}:(key|alias)/.+",
        *(r"alias/[0-9A-Za-z/_-]+", r"(mrk-)?[0-9a-f]{32}", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"),
    )
)
FUNCTION_NAME = (
    r"^(arn:[\w-]+:lambda:)?([a-z]{2,4}-(?:[a-z]+-){1,2}\d{1}:)?(\d{12}:)?(function:)?([0-9A-Za-z_-]+)"
    r"(:(\$LATEST|[0-9A-Za-z_-]+))?$"
)

FAULT_TARGETS = (
    *("AutoScalingGroups", "Buckets", "Cluster", "Clusters", "DBInstances", "Functions", "Instances"),
    *("KinesisStreams", "ManagedResources", "MultiRegionClusters", "Nodegroups", "Pods", "ReplicationGroups"),
    *("Roles", "SpotInstances", "Subnets", "Tables", "Tasks", "TransitGateways", "Volumes", "VPCEndpoints"),
)

CHECKS: dict[str, Sequence[Limit]] = {
    "ARN": _form("arn"),
    "AWSAccountID": ACCOUNT,
    "CaseInsensitiveMatchDeprecation": (),
    "FloatGreaterThan": (),
    "IPv4CIDRNetworkAddress": IPV4_NETWORK,
    "IPv6CIDRNetworkAddress": IPV6_NETWORK,
    "IsCIDRNetwork": IPV4_NETWORK,
    "IsIPAddress": _form("address"),
    "IsIPv4Address": _form("ipv4 address"),
    "IsIPv6Address": _form("ipv6 address"),
    "IsPortNumber": [{"between": [1, 65535]}],
    "IsRFC3339Time": TIME,
    "IsRequired": [{"items": [1, None]}],
    "NoZeroValues": _form("given"),
    "StringHasPrefix": _matching("^/"),
    "StringDoesNotContainAny": _matching("^[^,]*$"),
    "StringIsEmpty": _length(0, 0),
    "StringIsJSON": _form("json"),
    "StringIsNotEmpty": _length(1, None),
    "StringIsNotWhiteSpace": _matching(r"\S"),
    "ValidARN": _form("arn"),
    "ValidAccountID": ACCOUNT,
    "ValidBase64String": _form("base64"),
    "ValidCIDRNetworkAddress": _form("network"),
    "ValidDuration": _matching(r"^(0|([0-9.]+(ns|us|µs|ms|s|m|h))+)$"),
    "ValidIAMPolicyJSON": _form("policy"),
    "ValidIPv4CIDRNetworkAddress": IPV4_NETWORK,
    "ValidIPv6CIDRNetworkAddress": IPV6_NETWORK,
    "ValidKMSKeyID": _matching(KEY_ID),
    "ValidLaunchTemplateID": _length(1, 255, r"^lt\-[0-9a-z]+$"),
    "ValidLaunchTemplateName": _length(3, 125, r"^[0-9A-Za-z()./_\-]+$"),
    "ValidOnceADayWindowFormat": _form("daily window"),
    "ValidOnceAWeekWindowFormat": _form("weekly window"),
    "ValidRegionName": _matching(r"^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$"),
    "ValidUTCTimestamp": TIME,
    "ValidateTypeStringNullableBool": [{"one_of": ["", "true", "false"]}],
    "ValidateTypeStringNullableFloat": _form("number or empty"),
    "validBucketLifecycleTimestamp": _matching(r"^\d{4}-\d\d-\d\d$"),
    "validBusNameOrARN": _length(1, 1600),
    "validDashboardName": _length(0, 255, r"^[0-9A-Za-z_-]+$"),
    "validEC2AutomateARN": _matching(r"^arn:[\w-]+:automate:[\w-]+:ec2:(reboot|recover|stop|terminate)$"),
    "validEventSubscriptionName": _length(0, 255, r"^[A-Za-z](?!.*--)[0-9A-Za-z-]*(?<!-)$"),
    "validEventSubscriptionNamePrefix": _length(0, 229, r"^[A-Za-z](?!.*--)[0-9A-Za-z-]*$"),
    "validFrameworkName": BACKUP_NAME,
    "validFunctionName": _length(1, 140, FUNCTION_NAME),
    "validExperimentTemplateActionTargetKey": [{"one_of": [*FAULT_TARGETS]}],
    "validExperimentTemplateStopConditionSource": [{"one_of": ["aws:cloudwatch:alarm", "none"]}],
    "validIdentifier": [*RDS_NAME, *_matching("[^-]$")],
    "validIdentifierPrefix": RDS_NAME,
    "validListenerRulePriority": _either({"between": [1, 50000]}, {"between": [99999, 99999]}),
    "validLogGroupName": _length(0, 512, r"^[0-9A-Za-z_./#-]+$"),
    "validLogGroupNamePrefix": _length(0, 483, r"^[0-9A-Za-z_./#-]+$"),
    "validName": _matching(r"^$|^(?!-)(?!internal-)[0-9A-Za-z-]{1,32}(?<!-)$"),
    "validNameForResource": _matching(r"^(?!alias/aws/)alias/[0-9A-Za-z_/-]+$"),
    "validNamePrefix": _matching(r"^(?!-)(?!internal-)[0-9A-Za-z-]{1,6}$"),
    "validParamGroupName": _length(0, 255, r"^[a-z](?!.*--)[0-9a-z.-]*(?<!-)$"),
    "validParamGroupNamePrefix": _length(0, 255, r"^[a-z](?!.*--)[0-9a-z-]*$"),
    "validPermissionAction": _matching(r"^(lambda:[*]|lambda:[A-Za-z]+|[*])$"),
    "validPermissionEventSourceToken": _length(0, 256, r"^[0-9A-Za-z._-]+$"),
    "validPolicyPath": _length(1, 512, r"^/(.*/)?$", r"^(?!.*//)", r"^[A-Za-z0-9\.,\+@=_/-]*$"),
    "validPolicyStatementID": _length(1, 100, r"^[0-9A-Za-z_-]+$"),
    "validQualifier": _length(1, 128, r"^[0-9A-Za-z_$-]+$"),
    "validRedisVersionString": _matching(r"^[1-5](\.[0-9]+){2}$|^((6)\.x)|([6-9]\.[0-9]+)$"),
    "validReplicationGroupAuthToken": _length(16, 128, r'^[^@"/]+$'),
    "validReportPlanName": BACKUP_NAME,
    "validRolePolicyName": _length(1, 128, r"^[\w+=,.@-]*$"),
    "validRolePolicyRole": _length(1, 128, "^(?!arn:)"),
    "validScheduleTimestamp": _matching(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
    "validSecretName": _length(0, 512, r"^[0-9A-Za-z/_+=.@-]+$"),
    "validSecretNamePrefix": _length(0, 486, r"^[0-9A-Za-z/_+=.@-]+$"),
    "validSecurityGroupRuleDescription": _length(0, 255, r"^[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*$"),
    "validSubnetGroupName": _length(0, 255, r"^(?!(?i:default)$)[0-9a-z_ .-]+$"),
    "validSubnetGroupNamePrefix": _length(0, 229, r"^[0-9a-z_ .-]+$"),
    "validTargetGroupHealthCheckPort": _either({"one_of": ["traffic-port"]}, {"between": [1, 65536]}),
    "validTargetGroupHealthInput": _either({"one_of": ["off"]}, {"form": "whole number", "least": 1}),
    "validTargetGroupHealthPercentageInput": _either(
        {"one_of": ["off"]}, {"pattern": "^([1-9][0-9]?|100)$"}
    ),
    "validTargetGroupName": _matching("^(?!-)[0-9A-Za-z-]{0,32}(?<!-)$"),
    "validTargetGroupNamePrefix": _matching("^(?!-)[0-9A-Za-z-]{1,6}$"),
    "validVPCIPv6CIDRBlock": IPV6_NETWORK,
    "validValkeyVersionString": _matching(r"^[7-9]\.[0-9]+$"),
    "validateMetadataIsLowerCase": _form("lower-case keys"),
    "validateReplicationGroupID": _length(1, 40, "^[0-9A-Za-z-]+$", "^[A-Za-z]", "^(?!.*--)", "[^-]$"),
    "validateRuleName": RULE_NAME,
    "validateTargetID": RULE_NAME,
}  # fmt: skip
"""Checks that mean the same wherever they stand; none for what only warns."""

OF_A_TYPE: dict[tuple[str, str], Sequence[Limit]] = {
    ("aws_acm_certificate", "StringDoesNotMatch"): _matching("[^.]$"),
    ("aws_iam_role", "StringDoesNotMatch"): _matching("^[^\u201c\u2018]*$"),
    ("aws_security_group", "StringDoesNotMatch"): _matching("^(?!sg-)"),
}
"""Checks whose pattern is in the type's own source."""

IAM_NAMES = {"aws_iam_role": 64}
MEMORYDB_NAMES = {"aws_memorydb_cluster": 40}
"""How long a name of the type may be, where it isn't as long as those of the service's other types."""


def _memorydb_name(terraform: str, path: str, *, prefix: bool) -> list[Limit]:
    most = 255 if "snapshot" in path else MEMORYDB_NAMES.get(terraform, 255)
    limits = _length(1, most - ADDED * prefix, "^(?!.*--)", "^[0-9a-z-]+$")
    return limits if prefix else [*limits, *_matching("[^-]$")]


def limits_of(check: str, terraform: str, path: str) -> Sequence[Limit] | None:
    """What a check by its name means for an argument of a type; None if it isn't known."""
    if check == "validResourceName":
        most = IAM_NAMES.get(terraform, 128) - ADDED * path.endswith("prefix")
        return _length(1, most, r"^[\w+=,.@-]*$")
    if check in ("validateResourceName", "validateResourceNamePrefix"):
        return _memorydb_name(terraform, path, prefix=check.endswith("Prefix"))
    if check.startswith("func(v any") and "consecutive" in check:  # written where it is used: a final snapshot's name
        return _matching("^[0-9A-Za-z-]+$", "^(?!.*--)", "[^-]$")
    return OF_A_TYPE.get((terraform, check), CHECKS.get(check))
