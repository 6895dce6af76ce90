"""Groups changes by component, along each resource's chain of parents."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from review.assess.changes import Change, changes_of, noise_of
from review.plan.model import STACK, Operation, Plan, Step, name_of, type_of

ORDER = {
    each: place
    for place, each in enumerate(("replace", "delete", "forget", "update", "import", "create", "read", "same"))
}
"""The gravest operation first."""


@dataclass(frozen=True)
class Row:
    """One resource that changes."""

    step: Step
    changes: list[Change]


@dataclass
class Component:
    """A component and what changes in it."""

    path: tuple[str, ...]
    """As `("WebCluster primary", "Fleet primary")`; empty for what belongs to the stack itself."""
    operation: Operation
    """The operation on the component itself."""
    rows: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The chain in a line."""
        return " > ".join(self.path) or "The stack itself"


@dataclass(frozen=True)
class Noise:
    """A resource whose changes are all noise."""

    step: Step
    kind: str


def components_of(plan: Plan, flagged: set[str]) -> tuple[list[Component], list[Noise]]:
    """The components in which something changes, and the noise. What is `flagged` (URNs) is never noise."""
    steps = plan.by_urn()
    found: dict[tuple[str, ...], Component] = {}
    noise: list[Noise] = []
    for step in plan.changed:
        if not step.custom:
            continue
        changes = changes_of(step)
        kind = "" if step.urn in flagged else noise_of(step, changes)
        if kind:
            noise.append(Noise(step, kind))
            continue
        chain = chain_of(step, steps)
        path = tuple(label(urn) for urn in chain)
        own = steps[chain[-1]].operation if chain and chain[-1] in steps else Operation.SAME
        found.setdefault(path, Component(path, own)).rows.append(Row(step, changes))
    for component in found.values():
        component.rows.sort(key=lambda row: (row.step.urn not in flagged, ORDER[row.step.operation], row.step.name))
    return sorted(found.values(), key=lambda each: each.path), noise


def chain_of(step: Step, steps: Mapping[str, Step]) -> list[str]:
    """URNs of the components above a resource, the outermost first. Resources above it don't count."""
    chain: list[str] = []
    parent = step.state.parent
    while parent and parent not in chain and type_of(parent) != STACK:
        above = steps.get(parent)
        if above is None or not above.custom:
            chain.append(parent)
        parent = above.state.parent if above else ""
    return chain[::-1]


def label(urn: str) -> str:
    """A component's class and name."""
    return f"{type_of(urn).rsplit(':', 1)[-1]} {name_of(urn)}"


def kind(type_: str) -> str:
    """A type as people write it: `rds.Cluster`."""
    package, _, rest = type_.partition(":")
    module, _, class_ = rest.rpartition(":")
    module = module.split("/")[0]
    if package == "pulumi":
        return f"{module.rstrip('s')} {class_}"
    place = module if package == "aws" else package if module in ("index", "") else f"{package}.{module}"
    return f"{place}.{class_}"
