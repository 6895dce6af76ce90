"""Alarms, logs, trails and tags; the rules are in a file each topic."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.observability import alarms, logs, tags

RULES = Domain("Observability", alarms.RULES, logs.RULES, tags.RULES, table.OBSERVABILITY)
