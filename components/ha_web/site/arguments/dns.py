"""Arguments of the site's name: its hosted zone, its records, and how they choose between the regions."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi
import pulumi_aws as aws

from ha_web.alarms.notification_topic import NotificationTopic
from ha_web.dns.failover_dns import DnsRouting, DnsTargetArgs, FailoverDnsArgs
from ha_web.dns.health_checks import METRICS_REGION
from ha_web.failover.switch import FailoverSwitch
from ha_web.load_balancer.protocols import Protocol, transport_of
from ha_web.recovery.strategy import Strategy, routing
from ha_web.site.application import health_path_of
from ha_web.site.arguments.shared import tags, without_none
from ha_web.site.model import Settings
from ha_web.site.parts import Parts
from ha_web.web_cluster import WebCluster

CHECKED_AS = {Protocol.HTTP2: Protocol.HTTPS, Protocol.WEBSOCKET: Protocol.HTTPS}
"""Protocols that Route 53 checks as HTTPS."""


class MissingZoneError(ValueError):
    """The account has no hosted zone of the site's name; the text is the rest of a line about it."""


def hosted_zone_id(site: Settings, parts: Parts) -> pulumi.Input[str]:
    """Return the id of the site's hosted zone: as given, or looked up. Raises MissingZoneError."""
    if site.hosted_zone_id is not None:
        return site.hosted_zone_id
    try:
        return aws.route53.get_zone(name=site.zone, private_zone=False, opts=parts.invoke_opts).zone_id
    except Exception as error:  # the SDK has no class of its own for a function that fails
        reason = str(error).rsplit("returned an error: ", 1)[-1]
        raise MissingZoneError(f"zone is {site.zone}; its id can't be looked up: {reason}") from None


def dns(
    site: Settings,
    zone_id: pulumi.Input[str],
    clusters: Mapping[str, WebCluster],
    topics: Mapping[str, NotificationTopic],
    switch: FailoverSwitch | None = None,
) -> FailoverDnsArgs:
    """Return the arguments of the site's name over its clusters.

    Its alarms are in us-east-1; where the site has no region there, they have a topic of their own.
    """
    targets = {role: target(web, site.roles[role].region) for role, web in clusters.items()}
    args: FailoverDnsArgs = {
        "hosted_zone_id": zone_id,
        "domain": site.domain,
        "primary": targets["primary"],
        "tags": tags(site),
    }
    if "standby" in targets:
        args["standby"] = targets["standby"]
        if METRICS_REGION in topics:
            args["topic_arn"] = topics[METRICS_REGION].topic_arn
        else:
            args["notify"] = site.notify
        args["health_check"] = cast(Any, check(site))
        args["routing"] = DnsRouting(routing(site.recovery).value)
    if switch and site.recovery is not Strategy.ACTIVE_ACTIVE:
        args["switch_health_check_id"] = switch.health_check_id
        args["switch_canary_health_check_id"] = switch.canary_health_check_id
        args["promote_first"] = site.diverts_last
    return args


def check(site: Settings) -> dict[str, Any]:
    """Return the health check of a region from outside: protocol, port, path."""
    protocol = Protocol(site.protocol)
    transport = transport_of(protocol, certificate=True)
    http = transport.check_protocol == "HTTP" and protocol is not Protocol.GRPC
    return without_none(
        protocol=CHECKED_AS.get(protocol, protocol).value,
        port=site.port or transport.port,
        path=health_path_of(site) if http else None,
    )


def target(web: WebCluster, region: str) -> DnsTargetArgs:
    """Return a cluster's load balancer as a target of DNS records."""
    return {"dns_name": web.load_balancer.dns_name, "zone_id": web.load_balancer.zone_id, "region": region}
