"""Translates settings into the arguments of components: no decisions and no resources."""

from program.arguments.backups import audit, backups, restore_testing, vault_of
from program.arguments.clusters import Shared, certificates, cluster
from program.arguments.dns import dns, hosted_zone_id
from program.arguments.failover import automation, cloudflare_edge, region_switch
from program.arguments.shared import tags
from program.arguments.watch import alarms, exported

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
]
