"""Promotions that were asked for and that the data has yet to follow.

At AWS a hidden machinery moves the data and then changes the roles. Here whoever runs the stores reads the wishes,
carries them out and reports it (`promoted`); until then the service shows that something is under way.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.reports import observes
from rehearsal.emulator.resets import on_reset


@dataclass(frozen=True)
class Wish:
    """One promotion. `details` says what is to become what, `done` changes the roles in the account."""

    number: int
    service: str
    kind: str
    region: str
    resource: str
    details: dict[str, Any]
    since: float
    done: Callable[[dict[str, Any]], None]


WISHES: list[Wish] = []
_numbers = count(1)


@on_reset
def forget() -> None:
    """Forget all wishes."""
    WISHES.clear()


def want(
    service: str, kind: str, region: str, resource: str, done: Callable[[dict[str, Any]], None], details: dict[str, Any]
) -> None:
    """Keep a wish, or carry it out at once where nothing lives."""
    if not clock.on():
        done({})
        return
    WISHES.append(Wish(next(_numbers), service, kind, region, resource, details, clock.now(), done))
    changes.note(service)


def under_way(service: str, resource: str, region: str | None = None) -> Wish | None:
    """The first wish for a resource."""
    for wish in WISHES:
        if (wish.service, wish.resource) == (service, resource) and region in (None, wish.region):
            return wish
    return None


@observes("promoted")
def promoted(reported: list[dict[str, Any]]) -> None:
    """Change the roles of wishes that the data followed; each names `wish`, and what else it has become."""
    numbers = {each["wish"]: each for each in reported}
    for wish in [wish for wish in WISHES if wish.number in numbers]:
        _finish(wish, numbers[wish.number])


@clock.at_end
def fulfil_all() -> None:
    """Change the roles of all wishes, because nothing lives any more."""
    for wish in [*WISHES]:
        _finish(wish, {})


def _finish(wish: Wish, report: dict[str, Any]) -> None:
    WISHES.remove(wish)
    wish.done(report)
    changes.note(wish.service)


def as_json() -> bytes:
    """Return the wishes, the oldest first."""
    shown = ("number", "service", "kind", "region", "resource", "details", "since")
    return json.dumps([{name: getattr(wish, name) for name in shown} for wish in WISHES]).encode()
