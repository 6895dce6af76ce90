"""The middle of the report: a table a component, the property changes behind a fold, and the noise."""

from collections import Counter
from collections.abc import Iterator

from review.assess.changes import Change
from review.assess.components import Component, Noise, Row, kind
from review.page import markdown
from review.page.fit import Block, Rank
from review.page.must_see import SIGNS
from review.plan.model import Operation
from review.plan.values import ABSENT, SECRET, Mark, shown
from review.plan.wording import count

FOLDED_ROWS = 60
"""With more rows than this in all, the tables are folded too."""
INLINE = 3
"""Most changes shown in a resource's own row."""
SHORT = 32
MOST_INPUTS = 12
BORING = ("tags", "tagsAll", "region", "name", "namePrefix", "description")
"""Inputs of a new resource that its row already has, or that say nothing."""


def component_blocks(components: list[Component], noise: list[Noise]) -> list[Block]:
    """The section's blocks."""
    if not components and not noise:
        return []
    folded = sum(len(component.rows) for component in components) > FOLDED_ROWS
    blocks = [Block(Rank.KEPT, "", ["### Changes by component"])]
    for component in components:
        blocks.append(table(component, folded))
        rows = [line for row in component.rows if not shows_all(row) for line in property_rows(row)]
        if rows:
            title = f"Property changes in {component.title}"
            lines = markdown.fold(title, [*markdown.header("Resource", "Property", "Before", "After"), *rows])
            blocks.append(Block(Rank.DETAILS, "property changes", lines))
    return [*blocks, *noise_blocks(noise)]


def table(component: Component, folded: bool) -> Block:
    """The component's resources, a row each."""
    rows = [resource_row(row) for row in component.rows]
    head = markdown.header("", "Kind", "Name", "What changes")
    own = "" if component.operation is Operation.SAME else f" ({SIGNS.get(component.operation, component.operation)})"
    if folded:
        counted = Counter(row.step.operation for row in component.rows)
        summary = ", ".join(f"{number} {operation}" for operation, number in counted.items())
        return behind_fold(f"{component.title}: {summary}", head, rows)
    title = " > ".join(markdown.code(part) for part in component.path) or component.title
    return Block(Rank.TABLE, "tables", [f"#### {title}{own}", "", *head], rows)


def behind_fold(summary: str, header: list[str], rows: list[str]) -> Block:
    """A table behind a fold."""
    opening = f"<details><summary>{markdown.summary_line(summary)}</summary>"
    return Block(Rank.TABLE, "tables", [opening, "", *header], rows, ["", "</details>"])


def counted(title: str, header: list[str], rows: list[str]) -> Block:
    """A table behind a fold whose title counts the rows."""
    return behind_fold(f"{title}: {len(rows)}", header, rows)


def resource_row(row: Row) -> str:
    """Operation, kind, name, what changes."""
    step = row.step
    return markdown.row(
        (SIGNS[step.operation], markdown.text(kind(step.type)), markdown.code(step.name), what_changes(row))
    )


def what_changes(row: Row) -> str:
    """The most telling changes in a line."""
    parts = [inline(change) for change in inlined(row)]
    if len(row.changes) > len(parts):
        parts.append(f"{len(row.changes) - len(parts)} more")
    if row.step.operation is Operation.REPLACE and not any(change.replaces for change in row.changes):
        parts.insert(
            0,
            "because something it depends on is replaced"
            if not row.step.keys
            else f"because of {', '.join(row.step.keys)}",
        )
    return ", ".join(parts)


def inlined(row: Row) -> list[Change]:
    """The changes that stand in the row: the most telling ones, the first first."""
    return ([change for change in row.changes if not change.noise] or row.changes)[:INLINE]


def shows_all(row: Row) -> bool:
    """Return whether the row itself shows every change with its values."""
    return bool(row.changes) and inlined(row) == row.changes and all(map(is_short, row.changes))


def is_short(change: Change) -> bool:
    """Return whether both values fit into the row."""
    return max(len(shown(change.before)), len(shown(change.after))) <= SHORT


def inline(change: Change) -> str:
    """A change in a few words."""
    forces = " (forces replacement)" if change.replaces else ""
    name = markdown.code(change.name, 50)
    if isinstance(change.after, Mark) and change.before == change.after:  # both secret, or both unknown
        return f"{name}{' (a secret)' if change.after is SECRET else ''}{forces}"
    if not is_short(change):
        return f"{name}{forces}"
    return f"{name} {markdown.value(change.before)} → {markdown.value(change.after)}{forces}"


def property_rows(row: Row) -> Iterator[str]:
    """Every property that changes, with its values; of a new resource, what it is given."""
    name = markdown.code(row.step.name)
    changes = row.changes or (created(row) if row.step.operation is Operation.CREATE else [])
    for change in changes:
        forces = " (forces replacement)" if change.replaces else ""
        cells = markdown.pair(change.before, change.after)
        yield markdown.row((name, f"{markdown.code(change.name)}{forces}", *cells))
        name = ""


def created(row: Row) -> list[Change]:
    """A new resource's inputs that are known and worth showing."""
    telling = [
        Change((name,), ABSENT, value)
        for name, value in sorted(row.step.after.items())
        if name not in BORING and not isinstance(value, Mark) and value not in (None, "", [], {})
    ]
    return telling[:MOST_INPUTS]


def noise_blocks(noise: list[Noise]) -> list[Block]:
    """Resources whose changes are all noise, counted and folded."""
    if not noise:
        return []
    counted = ", ".join(f"{number} {what}" for what, number in Counter(each.kind for each in noise).most_common())
    rows = [
        markdown.row((markdown.text(each.kind), markdown.text(kind(each.step.type)), markdown.code(each.step.name)))
        for each in sorted(noise, key=lambda each: (each.kind, each.step.name))
    ]
    title = f"Noise: {count(len(noise), 'more update')} ({counted})"
    return [Block(Rank.NOISE, "noise", markdown.fold(title, [*markdown.header("What changes", "Kind", "Name"), *rows]))]
