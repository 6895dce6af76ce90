"""Who takes writes among stores or databases that are replicated between Regions."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Replicated(Generic[K]):
    """A global datastore or database: its members, and the one that AWS says takes writes."""

    id: str
    writer: K
    members: tuple[K, ...]


class Writers(Generic[K]):
    """Knows who takes writes: as promoted here, else as AWS says, which hears of a promotion a moment later."""

    def __init__(self) -> None:
        self._known: dict[str, Replicated[K]] = {}
        self._writers: dict[str, K] = {}
        self._alone: set[K] = set()

    def take(self, known: Mapping[str, Replicated[K]]) -> None:
        """Take what AWS says now; it overrules what was promoted only when it has changed since."""
        for name, each in known.items():
            before = self._known.get(name)
            if before is None or before.writer != each.writer:
                self._writers[name] = each.writer
        for name in set(self._writers) - set(known):
            del self._writers[name]
        self._alone &= {member for each in known.values() for member in each.members}
        self._known = dict(known)

    def of(self, member: K) -> str | None:
        """Return the global datastore or database of a member; None if it is in none, or has left."""
        if member in self._alone:
            return None
        return next((each.id for each in self._known.values() if member in each.members), None)

    def upstream(self, member: K) -> K | None:
        """Return whom a member follows; None if it takes writes itself."""
        name = self.of(member)
        writer = self._writers[name] if name else member
        return writer if writer != member else None

    def role(self, member: K) -> str:
        """Return `primary`, `secondary`, or `alone`."""
        if self.of(member) is None:
            return "alone"
        return "secondary" if self.upstream(member) is not None else "primary"

    def promoted(self, name: str, member: K) -> None:
        """A member takes the writes now."""
        self._writers[name] = member

    def left(self, member: K) -> None:
        """A member takes writes on its own."""
        self._alone.add(member)
