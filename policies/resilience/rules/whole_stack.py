"""What only the whole stack shows: resources that must go together."""

from resilience.rule import Domain

RULES = Domain("Across resources")
