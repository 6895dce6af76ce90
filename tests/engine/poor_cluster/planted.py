"""What is wrong with the poor site: the resources that each rule must find fault with, and no other."""

PLANTED: dict[str, list[str]] = {
    "balancer-deletion-protection": ["api", "web"],
    "balancer-detects-failures-in-time": ["api", "web"],
}

UNKNOWN: set[str] = set()
"""The rules that can't tell yet of something in it."""

LEFT_OUT: dict[str, str] = {}
"""Rules that nothing is planted for, and why."""

CONFIG = {"role-has-boundary": {"boundary": "*"}, "bucket-replicated": {"buckets": ["invoices"]}}
"""What a team would have set: rules that ask for nothing by default."""
