"""VPCs and security groups: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.network import security_groups, vpc

RULES = Domain("Network")
for topic in (vpc, security_groups):
    RULES.extend(topic.RULES)
