"""Route 53's records, health checks and zones, and the certificates of their names: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.dns import health_checks, hosted_zones, names, records

RULES = Domain("DNS", records.RULES, health_checks.RULES, hosted_zones.RULES, names.RULES, table.DNS)
