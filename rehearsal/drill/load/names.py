"""A user's cache of DNS answers: keeps an answer for its TTL, or for ever as some resolvers do."""

import asyncio
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype

TRIES, TIMEOUT = 2, 2.0
"""Of a question to the resolver; glibc's are 2 and 5 s (resolv.conf(5))."""


@dataclass(frozen=True)
class Addresses:
    """An answer."""

    addresses: tuple[str, ...]
    ttl: float


Ask: TypeAlias = Callable[[str], Awaitable[Addresses]]


class NoAddressError(OSError):
    """The name has no address, or nobody said one."""


async def ask(server: tuple[str, int], name: str) -> Addresses:
    """Ask a resolver for the IPv4 addresses of a name. Raises NoAddressError."""
    loop = asyncio.get_running_loop()
    question = dns.message.make_query(name, dns.rdatatype.A)
    for _ in range(TRIES):
        question.id = secrets.randbelow(1 << 16)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            asked.setblocking(False)
            try:
                asked.connect(server)
                await loop.sock_sendall(asked, question.to_wire())
                answer = dns.message.from_wire(await asyncio.wait_for(loop.sock_recv(asked, 4096), TIMEOUT))
            except (OSError, TimeoutError, dns.exception.DNSException):
                continue
        if answer.id != question.id:
            continue
        found = [each for each in answer.answer if each.rdtype == dns.rdatatype.A]
        if not found:
            raise NoAddressError(f"{name}: {dns.rcode.to_text(answer.rcode())}, no address")
        ttl = min(each.ttl for each in answer.answer)
        return Addresses(tuple(item.address for each in found for item in each), ttl)
    raise NoAddressError(f"{name}: no answer of {server[0]}")


class Cache:
    """The answers that a user has for one name. Times are those of the event loop's clock."""

    def __init__(self, ask: Ask, name: str, random: Random, *, ignores_ttl: bool = False) -> None:
        self._ask = ask
        self._name = name
        self._random = random
        self._ignores_ttl = ignores_ttl
        self._first = True
        self._asking: asyncio.Task[None] | None = None
        self._addresses: tuple[str, ...] = ()
        self._until = float("-inf")
        self.changed: Callable[[tuple[str, ...]], None] = lambda _: None
        """Called when an answer differs from the one before."""

    async def addresses(self) -> tuple[str, ...]:
        """Return the addresses, in the order in which the user tries them. Raises NoAddressError."""
        now = asyncio.get_running_loop().time()
        if self._addresses and (self._ignores_ttl or now < self._until):
            return self._addresses
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._renew())
        await asyncio.shield(self._asking)
        return self._addresses

    async def _renew(self) -> None:
        answer = await self._ask(self._name)
        # Whoever comes first finds an answer of some age in its resolver; later ones are as old as their TTL says.
        age = self._random.random() if self._first else 0.0
        self._first = False
        self._until = asyncio.get_running_loop().time() + answer.ttl * (1 - age)
        if set(answer.addresses) == set(self._addresses):
            return
        shuffled = list(answer.addresses)
        self._random.shuffle(shuffled)
        self._addresses = tuple(shuffled)
        self.changed(self._addresses)
