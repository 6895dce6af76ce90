"""Resources as a rule sees them, and what it says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE as UNKNOWN
from pulumi_policy.proxy import unknown_checking_proxy
from resilience.resource import Resource, Stack
from resilience.rule import Rule, Verdict, judge
from resilience.rules import ALL

__all__ = ["UNKNOWN", "Pair", "judged", "resource", "rule"]


def resource(
    type_: str,
    name: str = "subject",
    /,
    *,
    links: Mapping[str, Sequence[Resource]] | None = None,
    provider: Mapping[str, Any] | None = None,
    **props: Any,
) -> Resource:
    """A resource of `aws:<type_>`; `UNKNOWN` stands for a value that is known only after the deployment."""
    token = f"aws:{type_}"
    return Resource(
        token,
        name,
        f"urn:{token}::{name}",
        unknown_checking_proxy(props),
        provider or {"region": "eu-west-1"},
        links or {},
    )


def rule(name: str) -> Rule:
    """The rule of this name."""
    [found] = [each for each in ALL if each.name == name]
    return found


def judged(name: str, *resources: Resource, **config: Any) -> Verdict:
    """The rule's messages on the first resource, in a stack of all of them."""
    return judge(rule(name), resources[0], config, Stack(resources))


@dataclass(frozen=True)
class Pair:
    """A resource that meets a rule and one that doesn't, each with the rest of its stack behind it.

    Attributes:
        says: part of the message about the bad one.
        config: settings of the rule for both.
    """

    good: Resource | Sequence[Resource]
    bad: Resource | Sequence[Resource]
    says: str
    config: Mapping[str, Any] = field(default_factory=dict)


def listed(side: Resource | Sequence[Resource]) -> Sequence[Resource]:
    """One resource as a list of one."""
    return [side] if isinstance(side, Resource) else side
