"""What is to be told to the hub, from what it knows. No calls here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ha_web.resilience_hub.declaration import NOTHING, Declaration, failure_of

from ops.core.plan import Plan, Step
from ops.hub.testing import Run

POLICY, SERVICE, SOURCE, ASSERTION, ASSESS = "policy", "service", "source", "assertion", "assess"
"""Kinds of steps."""


@dataclass(frozen=True)
class Known:
    """What the hub knows of a site."""

    policy_arn: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)
    service: Mapping[str, Any] = field(default_factory=dict)
    """Empty if there is none of the name."""
    has_source: bool = False
    """Whether it knows where the site's resources are."""
    assertions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Those of ours, by failure."""
    assessment: Mapping[str, Any] = field(default_factory=dict)
    """The newest one."""
    runs: Sequence[Run] = ()
    """The newest run of each of the hub's own tests."""


def planned(wanted: Declaration, known: Known, tag: str, role: str) -> Plan:
    """Return the plan of declaring the objectives.

    Args:
        tag: value of the tag `ha-web:stack`, by which the hub finds the site's resources.
        role: name of the IAM role that the hub looks with.
    """
    if not wanted.policy:
        reason = f"the stack declares {NOTHING}: set ha-web:objectives"
        return Plan("hub declare", refused=(reason,))
    steps = []
    if not known.policy_arn:
        steps.append(Step(POLICY, f"create the policy {wanted.name}: {_told(wanted.policy)}"))
    elif differs(wanted.policy, known.policy):
        steps.append(Step(POLICY, f"change the policy {wanted.name}: {_told(wanted.policy)}"))
    if not known.service:
        steps.append(Step(SERVICE, f"create the service {wanted.name} in {', '.join(wanted.regions)}"))
    elif known.service.get("policyArn") != known.policy_arn or {*known.service.get("regions", ())} != {*wanted.regions}:
        steps.append(Step(SERVICE, f"give the service {wanted.name} its policy and regions"))
    if not known.has_source:
        steps.append(Step(SOURCE, f"let it find what has the tag ha-web:stack = {tag}"))
    for failure, text in wanted.assertions.items():
        if known.assertions.get(failure, {}).get("text") != text:
            verb = "change" if failure in known.assertions else "add"
            steps.append(Step(ASSERTION, f"{verb} the assertion: {text}", {"failure": failure}))
    refused: tuple[str, ...] = ()
    if any(step.kind == SERVICE and not known.service for step in steps) and not role:
        refused = ("--role is missing: the name of the IAM role that Resilience Hub is to look with",)
    return Plan("hub declare", tuple(steps), refused=refused)


def differs(wanted: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Return whether the hub's policy says something else; what we don't declare is not ours."""
    return any(dict(known.get(part) or {}) != dict(values) for part, values in wanted.items())


def _told(policy: Mapping[str, Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{part} {', '.join(f'{key} {value}' for key, value in values.items())}" for part, values in policy.items()
    )


def ours(assertions: Iterable[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Return our assertions by failure."""
    return {failure: each for each in assertions if (failure := failure_of(each["text"]))}
