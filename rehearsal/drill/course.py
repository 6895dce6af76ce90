"""What happened in a scenario, as its stage notes it and its judge reads it."""

from dataclasses import dataclass, field

from rehearsal.drill.report.shape import Mark


@dataclass
class Course:
    """What happened in a scenario."""

    began: float
    ended: float = 0.0
    """Of the watching: what is healed and awaited afterwards belongs to nobody's time."""
    fault_at: float | None = None
    """From when on it is counted how long users wait."""
    target: str = ""
    marks: list[Mark] = field(default_factory=list)
    facts: dict[str, float | None] = field(default_factory=dict)
    trouble: str = ""
    """Why it could not be carried out."""
    broken_at: float | None = None
    """When something was broken first: what is lost is older than that, however much later a person acts."""
