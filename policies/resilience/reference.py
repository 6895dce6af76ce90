"""The source of a rule: a best practice of AWS's Well-Architected Framework, or a control of Security Hub."""

from dataclasses import dataclass

PILLARS = {"REL": "reliability-pillar", "SEC": "security-pillar", "OPS": "operational-excellence-pillar"}
WELL_ARCHITECTED = "https://docs.aws.amazon.com/wellarchitected/latest"
SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide"


@dataclass(frozen=True)
class Reference:
    """The id of a best practice or a control, and its page."""

    id: str
    url: str


def well_architected(id_: str, page: str) -> Reference:
    """A best practice, such as `REL10-BP01`, on the page of that name in its pillar's paper."""
    return Reference(id_, f"{WELL_ARCHITECTED}/{PILLARS[id_[:3]]}/{page}.html")


def security_hub(id_: str) -> Reference:
    """A control of AWS's foundational security best practices, such as `ELB.6`."""
    service, number = id_.split(".")
    return Reference(id_, f"{SECURITY_HUB}/{service.lower()}-controls.html#{service.lower()}-{number}")
