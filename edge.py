"""Who sends users to which region: Route 53 with its switch and the automation, or Cloudflare."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from ha_web import FailoverAutomation, FailoverDns, FailoverSwitch, RegionSwitchPlan, WebCluster
from ha_web.recovery_facts import Edge, Failover

import arguments
from both_regions import Regions
from settings import Settings


@dataclass(frozen=True)
class WayIn:
    """What the stack tells of it."""

    fqdn: pulumi.Input[str]
    health_check_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    switch: FailoverSwitch | None = None
    automation: FailoverAutomation | None = None


def create(site: Settings, zone_id: str, regions: Regions) -> WayIn:
    """The site's name over its clusters, and what moves it from one to the other."""
    clusters = regions.clusters
    if site.edge == Edge.CLOUDFLARE:
        return _behind_cloudflare(site, clusters)
    switch = None
    if site.has_switch:
        assert site.standby
        switch = FailoverSwitch("site", {"region": site.standby.region, "tags": arguments.tags(site)})
    dns = FailoverDns("site", arguments.dns(site, zone_id, clusters, switch))
    automation = None
    if switch and site.failover == Failover.AUTOMATIC:
        automation = FailoverAutomation("site", arguments.automation(site, clusters, regions.follows, switch, dns))
    if switch and site.failover == Failover.REGION_SWITCH:
        RegionSwitchPlan("site", arguments.region_switch(site, clusters, regions.follows, switch, dns))
    return WayIn(dns.fqdn, dns.health_check_ids, switch, automation)


def _behind_cloudflare(site: Settings, clusters: Mapping[str, WebCluster]) -> WayIn:
    from ha_web import CloudflareEdge  # noqa: PLC0415 - its SDK is loaded only where it is used

    CloudflareEdge("site", arguments.cloudflare_edge(site, clusters))
    return WayIn(site.domain)
