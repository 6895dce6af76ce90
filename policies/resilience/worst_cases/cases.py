"""The worst cases of a stack: a server, a zone, a region."""

from collections.abc import Iterator

from resilience.resource import Stack
from resilience.worst_cases import regions, serving, stores
from resilience.worst_cases.terms import Case


def cases(stack: Stack) -> Iterator[Case]:
    """The worst cases that the stack has something to say of; none where it neither serves nor keeps anything."""
    kept = list(stores.after_a_zone(stack))
    servers = tuple(serving.chains(stack, of_a_zone=False))
    if servers:
        yield Case("a server", servers)
    zones = (*serving.chains(stack, of_a_zone=True), *(chain for chain, _ in kept))
    if zones:
        yield Case("a zone", zones, tuple(loss for _, loss in kept if loss))
    losses = tuple(regions.losses(stack))
    if servers or losses:
        yield Case("a region", tuple(regions.chains(stack)), losses)
