"""Elastic Load Balancing v2: load balancers. What the real provider sends to which kind of balancer is in `ATTRIBUTES`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.context import Context
from rehearsal.aws_plugin.entry import As, Attributes, AutoName, Call, Hook, Read, Tags, Type

TAGS = Tags(
    "AddTags",
    "RemoveTags",
    {"ResourceArns": ["{id}"]},
    read="DescribeTags",
    at="TagDescriptions[0].Tags",
)
"""How everything of this service is tagged."""

ATTRIBUTES = {
    "accessLogs.enabled": "access_logs.s3.enabled",
    "accessLogs.bucket": "access_logs.s3.bucket",
    "accessLogs.prefix": "access_logs.s3.prefix",
    "connectionLogs.enabled": "connection_logs.s3.enabled",
    "connectionLogs.bucket": "connection_logs.s3.bucket",
    "connectionLogs.prefix": "connection_logs.s3.prefix",
    "healthCheckLogs.enabled": "health_check_logs.s3.enabled",
    "healthCheckLogs.bucket": "health_check_logs.s3.bucket",
    "healthCheckLogs.prefix": "health_check_logs.s3.prefix",
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

ATTRIBUTE_DEFAULTS = {
    "accessLogs.prefix": "",
    "accessLogs.bucket": "",
    "connectionLogs.prefix": "",
    "connectionLogs.bucket": "",
    "healthCheckLogs.prefix": "",
    "healthCheckLogs.bucket": "",
    "clientKeepAlive": 3600,
    "desyncMitigationMode": "defensive",
    "dnsRecordClientRoutingPolicy": "any_availability_zone",
    "enableHttp2": True,
    "idleTimeout": 60,
    "secondaryIpsAutoAssignedPerSubnet": 0,
    "xffHeaderProcessingMode": "append",
}
"""What AWS is told for an attribute that the program no longer gives: AWS's own defaults, as documented above."""


def arn_suffix(context: Context) -> Mapping[str, Any]:
    """What CloudWatch's dimensions call the balancer: `app/name/id`."""
    return {"arnSuffix": context.id.partition(":loadbalancer/")[2]}


def refuse_protected(context: Context) -> None:
    """Refuse to delete a protected balancer, as AWS does and the emulators don't."""
    answer = context.call("DescribeLoadBalancerAttributes", {"LoadBalancerArn": context.id})
    values = {each["Key"]: each["Value"] for each in answer["Attributes"]}
    if values.get("deletion_protection.enabled") == "true":
        raise RuntimeError(
            f"OperationNotPermitted: Load balancer '{context.id}' cannot be deleted because deletion protection is enabled"
        )


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
            Attributes(
                "ModifyLoadBalancerAttributes",
                {"LoadBalancerArn": "{id}"},
                keys=ATTRIBUTES,
                cleared=ATTRIBUTE_DEFAULTS,
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
            ),
        ),
        update=(
            Call("SetSecurityGroups", {"LoadBalancerArn": "{id}"}, takes=("securityGroups",)),
            Call(
                "SetSubnets",
                {"LoadBalancerArn": "{id}"},
                takes=("subnets", "subnetMappings"),
            ),
            Call("SetIpAddressType", {"LoadBalancerArn": "{id}"}, takes=("ipAddressType",)),
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
        ordered=(),
    ),
]
