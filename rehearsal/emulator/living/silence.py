"""The end of the living mode where the live plane died without a word: nobody would say that a server runs any more."""

import logging
import time

from rehearsal.emulator.living import clock

logger = logging.getLogger("rehearsal.living")

LONGEST = 180.0
"""Seconds here without a report or a question. The plane asks what changed every few seconds once it stands."""

_heard = [0.0]


@clock.at_start
def hear() -> None:
    """Note that the plane is there."""
    _heard[0] = time.monotonic()


@clock.every_tick
def look() -> None:
    """Switch the mode off where nobody was heard for too long."""
    if time.monotonic() - _heard[0] > LONGEST:
        logger.warning("nothing was heard of the live plane for %.0f s: the living mode ends", LONGEST)
        clock.stop()
