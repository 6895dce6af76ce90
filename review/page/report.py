"""The report as a whole, from a plan."""

from dataclasses import dataclass

from review.assess import findings
from review.assess.components import Component, Noise, components_of
from review.assess.cost import Cost, cost_of
from review.assess.interruptions import Interruption, interruptions_of
from review.assess.lost_state import Loss, losses_of
from review.assess.openings import Opening, openings_of
from review.assess.recovery import Recovery, recovery_of
from review.assess.verdict import Points, Verdict, verdict_of
from review.page import component_tables, finding_tables, markdown, must_see
from review.page.fit import Block, Rank, fitted
from review.page.picture import picture_of
from review.plan.model import Diagnostic, Operation, Plan
from review.plan.wording import count

MOST_ERRORS = 5
LONGEST_ERROR = 2000
LONGEST_WARNING = 300


@dataclass(frozen=True)
class Options:
    """Options of a report, from the command line."""

    stack: str
    base: str = ""
    accepted: bool = False
    """Loss of state is accepted."""
    drift: bool = False


@dataclass(frozen=True)
class Review:
    """A plan and its assessment."""

    plan: Plan
    options: Options
    verdict: Verdict
    losses: list[Loss]
    interruptions: list[Interruption]
    openings: list[Opening]
    recovery: Recovery
    cost: Cost
    components: list[Component]
    noise: list[Noise]
    findings: findings.Findings


def review_of(plan: Plan, options: Options) -> Review:
    """Look at a plan from every side."""
    losses, interruptions, openings = losses_of(plan), interruptions_of(plan), openings_of(plan)
    recovery = recovery_of(plan)
    worse = sum(shift.worse for shift in (*recovery.objectives, *recovery.worst_cases))
    points = Points(len(losses), len(interruptions), len(openings), worse)
    flagged = {x.step.urn for x in losses} | {x.step.urn for x in interruptions} | {x.step.urn for x in openings}
    components, noise = components_of(plan, flagged)
    return Review(
        plan=plan,
        options=options,
        verdict=verdict_of(plan, points, accepted=options.accepted, drift=options.drift),
        losses=losses,
        interruptions=interruptions,
        openings=openings,
        recovery=recovery,
        cost=cost_of(plan),
        components=components,
        noise=noise,
        findings=findings.findings_of(plan),
    )


def whole(review: Review) -> str:
    """The report, nothing cut."""
    return fitted(blocks(review), 1 << 40, "")


def within(review: Review, limit: int, pointer: str) -> str:
    """The report in at most `limit` characters."""
    return fitted(blocks(review), limit, pointer)


def marker(stack: str) -> str:
    """The first line, by which a pipeline finds its comment."""
    return f"<!-- ha-web review: {stack.replace('--', '-')} -->"


def headline(review: Review) -> str:
    """Numbers and verdict in a line, without Markdown."""
    return f"{review.verdict.words} {', '.join(numbers(review.plan))}."


def numbers(plan: Plan, strong: str = "") -> list[str]:
    """Number of resources by operation. Replacements stand out, if there are any."""
    counts = plan.counts()
    phrases = {each: f"{counts[each]} {noun}" for each, noun in NOUNS.items() if counts[each] or each in ALWAYS}
    if counts[Operation.REPLACE]:
        phrases[Operation.REPLACE] = f"{strong}{phrases[Operation.REPLACE]}{strong}"
    return [*phrases.values(), f"{counts[Operation.SAME]} unchanged"]


NOUNS = {
    Operation.CREATE: "to create",
    Operation.UPDATE: "to update",
    Operation.REPLACE: "to replace",
    Operation.DELETE: "to delete",
    Operation.FORGET: "to forget",
    Operation.IMPORT: "to import",
}
ALWAYS = (Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.DELETE)


def blocks(review: Review) -> list[Block]:
    """The report's blocks in their order."""
    return [
        Block(Rank.KEPT, "", top(review)),
        Block(Rank.KEPT, "", must_see_lines(review)),
        *component_tables.component_blocks(review.components, review.noise),
        *finding_blocks(review),
        *picture_blocks(review),
        *warning_blocks(review.plan),
    ]


def top(review: Review) -> list[str]:
    """Marker, title, verdict, numbers, errors."""
    options = review.options
    title = "Drift of" if options.drift else "Preview of"
    against = f", against {markdown.code(options.base)}" if options.base else ""
    return [
        marker(options.stack),
        f"## {title} {markdown.code(options.stack)}{against}",
        "",
        f"{review.verdict.sign} **{review.verdict.words}**",
        "",
        f"{', '.join(numbers(review.plan, '**'))}.",
        *error_lines(review.plan),
    ]


def error_lines(plan: Plan) -> list[str]:
    """The engine's errors, if the preview failed."""
    if plan.succeeded:
        return []
    lines = [line for error in plan.errors[:MOST_ERRORS] for line in error_block(error)]
    more = len(plan.errors) - MOST_ERRORS
    return ["", *(lines or ["The engine gave no reason."]), *([f"... and {more} more errors."] if more > 0 else [])]


def error_block(error: Diagnostic) -> list[str]:
    """One error, fenced so that nothing in it is Markdown."""
    message = markdown.cut_middle(error.message, LONGEST_ERROR)
    fence = "`" * max(3, message.count("`") + 1)
    named = [f"{finding_tables.resource(error.urn)}:", ""] if error.urn else []
    return [*named, f"{fence}text", *message.splitlines(), fence, ""]


def must_see_lines(review: Review) -> list[str]:
    """The part to review first."""
    steps = review.plan.by_urn()
    lines = [
        *must_see.drift_lines(review.plan, steps),
        *must_see.state_lines(review.losses, steps, accepted=review.options.accepted),
        *must_see.interruption_lines(review.interruptions, steps),
        *must_see.opening_lines(review.openings, steps),
        *figures(review),
    ]
    absent = [phrase for phrase, there in absences(review) if not there]
    sentence = f"{'; '.join(absent)}."
    quiet = [sentence[:1].upper() + sentence[1:], ""] if absent and review.plan.succeeded else []
    return ["### Review first", "", *quiet, *lines][:-1]


def figures(review: Review) -> list[str]:
    """Recovery and cost. A preview that failed hasn't got to the stack's outputs."""
    if not review.plan.succeeded:
        return ["Recovery and cost are unknown, because the preview failed.", ""]
    return [*must_see.recovery_lines(review.recovery), *must_see.cost_lines(review.cost)]


def absences(review: Review) -> list[tuple[str, bool]]:
    """Sentences for the checks, and whether each found something."""
    return [
        ("nothing that holds state is replaced, deleted or forgotten", bool(review.losses)),
        ("nothing that runs is interrupted", bool(review.interruptions)),
        ("no security group or network ACL lets in more than before", bool(review.openings)),
    ]


def finding_blocks(review: Review) -> list[Block]:
    """The findings of policies."""
    found = review.findings
    mandatory = count(len(found.mandatory), "mandatory finding")
    head = ["### Policies", "", finding_tables.packs(review.plan)]
    result = [Block(Rank.KEPT, "", head)]
    if found.mandatory:
        lines = [f"**{mandatory}**", "", *finding_tables.HEADER]
        result.append(Block(Rank.VIOLATIONS, "violations", lines, finding_tables.rows(found.mandatory)))
    if found.touched:
        lines = ["**Advisory, on resources that this change touches**", "", *finding_tables.HEADER]
        result.append(Block(Rank.TABLE, "tables", lines, finding_tables.rows(found.touched)))
    folds = (
        ("Advisory, on resources that stay as they are", found.standing),
        ("Unknown until deployed", found.cannot_tell),
        ("Exemptions in use", found.exempt),
    )
    result += [
        component_tables.counted(title, finding_tables.HEADER, finding_tables.rows(some))
        for title, some in folds
        if some
    ]
    if rows := finding_tables.remediation_rows(review.plan.remediations):
        result.append(component_tables.counted("Set by policies", finding_tables.REMEDIATION_HEADER, rows))
    return result


def picture_blocks(review: Review) -> list[Block]:
    """The picture, if anything changes."""
    lines = picture_of(review.plan, review.components, {loss.step.urn for loss in review.losses})
    return [Block(Rank.PICTURE, "the picture", ["### Picture", "", *lines])] if lines else []


def warning_blocks(plan: Plan) -> list[Block]:
    """The warnings of the engine and the providers."""
    warnings = plan.with_severity("warning")
    if not warnings:
        return []
    rows = [markdown.row((finding_tables.resource(x.urn), markdown.text(x.message, LONGEST_WARNING))) for x in warnings]
    return [component_tables.counted("Engine warnings", markdown.header("Resource", "Warning"), rows)]
