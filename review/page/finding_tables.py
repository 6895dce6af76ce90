"""Tables of a report for what policies found and what they changed."""

from collections.abc import Iterable

from review.assess.components import kind
from review.assess.findings import CANNOT_RUN
from review.page import markdown
from review.plan.model import STACK, Finding, Plan, Remediation, name_of, type_of
from review.plan.values import ABSENT
from review.plan.wording import count

HEADER = markdown.header("Policy", "Resource", "Message")
REMEDIATION_HEADER = markdown.header("Policy", "Resource", "Property", "Before", "After")


def rows(findings: Iterable[Finding]) -> list[str]:
    """A row for each finding: policy, resource, message."""
    return [markdown.row((policy(each), resource(each.urn), markdown.text(sentence(each)))) for each in findings]


def remediation_rows(remediations: Iterable[Remediation]) -> list[str]:
    """A row for each property that a policy set."""
    found = []
    for each in remediations:
        for name in sorted({*each.before, *each.after}):
            before, after = each.before.get(name, ABSENT), each.after.get(name, ABSENT)
            if before != after:
                cells = (
                    markdown.code(each.policy),
                    resource(each.urn),
                    markdown.code(name),
                    *markdown.pair(before, after),
                )
                found.append(markdown.row(cells))
    return found


def packs(plan: Plan) -> str:
    """Sentence about the packs that ran."""
    if not plan.streamed:
        return (
            "It is unknown whether policies ran: without streaming the engine leaves them out "
            "(`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1`)."
        )
    if not plan.succeeded and not plan.packs:
        return "It is unknown whether policies ran, because the preview failed."
    if not plan.packs:
        return "No policy pack ran."
    named = ", ".join(
        f"{markdown.code(name)} {markdown.text(version)}".strip() for name, version in sorted(plan.packs.items())
    )
    judged = f"; {count(plan.policies, 'policy', 'policies')} judged" if plan.policies else ""
    return f"{'Packs' if len(plan.packs) > 1 else 'Pack'}: {named}{judged}."


def policy(finding: Finding) -> str:
    """The policy's name, and its severity if it has one."""
    grave = f" ({markdown.text(finding.severity)})" if finding.severity else ""
    return f"{markdown.code(finding.policy)}{grave}"


def resource(urn: str) -> str:
    """A resource for a cell; a finding of the stack names none."""
    type_ = type_of(urn)
    return f"{markdown.text(kind(type_))} {markdown.code(name_of(urn))}" if type_ and type_ != STACK else "the stack"


def sentence(finding: Finding) -> str:
    """The message. Pulumi puts the policy's description before it, which the name in the row already says."""
    lines = [CANNOT_RUN.sub("", line) for line in finding.message.splitlines() if line.strip()]
    return " ".join(lines[1:] if len(lines) > 1 else lines)
