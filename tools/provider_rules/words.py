"""What names in the provider's source stand for: its own lists and constants, and the AWS SDK's."""

from __future__ import annotations

import re
from functools import cache

import botocore.exceptions
import botocore.model
import botocore.session

from rehearsal.aws_plugin.calls import model

BOTOCORE_NAMES = {
    "arcregionswitch": "arc-region-switch",
    "arczonalshift": "arc-zonal-shift",
    "configservice": "config",
}
"""Services that the provider's folders name otherwise than botocore does."""

CANNED_ACLS = (
    "private public-read public-read-write authenticated-read aws-exec-read bucket-owner-read "
    "bucket-owner-full-control log-delivery-write"
)

LISTS = {
    "autoscaling": {
        "desiredCapacityType": ["units", "vcpu", "memory-mib"],
        "lifecycleHookDefaultResult": ["CONTINUE", "ABANDON"],
        "lifecycleHookLifecycleTransition": [
            "autoscaling:EC2_INSTANCE_LAUNCHING",
            "autoscaling:EC2_INSTANCE_TERMINATING",
        ],
        "policyType": ["SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"],
    },
    "backup": {
        "reportDeliveryChannelFormat_Values()": ["CSV", "JSON"],
        "reportSettingTemplate_Values()": [
            *("BACKUP_JOB_REPORT", "CONTROL_COMPLIANCE_REPORT", "COPY_JOB_REPORT"),
            *("RESOURCE_COMPLIANCE_REPORT", "RESTORE_JOB_REPORT"),
        ],
    },
    "cloudwatch": {
        "lowSampleCountPercentiles_Values()": ["evaluate", "ignore"],
        "missingData_Values()": ["breaching", "ignore", "missing", "notBreaching"],
    },
    "ec2": {
        "cpuCredits_Values()": ["standard", "unlimited"],
        "subnetCIDRValidIPv6Netmasks": ["44", "48", "52", "56", "60", "64"],
        "vpcCIDRValidIPv6Netmasks": ["44", "48", "52", "56", "60"],
    },
    "elbv2": {
        "alpnPolicyEnum_Values()": ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"],
        "dnsRecordClientRoutingPolicy_Values()": [
            *("availability_zone_affinity", "partial_availability_zone_affinity", "any_availability_zone"),
        ],
        "healthCheckProtocolEnumValues()": ["HTTP", "HTTPS", "TCP"],
        "httpDesyncMitigationMode_Values()": ["monitor", "defensive", "strictest"],
        "httpXFFHeaderProcessingMode_Values()": ["append", "preserve", "remove"],
        "loadBalancingAlgorithmType_Values()": ["round_robin", "least_outstanding_requests", "weighted_random"],
        "loadBalancingAnomalyMitigationType_Values()": ["on", "off"],
        "loadBalancingCrossZoneEnabled_Values()": ["true", "false", "use_load_balancer_configuration"],
        "mutualAuthenticationModeEnum_Values()": ["off", "verify", "passthrough"],
        "protocolVersionEnumValues()": ["GRPC", "HTTP1", "HTTP2"],
        "stickinessType_Values()": [
            *("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
        ],
        "targetFailover_Values()": ["rebalance", "no_rebalance"],
    },
    "memorydb": {"clusterEngine": ["redis", "valkey"]},
    "rds": {
        'append(engineMode_Values(), "")': ["global", "multimaster", "parallelquery", "provisioned", "serverless", ""],
        "clusterEngine_Values()": ["aurora-mysql", "aurora-postgresql", "mysql", "postgres"],
        "clusterExportableLogType_Values()": [
            *("audit", "error", "general", "iam-db-auth-error", "instance", "postgresql", "slowquery", "upgrade"),
        ],
        "clusterInstanceEngine_Values()": ["aurora-mysql", "aurora-postgresql", "mysql", "postgres"],
        "engineLifecycleSupport_Values()": [
            *("open-source-rds-extended-support", "open-source-rds-extended-support-disabled"),
        ],
        "globalClusterEngine_Values()": ["aurora", "aurora-mysql", "aurora-postgresql"],
        "networkType_Values()": ["DUAL", "IPV4"],
        "restoreType_Values()": ["copy-on-write", "full-copy"],
        "timeoutAction_Values()": ["ForceApplyCapacityChange", "RollbackCapacityChange"],
    },
    "s3": {
        "DeleteMarkerReplicationStatusEnabled": ["Enabled"],
        "bucketCannedACL_Values()": CANNED_ACLS.split(),
        "bucketVersioningStatus_Values()": ["Enabled", "Suspended", "Disabled"],
        "lifecycleRuleStatus_Values()": ["Disabled", "Enabled"],
    },
    "sns": {
        "subscriptionFilterPolicyScope_Values()": ["MessageAttributes", "MessageBody"],
        "subscriptionProtocol_Values()": [
            *("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"),
        ],
        "topicFIFOThroughputScope_Values()": ["Topic", "MessageGroup"],
        "topicTracingConfig_Values()": ["Active", "PassThrough"],
    },
}
"""Per folder of the provider the values of its own lists, by the expression that gives them."""

CONSTANTS = {
    "MaxInt32": "2147483647",
    "defaultWarmPoolMaxGroupPreparedCapacity": "-1",
    "Managed by Terraform": "Managed by Pulumi",  # as pulumi-aws says it
}
"""Values of constants that are in no model of AWS's."""


def service_of(package: str) -> str:
    """botocore's name of the service of one of the provider's folders."""
    return BOTOCORE_NAMES.get(package, package)


@cache
def enum_of(package: str, name: str) -> str:
    """A type of the AWS SDK for Go as `service:Shape` of botocore's model; empty where no enum is named so."""
    for shape in (name, f"{name}Enum", name.replace("Enum", ""), name.replace("Type", ""), f"{name}Type"):
        if _enum(package, shape):
            return f"{service_of(package)}:{shape}"
    return ""


def _enum(package: str, shape: str) -> tuple[str, ...]:
    try:
        return tuple(getattr(model.shape(service_of(package), shape), "enum", None) or ())
    except (botocore.exceptions.UnknownServiceError, botocore.model.NoShapeFoundError):
        return ()


@cache
def _shapes(package: str) -> tuple[str, ...]:
    try:
        return tuple(botocore.session.get_session().get_service_model(service_of(package)).shape_names)
    except botocore.exceptions.UnknownServiceError:
        return ()


def _plain(text: str) -> str:
    return re.sub("[^a-z0-9]", "", text.lower())


@cache
def constant(package: str, name: str) -> str | None:
    """The value of a constant of the AWS SDK for Go, which is named for its type and its value; None if it is none."""
    name = name.rpartition(".")[2].strip()
    if name in CONSTANTS:
        return CONSTANTS[name]
    found = None
    for shape in _shapes(package):
        if name.startswith(shape):
            wanted = _plain(name.removeprefix(shape))
            found = next((value for value in _enum(package, shape) if _plain(value) == wanted), found)
    return found


def listed(package: str, expression: str) -> list[str] | None:
    """The values of a list by the expression that gives it: one of the provider's own, or members of an enum."""
    own = LISTS.get(package, {})
    if expression in own:
        return own[expression]
    if sliced := re.search(r"enum\.Slice\((.*)\)", expression):
        values = [constant(package, name) for name in sliced[1].split(",") if name.strip()]
        return [value for value in values if value is not None] if all(values) else None
    if more := re.search(r'enum\.Values\[awstypes\.(\w+)\]\(\), "(.*)"', expression):
        values_of = _enum(package, enum_of(package, more[1]).partition(":")[2])
        return [*values_of, more[2]] if values_of else None
    return None
