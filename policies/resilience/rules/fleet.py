"""Auto Scaling groups, launch templates and servers."""

from resilience.rule import Domain

RULES = Domain("Fleet")
