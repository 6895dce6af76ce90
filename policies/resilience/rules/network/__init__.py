"""VPCs and security groups: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.network import security_groups, vpc

RULES = Domain("Network", vpc.RULES, security_groups.RULES)
