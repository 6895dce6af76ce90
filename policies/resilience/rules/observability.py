"""Alarms, logs and tags."""

from resilience.rule import Domain

RULES = Domain("Observability")
