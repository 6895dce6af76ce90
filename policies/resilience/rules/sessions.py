"""ElastiCache and MemoryDB."""

from resilience.rule import Domain

RULES = Domain("Sessions")
