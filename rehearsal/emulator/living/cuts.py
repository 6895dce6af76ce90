"""Which Regions and zones nobody reaches, as it was reported. The silence itself is the network's business."""

from typing import Any

from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.reports import observes
from rehearsal.emulator.resets import on_reset

CUT: set[str] = set()
"""Names of Regions and zones."""


@on_reset
@clock.at_end
def forget() -> None:
    """Nothing is cut."""
    CUT.clear()


@observes("cut")
def cut(reported: list[Any]) -> None:
    """Take over the names of everything that is cut now."""
    CUT.clear()
    CUT.update(reported)
    changes.note("cut")


def region_is_cut(region: str) -> bool:
    """Return whether nobody reaches a Region."""
    return region in CUT


def zone_is_cut(zone: str) -> bool:
    """Return whether nobody reaches a zone. In a Region that is cut off, its zones still reach each other."""
    return zone in CUT
