"""Databases, file systems, tables and buckets: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.data import buckets, database_backups, database_security, databases, storage

RULES = Domain("Database and storage")
for topic in (databases, database_backups, database_security, storage, buckets):
    RULES.extend(topic.RULES)
