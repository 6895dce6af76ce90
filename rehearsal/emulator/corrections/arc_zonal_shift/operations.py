"""The operations on zonal shifts and on what ARC manages."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.arc_zonal_shift import practice
from rehearsal.emulator.corrections.arc_zonal_shift.resources import Managed, managed, managed_as
from rehearsal.emulator.corrections.zonal_shifts import SHIFTS, Shift, active, now
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_"

LONGEST = timedelta(hours=72)
"""https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_StartZonalShift.html"""


def refused(message: str) -> AwsError:
    """The error for what AWS can't take."""
    return AwsError("ValidationException", message)


def duration(text: str) -> timedelta:
    """How long a shift lasts, from `90m` or `3h`."""
    found = re.fullmatch(r"([1-9][0-9]*)([mh])", text)
    lasts = timedelta(**{{"m": "minutes", "h": "hours"}[found[2]]: int(found[1])}) if found else None
    if lasts is None or lasts > LONGEST:
        raise refused(f"expiresIn {text} is not a time of up to three days")
    return lasts


def shift_of(call: Call) -> Shift:
    """The active shift that a call names."""
    shift = SHIFTS.get(call.parameters["zonalShiftId"])
    if shift is None or shift.region != call.region:
        raise AwsError("ResourceNotFoundException", "The zonal shift does not exist.", 404)
    if shift.status != "ACTIVE":
        raise AwsError("ConflictException", f"The zonal shift is {shift.status}.", 409)
    return shift


@implements("arc-zonal-shift", "StartZonalShift", see=f"{API}StartZonalShift.html")
def start(call: Call) -> dict[str, Any]:
    """Keep a resource's traffic, or its launches, out of a zone."""
    given = call.parameters
    resource = managed_as(call.region, given["resourceIdentifier"])
    if given["awayFrom"] not in resource.zones:
        raise refused(f"{resource.name} is not in the Availability Zone {given['awayFrom']}")
    lasts = duration(given["expiresIn"])
    if active(call.region, resource.arn):
        raise AwsError("ConflictException", f"There is a zonal shift for {resource.arn} already.", 409)
    began = now()
    shift = Shift(str(uuid4()), call.region, resource.arn, given["awayFrom"], began, began + lasts, given["comment"])
    SHIFTS[shift.identifier] = shift
    return shift.describe()


@implements("arc-zonal-shift", "UpdateZonalShift", see=f"{API}UpdateZonalShift.html")
def update(call: Call) -> dict[str, Any]:
    """Let a shift last longer or shorter, from now on, or comment on it."""
    shift, given = shift_of(call), call.parameters
    if "expiresIn" in given:
        shift.expires = now() + duration(given["expiresIn"])
    shift.comment = given.get("comment", shift.comment)
    return shift.describe()


@implements("arc-zonal-shift", "CancelZonalShift", see=f"{API}CancelZonalShift.html")
def cancel(call: Call) -> dict[str, Any]:
    """End a shift."""
    shift = shift_of(call)
    shift.canceled = True
    return shift.describe()


@implements("arc-zonal-shift", "ListZonalShifts", see=f"{API}ListZonalShifts.html")
def shifts(call: Call) -> dict[str, Any]:
    """List shifts, the newest first."""
    given = call.parameters
    found = [each for each in reversed(SHIFTS.values()) if each.region == call.region]
    return {
        "items": [
            {**each.describe(), "shiftType": "ZONAL_SHIFT"}
            for each in found
            if given.get("status") in (None, each.status) and given.get("resourceIdentifier") in (None, each.resource)
        ]
    }


def summary(region: str, resource: Managed) -> dict[str, Any]:
    """A managed resource with what is in effect."""
    shift = active(region, resource.arn)
    shifts = [{**shift.describe(), "appliedStatus": "APPLIED", "shiftType": "ZONAL_SHIFT"}] if shift else []
    away = shift.away_from if shift else ""
    return {
        "arn": resource.arn,
        "name": resource.name,
        "appliedWeights": {zone: float(zone != away) for zone in resource.zones},
        "zonalShifts": shifts,
        "autoshifts": [],
        **practice.status_of(resource.arn),
    }


@implements("arc-zonal-shift", "GetManagedResource", see=f"{API}GetManagedResource.html")
def get(call: Call) -> dict[str, Any]:
    """Describe a managed resource."""
    resource = managed_as(call.region, call.parameters["resourceIdentifier"])
    return {**summary(call.region, resource), **practice.configuration_of(resource.arn)}


@implements("arc-zonal-shift", "ListManagedResources", see=f"{API}ListManagedResources.html")
def resources(call: Call) -> dict[str, Any]:
    """List managed resources."""
    found = managed(call.region)
    return {"items": [{**summary(call.region, each), "availabilityZones": [*each.zones]} for each in found]}
