"""Load balancers, listeners and target groups: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.balancing import balancers, listeners, target_groups

RULES = Domain("Balancing", balancers.RULES, listeners.RULES, target_groups.RULES)
