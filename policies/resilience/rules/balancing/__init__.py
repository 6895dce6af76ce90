"""Load balancers, listeners and target groups: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.balancing import balancers, classic, listeners, target_groups, transport

RULES = Domain(
    "Balancing", balancers.RULES, listeners.RULES, target_groups.RULES, classic.RULES, transport.RULES, table.BALANCING
)
