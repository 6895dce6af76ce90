"""Zonal shifts as data: which zone a resource is kept out of, and until when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.resets import on_reset


@dataclass
class Shift:
    """A shift that somebody started."""

    identifier: str
    region: str
    resource: str
    """ARN."""
    away_from: str
    """Id of the zone."""
    started: datetime
    expires: datetime
    comment: str
    canceled: bool = False
    told: bool = False
    """Whether its end was counted as a change."""

    @property
    def status(self) -> str:
        """As ListZonalShifts has it."""
        if self.canceled:
            return "CANCELED"
        return "ACTIVE" if now() < self.expires else "EXPIRED"

    def describe(self) -> dict[str, Any]:
        """As in the answers to Start, Update and Cancel."""
        return {
            "zonalShiftId": self.identifier,
            "resourceIdentifier": self.resource,
            "awayFrom": self.away_from,
            "startTime": self.started,
            "expiryTime": self.expires,
            "status": self.status,
            "comment": self.comment,
        }


SHIFTS: dict[str, Shift] = {}
"""By identifier."""


@on_reset
def forget() -> None:
    """Forget all shifts."""
    SHIFTS.clear()


def now() -> datetime:
    """The time of day at AWS."""
    return clock.wall() if clock.on() else datetime.now(UTC)


def active(region: str, resource: str) -> Shift | None:
    """The shift of a resource that is in effect; AWS lets it have one."""
    found = (each for each in SHIFTS.values() if (each.region, each.resource) == (region, resource))
    return next((each for each in found if each.status == "ACTIVE"), None)


def shifted_zone(region: str, resource: str) -> str:
    """The name of the zone that a resource is kept out of; empty if there is none."""
    shift = active(region, resource)
    return zone_names(region)[shift.away_from] if shift else ""


def zone_names(region: str) -> dict[str, str]:
    """The names of a Region's zones by their ids."""
    zones = client("ec2", region).describe_availability_zones()["AvailabilityZones"]
    return {zone["ZoneId"]: str(zone["ZoneName"]) for zone in zones}


@clock.every_tick
def expire() -> None:
    """Count the end of a shift as a change: what follows the account must see it."""
    for shift in SHIFTS.values():
        if not shift.told and shift.status == "EXPIRED":
            shift.told = True
            changes.note("arc-zonal-shift")
