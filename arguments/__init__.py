"""What the settings mean for each component: plain translation, no decisions and no resources."""

from arguments.backups import audit, backups, restore_testing, vault_of
from arguments.clusters import Shared, certificates, cluster
from arguments.dns import dns, hosted_zone_id
from arguments.watch import alarms, exported

__all__ = [
    "Shared",
    "alarms",
    "audit",
    "backups",
    "certificates",
    "cluster",
    "dns",
    "exported",
    "hosted_zone_id",
    "restore_testing",
    "vault_of",
]
