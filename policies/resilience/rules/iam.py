"""Roles and policies."""

from resilience.rule import Domain

RULES = Domain("IAM")
