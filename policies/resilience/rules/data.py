"""Databases, file systems and buckets."""

from resilience.rule import Domain

RULES = Domain("Database and storage")
