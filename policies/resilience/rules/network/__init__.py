"""VPCs, what can be reached in them, and security groups; the rules are in a file each topic."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.network import reach, security_groups, vpc

RULES = Domain("Network", vpc.RULES, reach.RULES, security_groups.RULES, table.NETWORK)
