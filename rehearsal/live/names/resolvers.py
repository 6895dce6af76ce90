"""Who looks names up, and what they can reach: a resolver in every host, with the cache of its Region.

https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rehearsal.live.names.answers import Reply
from rehearsal.live.names.directory import Directory
from rehearsal.live.names.records import plain
from rehearsal.live.network.places import EDGE, Place

Look = Callable[[str, str, str], Reply]
"""From a name, a type and the asker's Region to the reply."""


@dataclass
class Resolvers:
    """All resolvers.

    aws: from seconds here to seconds at AWS. reachable: whether packets get from one place to another.
    """

    directory: Directory
    look: Look
    reachable: Callable[[Place, Place], bool]
    aws: Callable[[float], float]
    clock: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, str, str], tuple[Reply, float]] = field(default_factory=dict)

    def ask(self, name: str, kind: str, place: Place) -> Reply | None:
        """Answer as the resolver of a place does; None is silence: it can't reach who knows.

        A Region's resolver knows the names of the Region's own resources, and answers what it kept for its TTL.
        Users at the edge are asked for directly: their own caches are in `client`.
        """
        if not place.region:
            return self.look(name, kind, "") if self.reachable(place, EDGE) else None
        name = plain(name)
        key = (place.region, name, kind)
        if not self.reachable(place, Place(place.region)):
            return None
        entry = self.directory.entry(name)
        if entry is not None and entry.region == place.region:
            return self.look(name, kind, place.region)
        reply, at = self._kept.get(key, (None, 0.0))
        age = self.aws(self.clock() - at)
        if reply is not None and age < reply.ttl:
            return _aged(reply, age)
        if not self.reachable(place, EDGE):
            return None
        reply = self.look(name, kind, place.region)
        if entry is None:  # who publishes a name moves it at once: a store's endpoint has a short TTL at AWS
            self._kept[key] = (reply, self.clock())
        return reply


def _aged(reply: Reply, age: float) -> Reply:
    """Return the reply with what is left of its TTLs."""
    rows = tuple(type(row)(row.name, row.type, max(0.0, row.ttl - age), row.values) for row in reply.rows)
    return Reply(reply.code, rows, reply.soa, reply.reason)
