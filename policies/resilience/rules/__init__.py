"""All rules, a file each domain."""

from resilience.rule import Domain, Rule
from resilience.rules import (
    backups,
    balancing,
    data,
    dns,
    encryption,
    fleet,
    iam,
    network,
    observability,
    sessions,
    whole_stack,
)

DOMAINS: tuple[Domain, ...] = (
    network.RULES,
    balancing.RULES,
    fleet.RULES,
    sessions.RULES,
    data.RULES,
    dns.RULES,
    backups.RULES,
    encryption.RULES,
    iam.RULES,
    observability.RULES,
    whole_stack.RULES,
)
ALL: list[Rule] = [rule for domain in DOMAINS for rule in domain]
