"""Translates settings into the arguments of components: no decisions and no resources."""

from ha_web.site.arguments.backups import audit, backups, restore_testing, vault_of
from ha_web.site.arguments.clusters import Shared, certificates, cluster
from ha_web.site.arguments.dns import dns, hosted_zone_id
from ha_web.site.arguments.failover import automation, cloudflare_edge, region_switch
from ha_web.site.arguments.shared import tags
from ha_web.site.arguments.watch import alarms, exported, zonal_autoshift

__all__ = [
    "Shared",
    "alarms",
    "audit",
    "automation",
    "backups",
    "certificates",
    "cloudflare_edge",
    "cluster",
    "dns",
    "exported",
    "hosted_zone_id",
    "region_switch",
    "restore_testing",
    "tags",
    "vault_of",
    "zonal_autoshift",
]
