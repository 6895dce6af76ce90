"""Elastic Load Balancing v2: target groups and what is registered with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError
from rehearsal.aws_plugin.entry import As, Attributes, AutoName, Call, Hook, HookContext, Read, Refuse, Type
from rehearsal.aws_plugin.services.elbv2.balancers import TAGS


def _matcher(codes: str) -> dict[str, str]:
    """HTTP codes are 200 to 599, gRPC codes 0 to 99, so the first number decides which they are."""
    first = codes.replace("-", ",").split(",")[0]
    return {"HttpCode" if len(first) > 2 else "GrpcCode": codes}


def _codes(matcher: Mapping[str, str]) -> str | None:
    return matcher.get("HttpCode") or matcher.get("GrpcCode")


HEALTH_CHECK: dict[str, str | As] = {
    "healthCheck.enabled": "/HealthCheckEnabled",
    "healthCheck.healthyThreshold": "/HealthyThresholdCount",
    "healthCheck.interval": "/HealthCheckIntervalSeconds",
    "healthCheck.matcher": As("/Matcher", to=_matcher, back=_codes),
    "healthCheck.path": "/HealthCheckPath",
    "healthCheck.port": "/HealthCheckPort",
    "healthCheck.protocol": "/HealthCheckProtocol",
    "healthCheck.timeout": "/HealthCheckTimeoutSeconds",
    "healthCheck.unhealthyThreshold": "/UnhealthyThresholdCount",
}

HEALTH = "target_group_health"
ROUTING = "unhealthy_state_routing.minimum_healthy_targets"

ATTRIBUTES: dict[str, str | As] = {
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "lambdaMultiValueHeadersEnabled": "lambda.multi_value_headers.enabled",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "loadBalancingAnomalyMitigation": "load_balancing.algorithm.anomaly_mitigation",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "slowStart": "slow_start.duration_seconds",
    "stickiness.enabled": "stickiness.enabled",
    "stickiness.type": "stickiness.type",
    "stickiness.cookieDuration": "stickiness.{stickiness.type}.duration_seconds",
    "stickiness.cookieName": "stickiness.app_cookie.cookie_name",
    "targetFailovers.onDeregistration": "target_failover.on_deregistration",
    "targetFailovers.onUnhealthy": "target_failover.on_unhealthy",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": f"{HEALTH}.dns_failover.minimum_healthy_targets.count",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": (
        f"{HEALTH}.dns_failover.minimum_healthy_targets.percentage"
    ),
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": f"{HEALTH}.{ROUTING}.count",
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": f"{HEALTH}.{ROUTING}.percentage",
    "targetHealthStates.enableUnhealthyConnectionTermination": (
        "target_health_state.unhealthy.connection_termination.enabled"
    ),
    "targetHealthStates.unhealthyDrainingInterval": "target_health_state.unhealthy.draining_interval_seconds",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"""

CLEARED = {
    "deregistrationDelay": 300,
    "slowStart": 0,
    "stickiness.cookieDuration": 86400,
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": "1",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": "off",
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": 1,
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": "off",
}
"""Values sent for an attribute that the program no longer gives: AWS's own defaults, as documented there."""


DEFAULTS = {
    "healthCheck.enabled": True,
    "healthCheck.healthyThreshold": 3,
    "healthCheck.interval": 30,
    "healthCheck.port": "traffic-port",
    "healthCheck.protocol": "HTTP",
    "healthCheck.unhealthyThreshold": 3,
    "stickiness.enabled": True,
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": "off",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": "off",
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": 1,
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": "off",
}
"""Defaults that the real provider fills in; AWS's own are others."""


TCP_CHECK = "contains(['TCP', 'tcp'], healthCheck.protocol || '')"

REFUSED = (
    Refuse(
        "healthCheck", f"{TCP_CHECK} && (healthCheck.matcher || healthCheck.path)", "TCP has no matcher and no path"
    ),
    Refuse("healthCheck", f"{TCP_CHECK} && contains(['HTTP', 'HTTPS'], protocol || '')", "TCP isn't for HTTP targets"),
    Refuse("healthCheck", f"{TCP_CHECK} && targetType == 'lambda'", "TCP isn't for a function"),
    # What follows the provider leaves out without a word; refused here, so that nobody relies on it.
    Refuse(
        "targetHealthStates", "targetHealthStates && !contains(['TCP', 'TLS'], protocol || '')", "only of TCP and TLS"
    ),
    Refuse("targetFailovers", "targetFailovers && protocol != 'GENEVE'", "only of GENEVE"),
)


def arn_suffix(context: HookContext) -> Mapping[str, Any]:
    """The target group's name in CloudWatch's dimensions: `targetgroup/name/id`."""
    return {"arnSuffix": context.id.rpartition(":")[2]}


def refuse_contradictions(context: HookContext) -> None:
    """Refuse a group without what its targets need, and a check that can't pass in time."""
    args = context.args
    if args.get("targetType") != "lambda":
        for name in ("port", "protocol", "vpcId"):
            if args.get(name) is None:
                raise RefusedError(name, "is required unless targetType is lambda")
    check = args.get("healthCheck")
    if not isinstance(check, dict):
        return
    timeout, interval = check.get("timeout"), check.get("interval", 30)
    if timeout is not None and UNKNOWN not in (timeout, interval) and int(timeout) >= int(interval):
        raise RefusedError("healthCheck.timeout", f"{timeout} s is not below the interval of {interval} s")


TARGET = {
    "Id": "{targetId}",
    "Port": "{port}",
    "AvailabilityZone": "{availabilityZone}",
    "QuicServerId": "{quicServerId}",
}
TARGETS = {"TargetGroupArn": "{targetGroupArn}", "Targets": [TARGET]}

TYPES = [
    Type(
        "aws:lb/targetGroup:TargetGroup",
        "elbv2",
        refuse=REFUSED,
        create=Call("CreateTargetGroup", rename=HEALTH_CHECK),
        id="TargetGroups[0].TargetGroupArn",
        then=(
            Hook(refuse_contradictions, dry=True),
            Attributes(
                "ModifyTargetGroupAttributes",
                {"TargetGroupArn": "{id}"},
                keys=ATTRIBUTES,
                cleared=CLEARED,
                read=Read("DescribeTargetGroupAttributes", {"TargetGroupArn": "{id}"}, "Attributes"),
            ),
        ),
        update=(Call("ModifyTargetGroup", {"TargetGroupArn": "{id}"}, rename=HEALTH_CHECK, takes=("healthCheck",)),),
        read=(
            Read(
                "DescribeTargetGroups",
                {"TargetGroupArns": ["{id}"]},
                "TargetGroups[0]",
                rename={"name": "TargetGroupName"},
            ),
            Hook(arn_suffix),
        ),
        delete=Call("DeleteTargetGroup", {"TargetGroupArn": "{id}"}),
        tags=TAGS,
        outputs={"arn": "TargetGroupArn"},
        auto_name=AutoName(maximum=32),
        default=DEFAULTS,
        # AWS has no such thing of a function, and no version of another protocol than HTTP.
        same={
            **dict.fromkeys(("port", "protocol", "vpcId"), "targetType == 'lambda'"),
            "protocolVersion": "targetType == 'lambda' || (protocol && !contains(['HTTP', 'HTTPS'], protocol))",
        },
        computed=(
            *("healthCheck", "stickiness", "targetFailovers", "targetGroupHealth", "targetHealthStates"),
            *("connectionTermination", "preserveClientIp", "ipAddressType", "protocolVersion"),
            *("loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation", "loadBalancingCrossZoneEnabled"),
        ),
    ),
    Type(
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        "elbv2",
        create=Call("RegisterTargets", TARGETS),
        id="{targetGroupArn}-{targetId}",
        read=Read(
            "DescribeTargetHealth",
            TARGETS,
            "TargetHealthDescriptions[?TargetHealth.Reason!='Target.NotRegistered'] | [0]",
            gone=("InvalidTarget",),
        ),
        delete=Call("DeregisterTargets", TARGETS),
    ),
]
