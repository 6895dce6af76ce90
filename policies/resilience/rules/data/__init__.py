"""Databases, file systems, tables and buckets: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.data import (
    bucket_access,
    bucket_upkeep,
    buckets,
    database_backups,
    database_durability,
    database_operations,
    database_security,
    databases,
    storage,
    storage_access,
)

RULES = Domain(
    "Database and storage",
    databases.RULES,
    database_durability.RULES,
    database_backups.RULES,
    database_security.RULES,
    database_operations.RULES,
    storage.RULES,
    storage_access.RULES,
    buckets.RULES,
    bucket_access.RULES,
    bucket_upkeep.RULES,
    table.DATA,
)
