"""The site's name and what moves it between the regions: Route 53 with switch and automation, or Cloudflare."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from ha_web import CloudflareEdge, FailoverAutomation, FailoverDns, FailoverSwitch, RegionSwitchPlan
from ha_web.recovery.facts import Failover
from ha_web.recovery.strategy import has_cluster

from program import arguments
from program.arguments.failover import Regions
from program.settings.model import Settings


@dataclass(frozen=True)
class EdgeOutputs:
    """What the stack exports of the edge."""

    fqdn: pulumi.Input[str]
    health_check_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    switch: FailoverSwitch | None = None
    automation: FailoverAutomation | None = None


def create(site: Settings, zone_id: str | None, regions: Regions) -> EdgeOutputs:
    """Create the site's name over its clusters, and what moves it from one to the other."""
    if site.cloudflare:
        CloudflareEdge("site", arguments.cloudflare_edge(site, regions.clusters))
    if zone_id is None:
        by_hand = FailoverAutomation("site", arguments.automation(site, regions)) if _is_failed_over(site) else None
        return EdgeOutputs(site.domain, automation=by_hand)
    switch = None
    if site.has_switch:
        assert site.standby
        switch = FailoverSwitch(
            "site", {"region": site.standby.region, "movers": site.failover_roles, "tags": arguments.tags(site)}
        )
    dns = FailoverDns("site", arguments.dns(site, zone_id, regions.clusters, switch))
    automation = None
    if switch:
        automation = FailoverAutomation("site", arguments.automation(site, regions, switch, dns))
    if switch and site.failover == Failover.REGION_SWITCH:
        RegionSwitchPlan("site", arguments.region_switch(site, regions, switch, dns))
    return EdgeOutputs(dns.fqdn, dns.health_check_ids, switch, automation)


def _is_failed_over(site: Settings) -> bool:
    """Return whether a failover behind Cloudflare has steps: stores to promote, or servers to start."""
    return has_cluster(site.recovery) and (site.promotes or site.minimum("standby") < site.servers.minimum)
