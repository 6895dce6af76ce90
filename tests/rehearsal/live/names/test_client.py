"""How users' caches age."""

import asyncio
import socket
from random import Random

import pytest

from rehearsal.live.names.client import Cache


class Server:
    def __init__(self) -> None:
        self.address, self.asked, self.now = "10.0.0.1", 0, 0.0

    async def ask(self, _name: str) -> tuple[tuple[str, ...], float]:
        self.asked += 1
        return ((self.address,) if self.address else ()), 60.0


def first_change(seed: int, stubborn: float | None = None) -> float:
    """The second at which a user moves to an address that changed just after the user's first look-up."""
    server = Server()
    cache = Cache(server.ask, Random(seed), stubborn, lambda: server.now)
    asyncio.run(cache.lookup("www"))
    server.address = "10.0.0.2"
    while asyncio.run(cache.lookup("www")) == ("10.0.0.1",):
        server.now += 1
    return server.now


def test_users_move_within_the_ttl_each_at_a_moment_of_its_own() -> None:
    moments = sorted(first_change(seed) for seed in range(40))
    assert moments[0] < 10
    assert 50 < moments[-1] <= 60


def test_after_the_first_answer_the_whole_ttl_holds() -> None:
    server = Server()
    cache = Cache(server.ask, Random(1), None, lambda: server.now)
    asyncio.run(cache.lookup("www"))
    server.now = 60
    asyncio.run(cache.lookup("www"))
    server.now = 119.9
    asyncio.run(cache.lookup("www"))
    assert server.asked == 2


def test_stubborn_caches_keep_an_answer_longer_than_its_ttl() -> None:
    assert max(first_change(seed, 1800) for seed in range(40)) > 600


def test_a_name_without_addresses_is_an_error_and_is_not_kept() -> None:
    server = Server()
    server.address = ""
    cache = Cache(server.ask)
    with pytest.raises(socket.gaierror):
        asyncio.run(cache.lookup("www"))
    server.address = "10.0.0.1"
    assert asyncio.run(cache.lookup("www")) == ("10.0.0.1",)


def test_who_forgets_asks_again() -> None:
    server = Server()
    cache = Cache(server.ask)
    asyncio.run(cache.lookup("www"))
    cache.forget()
    asyncio.run(cache.lookup("www"))
    assert server.asked == 2
