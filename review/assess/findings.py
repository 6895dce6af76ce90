"""Sorts the findings of policies by what a reviewer does with them."""

import re
from dataclasses import dataclass

from review.plan.model import Finding, Plan

CANNOT_TELL = ("cannot tell until deployed", "can't run policy", "known only after deployment", "unknown value")
CANNOT_RUN = re.compile(r"^can't run policy '[^']*' from policy pack '[^']*' during preview: ")
"""The beginning of Pulumi's message when a policy met an unknown value; the row names policy and pack already."""
EXEMPT = ("exempt from", "exempted")
SEVERITIES = ("critical", "high", "medium", "low", "")


@dataclass(frozen=True)
class Findings:
    """The findings by what a reviewer does with them."""

    mandatory: list[Finding]
    touched: list[Finding]
    """Advisory, on resources that this change touches."""
    standing: list[Finding]
    """Advisory, on resources that stay as they are, or of the stack as a whole."""
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
    """The group that a finding belongs to."""
    message = finding.message.lower()
    if finding.level == "mandatory":
        return "mandatory"
    if any(phrase in message for phrase in CANNOT_TELL):
        return "cannot_tell"
    if finding.policy.startswith("exemption") or any(phrase in message for phrase in EXEMPT):
        return "exempt"
    return "touched" if finding.urn in changed else "standing"
