"""What policies found, in the order in which a reviewer wants it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from review import markdown
from review.components import kind
from review.plan import STACK, Finding, Plan, Remediation, name_of, type_of
from review.values import ABSENT

CANNOT_TELL = ("cannot tell until deployed", "can't run policy", "known only after deployment", "unknown value")
CANNOT_RUN = re.compile(r"^can't run policy '[^']*' from policy pack '[^']*' during preview: ")
"""How Pulumi begins what it says of a policy that met an unknown value; the row names both already."""
EXEMPT = ("exempt from", "exempted")
SEVERITIES = ("critical", "high", "medium", "low", "")


@dataclass(frozen=True)
class Findings:
    """The findings by what a reviewer does with them."""

    mandatory: list[Finding]
    touched: list[Finding]
    """Advisory, of what this change touches."""
    standing: list[Finding]
    """Advisory, of what stays as it is, or of the stack as a whole."""
    cannot_tell: list[Finding]
    exempt: list[Finding]


def findings_of(plan: Plan) -> Findings:
    """The plan's findings, sorted."""
    changed = {step.urn for step in plan.changed}
    sorted_: dict[str, list[Finding]] = {name: [] for name in Findings.__annotations__}
    for finding in sorted(plan.findings, key=order):
        sorted_[group(finding, changed)].append(finding)
    return Findings(**sorted_)


def order(finding: Finding) -> tuple[int, str, str]:
    """The gravest first, then by policy."""
    grave = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    return grave, finding.policy, finding.urn


def group(finding: Finding, changed: set[str]) -> str:
    """Which of the groups a finding belongs to."""
    message = finding.message.lower()
    if finding.level == "mandatory":
        return "mandatory"
    if any(phrase in message for phrase in CANNOT_TELL):
        return "cannot_tell"
    if finding.policy.startswith("exemption") or any(phrase in message for phrase in EXEMPT):
        return "exempt"
    return "touched" if finding.urn in changed else "standing"


def rows(findings: Iterable[Finding]) -> list[str]:
    """A row each: policy, resource, what it says."""
    return [markdown.row((policy(each), resource(each.urn), markdown.text(sentence(each)))) for each in findings]


HEADER = markdown.header("Policy", "Resource", "What it says")


def policy(finding: Finding) -> str:
    """The policy's name, and its severity if it has one."""
    grave = f" ({markdown.text(finding.severity)})" if finding.severity else ""
    return f"{markdown.code(finding.policy)}{grave}"


def resource(urn: str) -> str:
    """A resource for a cell; a finding of the stack names none."""
    type_ = type_of(urn)
    return f"{kind(type_)} {markdown.code(name_of(urn))}" if type_ and type_ != STACK else "the stack"


def sentence(finding: Finding) -> str:
    """The message. Pulumi puts the policy's description before it, which the policy's name already says."""
    lines = [CANNOT_RUN.sub("", line) for line in finding.message.splitlines() if line.strip()]
    return " ".join(lines[1:] if len(lines) > 1 else lines)


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


REMEDIATION_HEADER = markdown.header("Policy", "Resource", "Property", "Before", "After")


def packs(plan: Plan) -> str:
    """Which packs ran, in a sentence."""
    if not plan.streamed:
        return (
            "Whether policies ran can't be told: the engine leaves them out of its document unless it streams "
            "(`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1`)."
        )
    if not plan.succeeded and not plan.packs:
        return "Whether policies ran can't be told: the preview failed."
    if not plan.packs:
        return "No policy pack ran."
    named = ", ".join(
        f"{markdown.code(name)} {markdown.text(version)}".strip() for name, version in sorted(plan.packs.items())
    )
    judged = f"; {markdown.count(plan.policies, 'policy', 'policies')} judged" if plan.policies else ""
    return f"{'Packs' if len(plan.packs) > 1 else 'Pack'}: {named}{judged}."
