"""The part to review first, on top of the report: lines that are never cut, at most 30 rows a table."""

from collections.abc import Sequence

from review.assess import cost
from review.assess.changes import changes_of
from review.assess.components import chain_of, kind, label
from review.assess.interruptions import Interruption
from review.assess.lost_state import Loss
from review.assess.openings import Opening
from review.assess.recovery import Recovery, Shift
from review.page import markdown
from review.plan.model import Operation, Plan, Step
from review.plan.values import Mark
from review.plan.wording import count

SIGNS = {
    Operation.CREATE: "🟢&nbsp;create",
    Operation.UPDATE: "🟡&nbsp;update",
    Operation.REPLACE: "🟠&nbsp;**replace**",
    Operation.DELETE: "🔴&nbsp;delete",
    Operation.FORGET: "⚪&nbsp;forget",
    Operation.IMPORT: "🔵&nbsp;import",
}
"""A colour and a word for each operation, for cells."""

Steps = dict[str, Step]


def identity(step: Step, steps: Steps) -> tuple[str, str, str]:
    """Three cells: what, its name, where it is."""
    return markdown.text(kind(step.type)), markdown.code(step.name, 60), where(step, steps)


def where(step: Step, steps: Steps) -> str:
    """The component that a resource is in, for a cell."""
    path = " > ".join(label(urn) for urn in chain_of(step, steps))
    return markdown.code(path, 60)


def state_lines(losses: list[Loss], steps: Steps, *, accepted: bool) -> list[str]:
    """State that is replaced, deleted or forgotten."""
    if not losses:
        return []
    answer = "accepted for this change" if accepted else "not accepted"
    rows = [(SIGNS[x.step.operation], *identity(x.step, steps), x.holds, markdown.text(x.note, 160)) for x in losses]
    title = f"#### State that is lost: {count(len(losses), 'resource')}, {answer}"
    return [title, "", *markdown.table(("", "Kind", "Name", "In", "Holds", "Note"), rows), ""]


def interruption_lines(interruptions: list[Interruption], steps: Steps) -> list[str]:
    """Changes that users or servers may notice. Resources of one kind with the same effect share a row."""
    if not interruptions:
        return []
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for x in interruptions:
        what, name, place = identity(x.step, steps)
        reason = markdown.text("; ".join(x.reasons), 160)
        alike.setdefault((SIGNS[x.step.operation], what, place, reason), []).append(name)
    rows = [(sign, what, listed(names), place, reason) for (sign, what, place, reason), names in alike.items()]
    return ["#### Interruptions", "", *markdown.table(("", "Kind", "Name", "In", "What happens"), rows), ""]


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def opening_lines(openings: list[Opening], steps: Steps) -> list[str]:
    """Traffic that is allowed and wasn't before."""
    if not openings:
        return []
    rows = [(source(x), markdown.text(x.rule.ports), *identity(x.step, steps), before(x)) for x in openings]
    names = ("Source", "Ports", "Kind", "Name", "In", "Before")
    return ["#### Network access that opens", "", *markdown.table(names, rows), ""]


def source(opening: Opening) -> str:
    """The source of a rule."""
    rule = opening.rule
    shown = f"*{rule.source}*" if isinstance(rule.source, Mark) else markdown.code(rule.source, 40)
    return f"⚠️ **{shown}** (everyone)" if rule.from_everywhere else shown


def before(opening: Opening) -> str:
    """Traffic that the resource allowed before."""
    return markdown.code(opening.before, 50) if opening.before else "nothing"


def recovery_lines(recovery: Recovery) -> list[str]:
    """Objectives and worst cases before and after; one line where nothing moves."""
    rows = [
        (
            f"{what} **{markdown.text(x.failure)}**, {x.what}",
            markdown.text(x.before),
            after(x),
            markdown.text(x.why, 200),
        )
        for what, shifts in (("Objective:", recovery.objectives), ("Worst case:", recovery.worst_cases))
        for x in shifts
    ]
    if rows:
        table = markdown.table(("", "Before", "After", "Why"), rows)
        return ["#### Recovery", "", *table, *(["", recovery.missing] if recovery.missing else []), ""]
    parts = [
        recovery.missing or "Objectives and worst cases stay as they are.",
        phrases("Declared", recovery.declared),
        phrases("Worst cases", recovery.standing),
    ]
    return [f"**Recovery.** {' '.join(filter(None, parts))}", ""]


def phrases(title: str, listed: Sequence[str]) -> str:
    """A list in a sentence."""
    return f"{title}: {markdown.text('; '.join(listed), 600)}." if listed else ""


def after(shift: Shift) -> str:
    """The figure that will hold."""
    return f"⚠️ **{markdown.text(shift.after)}**" if shift.worse else markdown.text(shift.after)


def cost_lines(costs: cost.Cost) -> list[str]:
    """The bill before and after."""
    if costs.before is None or costs.after is None:
        known = (
            f"{cost.dollars(costs.after)} a month at rest, by {markdown.text(costs.prices)}. " if costs.after else ""
        )
        return [f"**Monthly cost.** {known}{costs.missing}", ""]
    by = f"by {markdown.text(costs.prices)}, at rest"
    unknown = (
        f" Without a price, and left out: {', '.join(map(markdown.code, costs.unknown[:10]))}." if costs.unknown else ""
    )
    if not costs.changed:
        return [f"**Monthly cost.** {cost.dollars(costs.after)} as before, {by}.{unknown}", ""]
    sums = f"{cost.dollars(costs.before)} → {cost.dollars(costs.after)} (**{cost.signed(costs.difference)}**)"
    rows = [
        (markdown.text(name), cost.dollars(old), cost.dollars(new), cost.signed(new - old))
        for name, old, new in costs.items
    ]
    items = markdown.table(("For", "Before", "After", "Difference"), rows, most=12) if rows else []
    return ["#### Monthly cost", "", f"{sums}, {by}.{unknown}", "", *items, ""]


def drift_lines(plan: Plan, steps: Steps) -> list[str]:
    """Differences between the state and the account that an update would revert; the others are only named."""
    changing = {step.urn for step in plan.changed}
    undone = [step for step in plan.drifted if step.urn in changing]
    borne = [step.name for step in plan.drifted if step.urn not in changing]
    rows = [row for step in undone for row in drift_rows(step, steps)]
    header = ("Kind", "Name", "In", "Property", "The state says", "The account has")
    lines = ["#### Changed outside Pulumi", "", *markdown.table(header, rows), ""] if rows else []
    if not borne:
        return lines
    names = listed([*map(markdown.code, borne)], MOST_NAMES)
    return [*lines, f"Changed outside Pulumi, but an update would leave these alone: {names}.", ""]


MOST_NAMES = 20


def drift_rows(step: Step, steps: Steps) -> list[tuple[str, ...]]:
    """A row for each property that somebody changed."""
    if step.operation in (Operation.DELETE, Operation.FORGET):
        return [(*identity(step, steps), "", "it exists", "**it is gone**")]
    return [
        (*identity(step, steps), markdown.code(change.name), *markdown.pair(change.before, change.after))
        for change in changes_of(step)
    ]
