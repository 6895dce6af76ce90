"""A value of a metric, as it was measured."""

from dataclasses import dataclass

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Datum:
    """One value of a metric in a Region."""

    region: str
    namespace: str
    name: str
    dimensions: Dimensions
    value: float
