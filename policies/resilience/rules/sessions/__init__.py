"""ElastiCache and MemoryDB. In messages and names, a store is a replication group, a cluster or a serverless cache."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.sessions import nodes, security

RULES = Domain("Sessions", nodes.RULES, security.RULES, table.SESSIONS)
