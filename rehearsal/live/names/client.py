"""How users look names up: through caches that keep answers for their TTL, and through some that keep them longer."""

import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

import dns.asyncquery
import dns.exception
import dns.message
import dns.rdatatype

Ask = Callable[[str], Awaitable[tuple[tuple[str, ...], float]]]
"""From a name to its addresses and the seconds here that they may be kept. Raises OSError where nobody answers."""

TIMEOUT = 5.0
"""Seconds for an answer, as resolv.conf(5) has it."""


@dataclass
class Cache:
    """A cache of one user, or of the resolver of many.

    What it finds first, it has had for a while: the ages of users' answers are spread over the TTL.
    stubborn: seconds here that an answer is kept, whatever its TTL. Some clients and resolvers do that.
    """

    ask: Ask
    random: Random = field(default_factory=Random)
    stubborn: float | None = None
    clock: Callable[[], float] = time.monotonic
    _kept: dict[str, tuple[tuple[str, ...], float]] = field(default_factory=dict)

    async def lookup(self, name: str) -> tuple[str, ...]:
        """Return a name's addresses. Raises OSError where there are none and none are kept."""
        addresses, until = self._kept.get(name, ((), 0.0))
        if addresses and self.clock() < until:
            return addresses
        found, ttl = await self.ask(name)
        if not found:
            raise socket.gaierror(socket.EAI_NODATA, f"{name} has no address")
        kept = ttl if self.stubborn is None else self.stubborn
        age = self.random.uniform(0.0, kept) if name not in self._kept else 0.0
        self._kept[name] = (found, self.clock() + kept - age)
        return found

    def forget(self) -> None:
        """Forget everything, as a user does who starts afresh."""
        self._kept.clear()


def over_network(address: str, port: int, *, timeout: float = TIMEOUT) -> Ask:
    """Ask a DNS server for IPv4 addresses, twice before giving up."""

    async def ask(name: str) -> tuple[tuple[str, ...], float]:
        question = dns.message.make_query(name, dns.rdatatype.A)
        for left in (1, 0):
            try:
                answer = await dns.asyncquery.udp(question, address, timeout=timeout, port=port)
            except (TimeoutError, dns.exception.DNSException, OSError) as error:
                if not left:
                    raise socket.gaierror(socket.EAI_AGAIN, f"{name}: {address} does not answer") from error
                continue
            rows = [row for row in answer.answer if row.rdtype == dns.rdatatype.A]
            values = tuple(item.address for row in rows for item in row)
            return values, float(min((row.ttl for row in answer.answer), default=0))
        raise AssertionError

    return ask
