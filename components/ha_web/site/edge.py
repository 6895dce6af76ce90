"""The site's name and what moves it between the regions: Route 53 with switch and automation, or Cloudflare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from ha_web.cloudflare.edge import CloudflareEdge
from ha_web.dns.failover_dns import FailoverDns
from ha_web.failover.automation import FailoverAutomation
from ha_web.failover.region_switch import RegionSwitchPlan
from ha_web.failover.switch import FailoverSwitch
from ha_web.recovery.facts import Failover
from ha_web.recovery.strategy import has_cluster
from ha_web.site import arguments
from ha_web.site.arguments.failover import Regions
from ha_web.site.model import Settings
from ha_web.site.notices import Topics
from ha_web.site.parts import Parts


@dataclass(frozen=True)
class EdgeOutputs:
    """What a site gives out of the edge."""

    fqdn: pulumi.Input[str]
    health_check_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    switch: FailoverSwitch | None = None
    automation: FailoverAutomation | None = None
    alarm_arns: Sequence[pulumi.Input[str]] = ()
    """Of the alarms on health checks and on the automation."""


def create(
    site: Settings, zone_id: pulumi.Input[str] | None, regions: Regions, topics: Topics, parts: Parts
) -> EdgeOutputs:
    """Create the site's name over its clusters, and what moves it from one to the other."""
    name, opts = parts.named("site"), parts.opts
    if site.cloudflare:
        CloudflareEdge(name, arguments.cloudflare_edge(site, regions.clusters, parts), opts)
    if zone_id is None:
        if not _is_failed_over(site):
            return EdgeOutputs(site.domain)
        by_hand = FailoverAutomation(name, arguments.automation(site, regions, topics), opts)
        return EdgeOutputs(site.domain, automation=by_hand, alarm_arns=by_hand.alarm_arns)
    switch = None
    if site.has_switch:
        assert site.standby
        switch = FailoverSwitch(
            name, {"region": site.standby.region, "movers": site.failover_roles, "tags": arguments.tags(site)}, opts
        )
    dns = FailoverDns(name, arguments.dns(site, zone_id, regions.clusters, topics, switch), opts)
    automation = None
    if switch:
        automation = FailoverAutomation(name, arguments.automation(site, regions, topics, switch, dns), opts)
    if switch and site.failover == Failover.REGION_SWITCH:
        RegionSwitchPlan(name, arguments.region_switch(site, regions, topics, switch, dns), opts)
    watched = [*dns.alarm_arns, *(automation.alarm_arns if automation else [])]
    return EdgeOutputs(dns.fqdn, dns.health_check_ids, switch, automation, watched)


def _is_failed_over(site: Settings) -> bool:
    """Return whether a failover behind Cloudflare has steps: stores to promote, or servers to start."""
    return has_cluster(site.recovery) and (site.promotes or site.minimum("standby") < site.servers.minimum)
