"""The whole network: the core, a router for each region and zone, the hosts; what is cut and what is slow."""

from collections.abc import Awaitable, Callable, Sequence

from rehearsal.live.network import kernel
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import EDGE, Place
from rehearsal.live.network.router import Router


class Fabric:
    """The network. What is made for each host, the relay to the account say, is in `on_host`."""

    def __init__(self) -> None:
        self._number = 0
        self.core = Router("core", 0, kernel.make_namespace(), None)
        self.routers: dict[Place, Router] = {}
        self.hosts: dict[str, Host] = {}
        self.on_host: list[Callable[[Host], Awaitable[None]]] = []

    def router(self, place: Place) -> Router:
        """The router of a place, made with those on the way to it."""
        if place not in self.routers:
            above = self.core if place == EDGE or not place.zone else self.router(Place(place.region))
            self._number += 1
            self.routers[place] = Router(place.name, self._number, kernel.make_namespace(), above)
        return self.routers[place]

    @property
    def addresses(self) -> set[str]:
        """The addresses of all hosts."""
        return {address for host in self.hosts.values() for address in host.addresses}

    def host(self, name: str) -> Host | None:
        """The host of a name."""
        return self.hosts.get(name)

    async def add_host(self, name: str, addresses: Sequence[str], place: Place) -> Host:
        """Make a host. Raises ValueError if there is one of the name, or one with such an address."""
        if name in self.hosts:
            raise ValueError(f"there is a host {name} already")
        for other in self.hosts.values():
            if taken := set(addresses) & set(other.addresses):
                raise ValueError(f"{name}: {', '.join(sorted(taken))} is the address of {other.name}")
        host = Host(name, addresses, place, self.router(place))
        self.hosts[name] = host
        for prepare in self.on_host:
            await prepare(host)
        return host

    async def remove_host(self, host: Host) -> None:
        """Take a host away, with its processes."""
        if self.hosts.get(host.name) is host:
            del self.hosts[host.name]
            await host.close()

    def cut(self, place: Place) -> None:
        """Make a zone, a region or the edge silent to all that is outside of it."""
        self.router(place).set_cut(True)

    def slow(self, place: Place, seconds: float) -> None:
        """Hold every packet that passes the router of a place; 0 for no longer."""
        self.router(place).set_slow(seconds)

    def heal(self, place: Place | None = None) -> None:
        """End cuts and delays, of one place or of all."""
        for known, router in self.routers.items():
            if place in (None, known):
                router.set_cut(False)
                router.set_slow(0)

    @property
    def cuts(self) -> list[Place]:
        """The places that are cut."""
        return sorted(place for place, router in self.routers.items() if router.cut)

    @property
    def slowed(self) -> dict[Place, float]:
        """The places that are slow, with the seconds of delay."""
        return {place: router.slow for place, router in self.routers.items() if router.slow}

    def reachable(self, here: Place, there: Place) -> bool:
        """Return whether packets get from one place to another."""
        return not any(self.routers[place].cut for place in _way(here) ^ _way(there) if place in self.routers)

    async def close(self) -> None:
        """Take everything away."""
        for host in list(self.hosts.values()):
            await self.remove_host(host)
        for router in [*self.routers.values(), self.core]:
            router.close()


def _way(place: Place) -> frozenset[Place]:
    """The places whose routers are on the way from a place to the core."""
    return frozenset({place, Place(place.region)} if place.region else {EDGE})
