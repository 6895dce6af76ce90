"""ElastiCache and MemoryDB. In messages and names, a store is a replication group, a cluster or a serverless cache."""

from resilience.rule import Domain
from resilience.rules import store_nodes, store_security

RULES = Domain("Sessions")
RULES.extend([*store_nodes.RULES, *store_security.RULES])
