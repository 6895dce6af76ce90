"""Route 53's records, health checks and zones, and the certificates of their names: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.dns import health_checks, hosted_zones, records

RULES = Domain("DNS")
for topic in (records, health_checks, hosted_zones):
    RULES.extend(topic.RULES)
