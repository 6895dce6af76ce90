"""Arguments of what fails over: the automation, the Region switch plan, and Cloudflare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi
import pulumi_aws as aws

from ha_web.alarms.notification_topic import NotificationTopic
from ha_web.cloudflare.edge import CloudflareEdgeArgs
from ha_web.cloudflare.rules import CloudflareSteering
from ha_web.dns.failover_dns import FailoverDns
from ha_web.failover.args import FailoverAutomationArgs, FailoverTopicRefArgs, RegionSwitchPlanArgs
from ha_web.failover.switch import FailoverSwitch
from ha_web.failover.targets import MOST_PATIENCE_SECONDS
from ha_web.load_balancer.protocols import Protocol
from ha_web.recovery.facts import Failover
from ha_web.recovery.strategy import Strategy, default_load
from ha_web.site.arguments.dns import check
from ha_web.site.arguments.shared import database_part, tags, without_none
from ha_web.site.model import Settings
from ha_web.site.parts import Parts
from ha_web.web_cluster import WebCluster


@dataclass(frozen=True)
class Regions:
    """The clusters by role, what the standby's data replicates from, and the keys."""

    clusters: Mapping[str, WebCluster]
    replication_sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, pulumi.Input[str]]] = field(default_factory=dict)
    """ARNs of the keys by what they encrypt and by region."""


def automation(
    site: Settings,
    regions: Regions,
    topics: Mapping[str, NotificationTopic],
    switch: FailoverSwitch | None = None,
    dns: FailoverDns | None = None,
) -> FailoverAutomationArgs:
    """Return the arguments of the function that fails over by itself, or that an operator invokes.

    Without a switch, behind Cloudflare, only an operator does.
    """
    more = {
        "after_seconds": site.failover_after,
        "enabled": switch is not None and site.failover == Failover.AUTOMATIC,
        "topic": _topic(site, topics),
        "tags": tags(site),
    }
    return cast(FailoverAutomationArgs, {**targets(site, regions, switch, dns), **more})


def _topic(site: Settings, topics: Mapping[str, NotificationTopic]) -> FailoverTopicRefArgs:
    """Return the topic of the standby's region, where a failover runs."""
    assert site.standby
    topic = topics[site.standby.region]
    return {"arn": topic.topic_arn, "key_arn": topic.key_arn}


def region_switch(
    site: Settings,
    regions: Regions,
    topics: Mapping[str, NotificationTopic],
    switch: FailoverSwitch,
    dns: FailoverDns,
) -> RegionSwitchPlanArgs:
    """Return the arguments of the Region switch plan, which AWS runs."""
    primary, standby = regions.clusters["primary"], regions.clusters["standby"]
    more = {
        "primary_region": site.primary.region,
        "group_arns": [primary.auto_scaling_group_arn, standby.auto_scaling_group_arn],
        **({"primary_cluster_arn": primary.database.cluster_arn} if primary.database else {}),
        "topic": _topic(site, topics),
        "tags": tags(site),
    }
    return cast(RegionSwitchPlanArgs, {**targets(site, regions, switch, dns), **more})


def targets(site: Settings, regions: Regions, switch: FailoverSwitch | None, dns: FailoverDns | None) -> dict[str, Any]:
    """Return what a failover observes, and what it promotes."""
    clusters, sources = regions.clusters, regions.replication_sources
    primary, standby = clusters["primary"], clusters["standby"]
    assert site.standby
    way = check(site)
    http = way["protocol"] in (Protocol.HTTP, Protocol.HTTPS)
    found: dict[str, Any] = {
        "region": site.standby.region,
        "primary": without_none(
            dns_name=primary.load_balancer_dns_name,
            protocol=way["protocol"] if http else "tcp",
            port=way["port"],
            path=way.get("path"),
        ),
        "capacity": {
            "group_name": standby.auto_scaling_group_name,
            "primary_group_name": primary.auto_scaling_group_name,
            "primary_region": site.primary.region,
            "minimum": site.servers.minimum,
            "needed": min(site.servers.minimum, site.servers.load or default_load(site.servers.minimum, site.zones)),
            **without_none(patience_seconds=_patience(site)),
        },
    }
    if switch and dns:
        found["beacon"] = dns.beacon
        found["switch"] = {"bucket_name": switch.bucket_name, "bucket_arn": switch.bucket_arn}
    if "global_replication_group_id" in sources.get("sessions", {}):
        found["sessions"] = {
            "global_replication_group_id": sources["sessions"]["global_replication_group_id"],
            "replication_group_id": standby.session_store_id,
        }
    if standby.database:
        found["database"] = {
            "global_cluster_id": sources[database_part(site.database.serving if site.database else None)][
                "global_cluster_id"
            ],
            "cluster_arn": standby.database.cluster_arn,
            **({"source_cluster_arn": primary.database.cluster_arn} if primary.database else {}),
            **({"write_forwarding": True} if primary.database and site.recovery is Strategy.ACTIVE_ACTIVE else {}),
        }
    if primary.storage and standby.storage:
        found["storage"] = {
            "source_file_system_id": primary.storage.file_system_id,
            "source_region": site.primary.region,
            "file_system_id": standby.storage.file_system_id,
        }
        found["optional"] = ["storage"]  # its promotion takes minutes, in which the site can serve
    return found


def _patience(site: Settings) -> int | None:
    """Return the seconds of a launch, for which a failover waits for a peak's servers; None where the owner says what
    carries the load, and in active-active, where users don't wait."""
    if site.servers.load or site.recovery is Strategy.ACTIVE_ACTIVE:
        return None
    launch = site.servers.boot_seconds + site.health_check.interval * site.health_check.healthy_threshold
    return min(launch, MOST_PATIENCE_SECONDS)


def cloudflare_edge(site: Settings, clusters: Mapping[str, WebCluster], parts: Parts) -> CloudflareEdgeArgs:
    """Return the arguments of Cloudflare in front of the load balancers, or of the name's delegation only."""
    assert site.cloudflare
    own = site.cloudflare
    args: dict[str, Any] = {"account_id": own.account_id, "zone_id": own.zone_id, "mode": own.mode}
    if not site.behind_cloudflare:
        servers = aws.route53.get_zone(name=site.zone, private_zone=False, opts=parts.invoke_opts).name_servers
        return cast(CloudflareEdgeArgs, {**args, "zone": own.parent_zone, "domain": site.zone, "name_servers": servers})
    monitor = {name: getattr(own, name) for name in ("path", "interval", "timeout", "retries")}
    origins: dict[str, Any] = {
        role: {"dns_name": web.load_balancer_dns_name, "region": site.roles[role].region}
        for role, web in clusters.items()
    }
    usual = CloudflareSteering.RANDOM if site.recovery is Strategy.ACTIVE_ACTIVE else CloudflareSteering.FAILOVER
    certificate = own.origin_certificate
    presented = (
        {"certificate": certificate.certificate, "private_key": certificate.private_key} if certificate else None
    )
    more = {"steering": own.steering or usual, "plan": own.plan, "manage_zone": own.manage_zone}
    return cast(
        CloudflareEdgeArgs,
        {
            **args,
            **more,
            **without_none(certificate=presented),
            "zone": site.zone,
            "domain": site.domain,
            "monitor": monitor,
            **origins,
        },
    )
