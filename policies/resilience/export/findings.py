"""Reads findings from the engine's events: `pulumi preview --json` or `--event-log FILE`, a JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

UNKNOWN = "cannot tell"


@dataclass(frozen=True)
class Finding:
    """One finding of a rule.

    Attributes:
        urn: of the resource; of the stack, or empty, where the finding is about all of it.
        level: `mandatory` or `advisory`.
    """

    rule: str
    urn: str
    message: str
    level: str

    @property
    def resource(self) -> str:
        """The resource's name."""
        return self.urn.rpartition("::")[2] or "stack"

    @property
    def type(self) -> str:
        """The resource's type, without those of its parents."""
        parts = self.urn.split("::")
        return parts[2].rpartition("$")[2] if len(parts) > 2 else ""

    @property
    def is_unknown(self) -> bool:
        """True if the rule says only that it can't tell yet."""
        return UNKNOWN in self.message


def findings(lines: Iterable[str]) -> list[Finding]:
    """The findings in a log of events, each once, in the order in which they came.

    Raises:
        ValueError: a line begins like an event and isn't one; names its number.
    """
    return list(dict.fromkeys(_found(lines)))


def _found(lines: Iterable[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith("{"):
            continue
        try:
            event: dict[str, Any] = json.loads(line)
        except ValueError:
            message = f"line {number} is no JSON; an event log has an object a line (without --json's indentation)"
            raise ValueError(message) from None
        if said := event.get("policyEvent"):
            message = str(said["message"]).strip()
            yield Finding(said["policyName"], said.get("resourceUrn", ""), message, said["enforcementLevel"])
