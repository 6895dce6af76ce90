"""Plans: what an operation would do, as data. Making one calls nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One thing to do."""

    kind: str
    """Which of the operation's functions does it."""
    text: str
    """What it does, for a person."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What that function needs to know."""


@dataclass(frozen=True)
class Plan:
    """What an operation would do."""

    operation: str
    """As the person typed it: `failover`, `zone away euw1-az1`."""
    steps: tuple[Step, ...] = ()
    """Empty if nothing is left to do."""
    notes: tuple[str, ...] = ()
    """What a person should know before it is done."""
    refused: tuple[str, ...] = ()
    """Why it must not be done now; `--force` where the operation has it goes on nevertheless."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "operation": self.operation,
            "steps": [{"kind": step.kind, "text": step.text} for step in self.steps],
            "notes": list(self.notes),
            "refused": list(self.refused),
        }

    def lines(self) -> list[str]:
        """The plan for a person."""
        found = [f"refused: {reason}" for reason in self.refused]
        found += [f"note: {note}" for note in self.notes]
        if not self.steps and not self.refused:
            return [*found, "Nothing is left to do."]
        return [*found, *(f"{number}. {step.text}" for number, step in enumerate(self.steps, 1))]
