"""What is wrong with the poor site: the resources that each rule must find fault with, and no other."""

from typing import Any

PLANTED: dict[str, list[str]] = {
    "balancer-deletion-protection": ["api", "web"],
    "balancer-detects-failures-in-time": ["api", "web"],
}

UNKNOWN: set[str] = set()
"""The rules that can't tell yet of something in it."""

LEFT_OUT: dict[str, str] = {}
"""Rules that nothing is planted for, and why."""

CONFIG: dict[str, dict[str, Any]] = {
    "bucket-replicated": {"buckets": ["invoices"]},
    "resource-has-required-tags": {"required": {"owner": ""}},
    "role-has-boundary": {"boundary": "*"},
}
"""What the team has set of the rules that ask for nothing by default."""

STACK = {"aws:defaultTags": {"tags": {"owner": "shop"}}}
"""Of the stack's config: the provider's tags, which don't reach Auto Scaling groups."""
