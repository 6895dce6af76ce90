"""Errors that end a request of the engine."""

from typing import Any


class PartialError(Exception):
    """Something was created, but not all that belongs to it; the engine keeps what there is."""

    def __init__(self, reason: str, id: str, state: dict[str, Any]) -> None:
        super().__init__(reason)
        self.id, self.state = id, state
