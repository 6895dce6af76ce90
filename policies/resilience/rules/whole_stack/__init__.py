"""What only the whole stack shows, resources that must go together: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules.whole_stack import stateful, ways_in

RULES = Domain("Across resources", stateful.RULES, ways_in.RULES)
