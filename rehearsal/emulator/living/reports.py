"""What was measured of real processes: a report has sections, and each is for the module that registered it."""

import json
from collections.abc import Callable
from typing import Any

from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError

Observer = Callable[[list[dict[str, Any]]], None]

OBSERVERS: dict[str, Observer] = {}


def observes(section: str) -> Callable[[Observer], Observer]:
    """Register the decorated function for a section: it gets the list that a report has there."""

    def register(observer: Observer) -> Observer:
        OBSERVERS[section] = observer
        return observer

    return register


def take(body: bytes) -> None:
    """Hand a report's sections out. AwsError for an unknown one, or where the living mode is off."""
    if not clock.on():
        raise AwsError("NotLiving", "The living mode is off: POST /_rehearsal/live first.", 409)
    report = json.loads(body)
    if unknown := sorted(report.keys() - OBSERVERS.keys()):
        known = ", ".join(sorted(OBSERVERS))
        raise AwsError("UnknownSection", f"{', '.join(unknown)}: a report has {known}.", 400)
    for section, found in report.items():
        try:
            OBSERVERS[section](found)
        except (KeyError, TypeError, ValueError) as error:
            raise AwsError("BadReport", f"{section}: {type(error).__name__}: {error}", 400) from error
