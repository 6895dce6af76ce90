"""A Mermaid flowchart of what changes: components as boxes, resources coloured by what happens to them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from review.assess.components import ORDER, Component, Row, kind
from review.plan.model import Operation, Plan, State, Step
from review.plan.values import Mark

MOST_NODES = 40
MOST_EDGES = 80
SHORTEST_ID = 6
"""Shorter ids stand in properties by accident."""

COLOURS = {
    Operation.CREATE: "fill:#d3f2d8,stroke:#1a7f37,color:#0b3d1a",
    Operation.UPDATE: "fill:#fff2c2,stroke:#9a6700,color:#4d3300",
    Operation.REPLACE: "fill:#ffd8b5,stroke:#bc4c00,color:#5c2500,stroke-width:3px",
    Operation.DELETE: "fill:#ffd0d0,stroke:#cf222e,color:#6e0b14,stroke-dasharray:5 3",
    Operation.FORGET: "fill:#eaeef2,stroke:#57606a,color:#24292f,stroke-dasharray:5 3",
    Operation.IMPORT: "fill:#d6e9ff,stroke:#0969da,color:#0a3069",
}


def picture_of(plan: Plan, components: list[Component], lost: set[str]) -> list[str]:
    """The flowchart's lines, and how many resources it leaves out; nothing when nothing changes."""
    rows = [(component, row) for component in components for row in component.rows]
    chosen = sorted(rows, key=lambda each: importance(each[1].step, lost))[:MOST_NODES]
    if not chosen:
        return []
    names = {each[1].step.urn: f"n{number}" for number, each in enumerate(chosen)}
    arrows = edges(plan, names)
    drawn = [
        "```mermaid",
        "flowchart TB",
        *boxes(components, names),
        *(f"  {names[used]} --> {names[user]}" for used, user in arrows),
        *classes(chosen, names),
        "```",
        *(["", "Arrows point from a resource to what uses it."] if arrows else []),
    ]
    left = len(rows) - len(chosen)
    return [*drawn, "", f"{left} more resources change, which the picture leaves out."] if left else drawn


def importance(step: Step, lost: set[str]) -> tuple[bool, int, str]:
    """Sort key: lost state first, then by operation."""
    return step.urn not in lost, ORDER[step.operation], step.name


def boxes(components: list[Component], names: Mapping[str, str]) -> Iterator[str]:
    """The components as boxes within boxes."""
    tree: dict[str, Any] = {}
    for component in components:
        place = tree
        for part in component.path:
            place = place.setdefault(part, {})
        place[""] = [row.step for row in component.rows if row.step.urn in names]
    yield from box(tree, names, "c", "  ")


def box(tree: Mapping[str, Any], names: Mapping[str, str], own: str, indent: str) -> Iterator[str]:
    """The lines of one box. Empty boxes aren't drawn."""
    for step in tree.get("", []):
        yield f'{indent}{names[step.urn]}["{escaped(step.name)}<br/>{step.operation} {escaped(kind(step.type))}"]'
    for number, (title, inner) in enumerate((item for item in tree.items() if item[0]), 1):
        lines = [*box(inner, names, f"{own}{number}_", indent + "  ")]
        if lines:
            yield f'{indent}subgraph {own}{number}["{escaped(title)}"]'
            yield from lines
            yield f"{indent}end"


def escaped(text: str) -> str:
    """A label as Mermaid takes it: everything else than plain signs by its number."""
    plain = " ".join(text.split())[:60]
    return "".join(c if c.isalnum() or c in " -_./:" else f"#{ord(c)};" for c in plain)


def classes(chosen: Iterable[tuple[Component, Row]], names: Mapping[str, str]) -> Iterator[str]:
    """The colours, and which node has which."""
    by_operation: dict[Operation, list[str]] = {}
    for _, row in chosen:
        by_operation.setdefault(row.step.operation, []).append(names[row.step.urn])
    for operation, nodes in by_operation.items():
        yield f"  classDef {operation} {COLOURS[operation]}"
        yield f"  class {','.join(nodes)} {operation}"


def edges(plan: Plan, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of a drawn resource and a drawn one that uses it, without those that other pairs already connect."""
    steps = [step for step in plan.steps if step.urn in names]
    owners = {identity: step.urn for step in steps for identity in identities(step)}
    uses = {step.urn: used_by(step, plan, owners) & names.keys() - {step.urn} for step in steps}
    pairs = [(used, user) for user, some in uses.items() for used in sorted(some) if not is_shown(used, user, uses)]
    return sorted(pairs, key=lambda pair: (int(names[pair[0]][1:]), int(names[pair[1]][1:])))[:MOST_EDGES]


def used_by(step: Step, plan: Plan, owners: Mapping[str, str]) -> set[str]:
    """URNs of what a resource uses: from the engine, and by the ids in its inputs before and after."""
    known = {*plan.dependencies.get(step.urn, ())}.union(*(state.dependencies for state in states(step)))
    return known | {owners[text] for state in states(step) for text in texts(state.inputs) if text in owners}


def is_shown(used: str, user: str, uses: Mapping[str, set[str]]) -> bool:
    """Return whether other arrows already connect the two."""
    return any(used in uses.get(between, ()) for between in uses[user] if between not in (used, user))


def states(step: Step) -> list[State]:
    """The states before and after: a user of something replaced names the old one before, an unknown one after."""
    return [state for state in (step.old, step.new) if state]


def identities(step: Step) -> Iterator[str]:
    """The values by which other resources refer to this one: its id and ARN."""
    for state in states(step):
        for identity in (state.id, state.outputs.get("arn")):
            if isinstance(identity, str) and not isinstance(identity, Mark) and len(identity) >= SHORTEST_ID:
                yield identity


def texts(value: Any) -> Iterator[str]:
    """All strings within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
