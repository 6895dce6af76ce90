"""Rules across resources, which only the whole stack can show, from a file each."""

from resilience.rule import Domain
from resilience.rules.whole_stack import stateful, ways_in

RULES = Domain("Across resources", stateful.RULES, ways_in.RULES)
