"""Databases, file systems, tables and buckets: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.data import buckets, database_backups, database_security, databases, storage

RULES = Domain(
    "Database and storage",
    databases.RULES,
    database_backups.RULES,
    database_security.RULES,
    storage.RULES,
    buckets.RULES,
)
