"""The parts of a site, made in their order: what a Site consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from ha_web.alarms.alarms import Alarms
from ha_web.backup.audit import BackupAudit
from ha_web.backup.plan import BackupPlan
from ha_web.backup.restore_testing import RestoreTesting
from ha_web.dashboard.dashboard import Dashboard
from ha_web.encryption.certificates import Certificates
from ha_web.load_balancer.zonal_autoshift import ZonalAutoshift
from ha_web.site import arguments, dashboards, edge, game_days, hubs, regions, releases
from ha_web.site.model import Settings
from ha_web.site.notices import Topics, create_topics, watch_databases, watch_keys
from ha_web.site.parts import Parts
from ha_web.web_cluster import WebCluster


@dataclass(frozen=True)
class Composed:
    """The parts of a site that something of it is told of."""

    zone_id: pulumi.Input[str] | None
    """Id of the hosted zone; None where Cloudflare proxies the name."""
    webs: Mapping[str, WebCluster]
    """The clusters by role."""
    way_in: edge.EdgeOutputs
    plan: BackupPlan
    alarms: Mapping[str, Alarms]
    dashboard: Dashboard | None = None
    game_day: Mapping[str, Any] | None = None
    """The templates of experiments, and what they break."""


def compose(settings: Settings, parts: Parts) -> Composed:
    """Create all parts of a site. Raises MissingZoneError when the account lacks its hosted zone."""
    settings = replace(settings, tags={**settings.tags, **parts.tags})
    game_days.check(settings, parts)
    zone_id = None if settings.behind_cloudflare else arguments.hosted_zone_id(settings, parts)
    certificates = None
    if settings.requests_certificates:
        certificates = Certificates(parts.named("site"), arguments.certificates(settings, zone_id), parts.opts)
    topics = create_topics(settings, parts)
    both = regions.create(settings, certificates, parts)
    way_in = edge.create(settings, zone_id, both, topics, parts)
    backups = arguments.backups(settings, topics)
    if parts.tags:
        backups["only_tags"] = parts.tags
    plan = BackupPlan(parts.named("site"), backups, parts.opts)
    watch_keys(settings, topics, both, plan, parts)
    watch_databases(settings, topics, both.clusters, parts)
    alarms = _watch(settings, both.clusters, plan, topics, parts)
    for role, web in both.clusters.items() if settings.zonal_autoshift else ():
        if settings.minimum(role):
            ZonalAutoshift(parts.named(role), arguments.zonal_autoshift(settings, role, web, alarms[role]), parts.opts)
    releases.create(settings, both.clusters, alarms, topics, parts)
    dashboard = dashboards.create(settings, both.clusters, way_in, plan, alarms, topics, parts)
    experiments = game_days.create(settings, both.clusters, alarms, parts)
    hubs.create(settings, parts)
    return Composed(zone_id, both.clusters, way_in, plan, alarms, dashboard, experiments)


def _watch(
    settings: Settings, webs: Mapping[str, WebCluster], plan: BackupPlan, topics: Topics, parts: Parts
) -> Mapping[str, Alarms]:
    """Create weekly restores, reports on backups, and alarms."""
    restores = {
        role: RestoreTesting(
            parts.named(f"{role}-restores"), arguments.restore_testing(settings, role, web, plan), parts.opts
        )
        for role, web in webs.items()
        if settings.restores_of(role)
    }
    for role in webs if settings.backup.audit else ():
        BackupAudit(parts.named(f"{role}-backups"), arguments.audit(settings, role), parts.opts)
    return {
        role: Alarms(parts.named(role), arguments.alarms(settings, role, web, plan, restores, topics), parts.opts)
        for role, web in webs.items()
    }
