"""A good and a bad resource for each rule, a file each domain."""

from itertools import chain

from tests.policies.judged import Pair
from tests.policies.pairs import (
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

DOMAINS = (
    *(network, balancing, web_acls, fleet, functions, sessions, data, dns, backups, encryption, iam, observability),
    *(whole_stack, recovery, advice),
)
PAIRS: dict[str, Pair] = dict(chain.from_iterable(domain.PAIRS.items() for domain in DOMAINS))
