"""Servers behind balancers: how soon a lost one gets no more requests, and what is left."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.placement import count_of_zones
from resilience.aws.types import CONTAINER_SERVICE, GROUP, INSTANCE, TARGET_ATTACHMENTS, TARGET_GROUPS
from resilience.aws.values import amount
from resilience.aws.ways_in import target_groups_of
from resilience.known import known
from resilience.resource import Resource, Stack
from resilience.worst_cases.terms import Chain, Term

INTERVAL, THRESHOLD = 30, 3
"""The provider's defaults: https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/"""
TIMEOUT = {"HTTP": 6, "HTTPS": 10, "TCP": 10}
START = 300
"""Seconds until a new server serves, where the program doesn't say: the grace period that AWS's console sets."""
SURVIVES = 2


def chains(stack: Stack, *, of_a_zone: bool) -> Iterator[Chain]:
    """For each target group with servers: the steps until its requests are answered again."""
    for targets in stack.of_type(*TARGET_GROUPS):
        servers = list(_servers(targets, stack))
        if not servers:
            continue
        name = targets.name
        interval = amount(targets, "healthCheck.interval", INTERVAL)
        failures = amount(targets, "healthCheck.unhealthyThreshold", THRESHOLD)
        found = Term(f"{failures:g} health checks of {name} at {interval:g} s", failures * interval)
        protocol = str(known(targets, "healthCheck.protocol") or known(targets, "protocol") or "HTTP")
        late = Term("the last one's time-out", amount(targets, "healthCheck.timeout", TIMEOUT.get(protocol, 10)))
        if _survive(servers, of_a_zone=of_a_zone):
            yield found, late
        elif any(server.type in (GROUP, CONTAINER_SERVICE) for server in servers):
            yield found, late, Term(f"a new server behind {name} starts", _start(servers), assumed=True)
        else:
            yield found, late, Term(f"somebody replaces the only server behind {name}", None)


def _servers(targets: Resource, stack: Stack) -> Iterator[Resource]:
    """What is registered with a target group: groups, container services, instances."""
    yield from (group for group in stack.of_type(GROUP) if targets in target_groups_of(group, stack))
    yield from stack.referring_to(targets, CONTAINER_SERVICE, "loadBalancers")
    for attachment in parts(stack, targets, TARGET_ATTACHMENTS, "targetGroupArn", "arn", "id"):
        yield from attachment.linked(INSTANCE, "targetId")


def _survive(servers: list[Resource], *, of_a_zone: bool) -> bool:
    """Return whether servers are left."""
    if of_a_zone:
        return sum(_zones(server) for server in servers) >= SURVIVES
    return sum(_number(server) for server in servers) >= SURVIVES


def _number(server: Resource) -> float:
    if server.type == GROUP:
        return amount(server, "minSize")
    return amount(server, "desiredCount", 1) if server.type == CONTAINER_SERVICE else 1


def _zones(server: Resource) -> int:
    """The zones that its servers are in, at most one a server."""
    if server.type == INSTANCE:
        return 1
    subnets = "vpcZoneIdentifiers" if server.type == GROUP else "networkConfiguration.subnets"
    zones = count_of_zones(server, subnets, "availabilityZones" if server.type == GROUP else "")
    return int(min(zones if zones is not None else server.count(subnets), _number(server)))


def _start(servers: list[Resource]) -> float:
    stated = [amount(server, "healthCheckGracePeriod", START) for server in servers if server.type == GROUP]
    return max(stated, default=START)
