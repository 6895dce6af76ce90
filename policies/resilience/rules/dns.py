"""Route 53's records and health checks."""

from resilience.rule import Domain

RULES = Domain("DNS")
