"""AWS Backup's plans, selections and vaults: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules import backup_plans, backup_vaults

RULES = Domain("Backup")
for topic in (backup_plans, backup_vaults):
    RULES.extend(topic.RULES)
