"""All rules, a file each domain."""

from resilience.rule import Domain, Rule
from resilience.rules import (
    advice,
    backups,
    balancing,
    data,
    dns,
    encryption,
    fleet,
    functions,
    iam,
    network,
    observability,
    recovery,
    sessions,
    web_acls,
    whole_stack,
)

DOMAINS: tuple[Domain, ...] = (
    network.RULES,
    balancing.RULES,
    web_acls.RULES,
    fleet.RULES,
    functions.RULES,
    sessions.RULES,
    data.RULES,
    dns.RULES,
    backups.RULES,
    encryption.RULES,
    iam.RULES,
    observability.RULES,
    whole_stack.RULES,
    recovery.RULES,
    advice.RULES,
)
ALL: list[Rule] = [rule for domain in DOMAINS for rule in domain]
