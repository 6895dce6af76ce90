"""Elastic Load Balancing v2: load balancers; target groups and listeners are in files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError
from rehearsal.aws_plugin.entry import As, Attributes, AutoName, Call, Hook, HookContext, Read, Tags, Type

TAGS = Tags("AddTags", "RemoveTags", {"ResourceArns": ["{id}"]}, read="DescribeTags", at="TagDescriptions[0].Tags")
"""The tagging of everything of this service."""

LOGS = ("accessLogs", "connectionLogs", "healthCheckLogs")

ATTRIBUTES = {
    **{
        f"{logs}.{name}": f"{key}.s3.{name}"
        for logs, key in zip(LOGS, ("access_logs", "connection_logs", "health_check_logs"), strict=True)
        for name in ("enabled", "bucket", "prefix")
    },
    "clientKeepAlive": "client_keep_alive.seconds",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dnsRecordClientRoutingPolicy": "dns_record.client_routing_policy",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableHttp2": "routing.http2.enabled",
    "enableTlsVersionAndCipherSuiteHeaders": "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    "enableWafFailOpen": "waf.fail_open.enabled",
    "enableXffClientPort": "routing.http.xff_client_port.enabled",
    "enableZonalShift": "zonal_shift.config.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
    "secondaryIpsAutoAssignedPerSubnet": "secondary_ips.auto_assigned.per_subnet",
    "xffHeaderProcessingMode": "routing.http.xff_header_processing.mode",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html"""

CLEARED = {
    **{f"{logs}.bucket": None for logs in LOGS},
    **{f"{logs}.prefix": "" for logs in LOGS},
    "clientKeepAlive": 3600,
    "desyncMitigationMode": "defensive",
    "dnsRecordClientRoutingPolicy": "any_availability_zone",
    "enableHttp2": True,
    "idleTimeout": 60,
    "secondaryIpsAutoAssignedPerSubnet": 0,
    "xffHeaderProcessingMode": "append",
}
"""Values sent for an attribute that the program no longer gives: AWS's own defaults, as documented there."""

APPLICATION_ONLY = (
    *("clientKeepAlive", "connectionLogs", "healthCheckLogs", "desyncMitigationMode", "dropInvalidHeaderFields"),
    *("enableHttp2", "enableTlsVersionAndCipherSuiteHeaders", "enableWafFailOpen", "enableXffClientPort"),
    *("idleTimeout", "preserveHostHeader", "xffHeaderProcessingMode", "ipamPools"),
)
NETWORK_ONLY = (
    *("dnsRecordClientRoutingPolicy", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
    *("enablePrefixForIpv6SourceNat", "secondaryIpsAutoAssignedPerSubnet"),
)


def arn_suffix(context: HookContext) -> Mapping[str, Any]:
    """The balancer's name in CloudWatch's dimensions: `app/name/id`."""
    return {"arnSuffix": context.id.partition(":loadbalancer/")[2]}


def refuse_contradictions(context: HookContext) -> None:
    """Refuse what AWS would, and what the real provider would silently not send to a balancer of this type."""
    args = context.args
    kind = args.get("loadBalancerType", "application")
    for name in APPLICATION_ONLY if kind == "network" else NETWORK_ONLY if kind == "application" else ():
        if name in args:
            raise RefusedError(name, f'a balancer of type "{kind}" has no such setting')
    given = [name for name in ("subnets", "subnetMappings") if args.get(name)]
    if len(given) != 1:
        raise RefusedError(given[-1] if given else "subnets", "exactly one of subnets and subnetMappings is needed")
    placed = args[given[0]]
    if kind == "application" and placed != UNKNOWN and len(placed) < 2:
        raise RefusedError(given[0], "an application load balancer needs subnets in at least two Availability Zones")


def refuse_protected(context: HookContext) -> None:
    """Say at once that a protected balancer stays: AWS's error looks like one that passes, and would be waited for."""
    answer = context.call("DescribeLoadBalancerAttributes", {"LoadBalancerArn": context.id})
    values = {each["Key"]: each["Value"] for each in answer["Attributes"]}
    if values.get("deletion_protection.enabled") == "true":
        reason = "cannot be deleted because deletion protection is enabled"
        raise RuntimeError(f"DeleteLoadBalancer: OperationNotPermitted: Load balancer '{context.id}' {reason}")


def _is_network(args: Mapping[str, Any]) -> bool:
    return args.get("loadBalancerType") == "network"


def loses_subnets(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a network load balancer is to leave a subnet: the provider replaces it unless it has more than before."""
    return _is_network(new) and len(new.get("subnets") or []) <= len(old.get("subnets") or [])


def moves_mappings(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a mapping of a subnet changes; a network load balancer can't do without one either."""
    before, after = old.get("subnetMappings") or [], new.get("subnetMappings") or []
    kept = [each for each in before if each in after]
    if len(after) < len(before):
        return _is_network(new) or len(kept) < len(after)
    return len(after) == len(before) or len(kept) < len(before)


def gains_or_loses_security(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a network load balancer gets its first security group, or loses its last."""
    return _is_network(new) and bool(old.get("securityGroups")) != bool(new.get("securityGroups"))


def gives_addresses_back(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a network load balancer is to have fewer secondary addresses."""
    name = "secondaryIpsAutoAssignedPerSubnet"
    return _is_network(new) and int(new.get(name) or 0) < int(old.get(name) or 0)


TYPES = [
    Type(
        "aws:lb/loadBalancer:LoadBalancer",
        "elbv2",
        create=Call(
            "CreateLoadBalancer",
            rename={
                "internal": As("Scheme", {True: "internal", False: "internet-facing"}),
                "loadBalancerType": "Type",
            },
            wait="load_balancer_available",
            waits={"LoadBalancerArns": ["{answer.LoadBalancers[0].LoadBalancerArn}"]},
        ),
        id="LoadBalancers[0].LoadBalancerArn",
        then=(
            Hook(refuse_contradictions, dry=True),
            Attributes(
                "ModifyLoadBalancerAttributes",
                {"LoadBalancerArn": "{id}"},
                keys=ATTRIBUTES,
                cleared=CLEARED,
                read=Read("DescribeLoadBalancerAttributes", {"LoadBalancerArn": "{id}"}, "Attributes"),
            ),
            Call(
                "SetSecurityGroups",
                {"LoadBalancerArn": "{id}", "SecurityGroups": "{securityGroups}"},
                takes=("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic",),
                recorded=True,
            ),
            Call(
                "ModifyCapacityReservation",
                {"LoadBalancerArn": "{id}"},
                takes=("minimumLoadBalancerCapacity",),
                cleared={"minimumLoadBalancerCapacity": None},
                recorded=True,
            ),
        ),
        update=(
            Call("SetSecurityGroups", {"LoadBalancerArn": "{id}"}, takes=("securityGroups",)),
            Call(
                "SetSubnets",
                {"LoadBalancerArn": "{id}"},
                takes=("subnets", "subnetMappings", "enablePrefixForIpv6SourceNat"),
                cleared={"enablePrefixForIpv6SourceNat": "off"},
            ),
            Call("SetIpAddressType", {"LoadBalancerArn": "{id}"}, takes=("ipAddressType",)),
            Call("ModifyIpPools", {"LoadBalancerArn": "{id}"}, takes=("ipamPools",), recorded=True),
        ),
        read=(
            Read(
                "DescribeLoadBalancers",
                {"LoadBalancerArns": ["{id}"]},
                "LoadBalancers[0]",
                rename={"subnets": "AvailabilityZones[].SubnetId", "name": "LoadBalancerName"},
            ),
            Hook(arn_suffix),
        ),
        delete=(Hook(refuse_protected), Call("DeleteLoadBalancer", {"LoadBalancerArn": "{id}"})),
        tags=TAGS,
        outputs={
            "arn": "LoadBalancerArn",
            "dnsName": "DNSName",
            "zoneId": "CanonicalHostedZoneId",
            "vpcId": "VpcId",
        },
        auto_name=AutoName(maximum=32),
        same={logs: f"!{logs} && !(old.{logs}.enabled)" for logs in LOGS},
        replace_when={
            "subnets": loses_subnets,
            "subnetMappings": moves_mappings,
            "securityGroups": gains_or_loses_security,
            "secondaryIpsAutoAssignedPerSubnet": gives_addresses_back,
        },
        computed=("securityGroups", "ipAddressType", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
    ),
]
