"""AWS Backup's plans, selections and vaults: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.backups import plans, vaults

RULES = Domain("Backup", plans.RULES, vaults.RULES, table.BACKUPS)
