"""Where a host is: in a zone, in a region, or at the edge."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """A place; without a zone it is the region's, without a region the edge: users, Route 53, the internet."""

    region: str = ""
    zone: str = ""

    @property
    def name(self) -> str:
        """The zone's name, or the region's, or edge."""
        return self.zone or self.region or "edge"


EDGE = Place()
