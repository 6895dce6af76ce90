"""The path to a group's servers: target groups, balancers, listeners, certificates."""

from collections.abc import Sequence

from resilience.aws.parts import parts
from resilience.aws.types import (
    CERTIFICATE,
    GROUP_ATTACHMENT,
    LISTENER_CERTIFICATES,
    LISTENER_RULES,
    LISTENERS,
    LOAD_BALANCERS,
    TARGET_GROUPS,
    TRAFFIC_SOURCE_ATTACHMENT,
)
from resilience.known import known_items
from resilience.resource import Resource, Stack

ATTACHMENTS = (GROUP_ATTACHMENT, TRAFFIC_SOURCE_ATTACHMENT)
OVER_TLS = ("HTTPS", "TLS")


def linked(resource: Resource, types: Sequence[str], *properties: str) -> list[Resource]:
    """The nearest resources of several types that these properties refer to, each once."""
    return list(dict.fromkeys(each for type_ in types for name in properties for each in resource.linked(type_, name)))


def target_groups_of(group: Resource, stack: Stack) -> list[Resource]:
    """The target groups that a group's servers are registered with: its own, and those attached to it."""
    attached = parts(stack, group, ATTACHMENTS, "autoscalingGroupName", "name", "id")
    found = linked(group, TARGET_GROUPS, "targetGroupArns", "trafficSources")
    for attachment in attached:
        found += linked(attachment, TARGET_GROUPS, "lbTargetGroupArn", "trafficSource")
    return found


def balancers_of(target_group: Resource, stack: Stack) -> list[Resource]:
    """The balancers whose listeners, or the rules of those, forward to a target group."""
    listeners = [each for each in stack.of_type(*LISTENERS) if each.refers_to(target_group, "defaultActions")]
    for rule in stack.of_type(*LISTENER_RULES):
        if rule.refers_to(target_group, "actions"):
            listeners += linked(rule, LISTENERS, "listenerArn")
    found = (each for listener in listeners for each in linked(listener, LOAD_BALANCERS, "loadBalancerArn"))
    return list(dict.fromkeys(found))


def secure_listeners(balancer: Resource, stack: Stack) -> list[Resource]:
    """The balancer's listeners with TLS."""
    found = parts(stack, balancer, LISTENERS, "loadBalancerArn", "arn", "id")
    return [each for each in found if each.get("protocol") in OVER_TLS or each.has("certificateArn")]


def names_of(listener: Resource, stack: Stack) -> set[str] | None:
    """The names on a listener's certificates; None where one of them is not of this stack.

    Raises:
        UnknownValueError: a certificate's names are not known yet.
    """
    holders = [(listener, "certificateArn")]
    holders += [
        (each, "certificateArn") for each in parts(stack, listener, LISTENER_CERTIFICATES, "listenerArn", "arn")
    ]
    names: set[str] = set()
    for holder, path in holders:
        linked_ones = holder.linked(CERTIFICATE, path)
        # where the property picks one of several regions' certificates, it is the one of its own
        certificates = [each for each in linked_ones if each.region == listener.region] or linked_ones
        if not certificates:
            return None
        for certificate in certificates:
            # AWS fills in the alternatives where the program has none: the first name again
            names |= {certificate.get("domainName"), *known_items(certificate, "subjectAlternativeNames")}
    return {name.lower() for name in names if name}


def covers(names: set[str], name: str) -> bool:
    """Return whether a name is on a certificate, by itself or by a wildcard."""
    return name in names or f"*.{name.partition('.')[2]}" in names
