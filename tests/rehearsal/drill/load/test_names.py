import asyncio
from pathlib import Path
from random import Random

import pytest

from rehearsal.drill.load.names import Addresses, Cache, NoAddressError, ask
from tests.rehearsal.drill.site import NAME, Site


class Says:
    def __init__(self) -> None:
        self.answer = Addresses(("192.0.2.1", "192.0.2.2"), 0.2)
        self.asked = 0

    async def __call__(self, _: str) -> Addresses:
        self.asked += 1
        return self.answer


def test_an_answer_is_kept_for_its_ttl_and_no_longer() -> None:
    async def main() -> None:
        says = Says()
        cache = Cache(says, "x", Random(1))
        first = await cache.addresses()
        assert await cache.addresses() == first
        assert says.asked == 1
        says.answer = Addresses(("192.0.2.9",), 60)
        await asyncio.sleep(0.25)
        assert await cache.addresses() == ("192.0.2.9",)

    asyncio.run(main())


def test_who_ignores_ttls_keeps_the_first_answer() -> None:
    async def main() -> None:
        says = Says()
        cache = Cache(says, "x", Random(1), ignores_ttl=True)
        first = await cache.addresses()
        says.answer = Addresses(("192.0.2.9",), 60)
        await asyncio.sleep(0.25)
        assert await cache.addresses() == first
        assert says.asked == 1

    asyncio.run(main())


def test_many_at_once_ask_once_and_the_first_answer_has_some_age() -> None:
    async def main() -> None:
        until = []
        for seed in range(20):
            says = Says()
            says.answer = Addresses(("192.0.2.1",), 100)
            cache = Cache(says, "x", Random(seed))
            await asyncio.gather(*(cache.addresses() for _ in range(5)))
            assert says.asked == 1
            until.append(cache._until - asyncio.get_running_loop().time())
        assert min(until) < 30
        assert 70 < max(until) <= 100

    asyncio.run(main())


def test_a_resolver_is_asked_over_udp(tmp_path: Path) -> None:
    async def main() -> None:
        async with Site(tmp_path) as site:
            assert await ask(site.resolver, NAME) == Addresses(("127.0.0.1",), 60)
            site.names.addresses = []
            with pytest.raises(NoAddressError, match="no address"):
                await ask(site.resolver, NAME)

    asyncio.run(main())
