"""Which target has which of the servers that a node's configuration has ready. Pure.

A server of HAProxy that others follow (`track`) can't be added at run time, so a node has some to spare. Each is used
once: what it says of its last check would otherwise be that of another target.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rehearsal.live.balancers.health import View
from rehearsal.live.balancers.model import Target

SPARE = 6
"""Servers to spare at the start: as many changes go without a new configuration."""


@dataclass
class Slot:
    """A target in a server of the configuration."""

    number: int
    target: Target
    passed: bool = False
    """Whether it passed a health check, and has not been unhealthy when HAProxy forgot what it knew."""
    since: float = 0.0
    view: View | None = None
    """What the last check said: with a new configuration, HAProxy has forgotten it until the next one; AWS hasn't."""

    @property
    def name(self) -> str:
        """The server's name."""
        return f"t{self.number}"

    @property
    def takes(self) -> bool:
        """Whether requests may be sent to it, if its checks say so."""
        return self.passed and not self.target.draining


@dataclass
class Slots:
    """The servers of one target group on one node."""

    size: int = SPARE
    used: int = 0
    """Numbers up to here are used."""
    slots: dict[str, Slot] = field(default_factory=dict)
    """By key of the target."""

    def fill(self, targets: Sequence[Target], now: float) -> tuple[list[Slot], list[Slot], list[Slot], bool]:
        """Take up the registered targets.

        Returns:
            the slots that are new, those that changed between serving and draining, those that are gone, and whether
            there was no room: the configuration has to be written anew, with numbers from 1.
        """
        wanted = {key(each): each for each in targets}
        gone = [self.slots.pop(name) for name in [*self.slots] if name not in wanted]
        changed, new = [], []
        for name, target in wanted.items():
            known = self.slots.get(name)
            if known is None:
                self.used += 1
                self.slots[name] = Slot(self.used, target, since=now)
                new.append(self.slots[name])
            elif known.target != target:
                known.target = target
                changed.append(known)
        full = self.used > self.size
        if full:
            self.size = len(self.slots) + SPARE
            self.used = len(self.slots)
            for number, slot in enumerate(self.slots.values(), 1):
                slot.number = number
        return new, changed, gone, full

    def distrust(self) -> None:
        """Have unhealthy targets pass a check first: with a new configuration HAProxy takes all for healthy."""
        for slot in self.slots.values():
            slot.passed = slot.passed and (slot.view is None or slot.view[0] != "unhealthy")

    def by_name(self, name: str) -> Slot | None:
        """Return the slot of a server."""
        return next((slot for slot in self.slots.values() if slot.name == name), None)


def key(target: Target) -> str:
    """Return what tells a target from others of its group."""
    return f"{target.id}:{target.port}"
