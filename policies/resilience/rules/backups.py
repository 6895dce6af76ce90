"""AWS Backup's plans, selections and vaults."""

from resilience.rule import Domain

RULES = Domain("Backup")
