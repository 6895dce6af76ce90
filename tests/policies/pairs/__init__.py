"""A good and a bad resource for each rule, a file each domain."""

from itertools import chain

from tests.policies.judged import Pair
from tests.policies.pairs import (
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

DOMAINS = (network, balancing, fleet, sessions, data, dns, backups, encryption, iam, observability, whole_stack)
PAIRS: dict[str, Pair] = dict(chain.from_iterable(domain.PAIRS.items() for domain in DOMAINS))
