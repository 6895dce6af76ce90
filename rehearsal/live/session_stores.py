"""The part `stores`: session stores of both kinds, ElastiCache's and MemoryDB's; a stack has one of them."""

import asyncio
from typing import Any

from rehearsal.live.durable_stores import DurableStores
from rehearsal.live.lab import Lab
from rehearsal.live.stores import Stores


class SessionStores:
    """The session stores of the account."""

    name = "stores"
    reads = Stores.reads | DurableStores.reads

    def __init__(self, lab: Lab) -> None:
        self._kinds = (Stores(lab), DurableStores(lab))

    async def reconcile(self) -> None:
        """Bring both kinds into step with the account; one that can't doesn't stop the other."""
        await self._both("reconcile")

    async def observe(self) -> None:
        """Look at both kinds."""
        await self._both("observe")

    async def _both(self, what: str) -> None:
        for outcome in await asyncio.gather(*(getattr(kind, what)() for kind in self._kinds), return_exceptions=True):
            if outcome is not None:
                raise outcome

    def describe(self) -> dict[str, Any]:
        """Plain data for the console. What is simulated is said of the kinds that there are."""
        found = [kind.describe() for kind in self._kinds]
        said = [each["simulated"] for each in found if each["stores"]]
        return {"stores": [store for each in found for store in each["stores"]], "simulated": ". ".join(said)}

    def settled(self) -> list[str]:
        """What is not as it should be."""
        return [why for kind in self._kinds for why in kind.settled()]

    def measured(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What CloudWatch's metrics of the nodes are made of, by (region, node)."""
        return {key: value for kind in self._kinds for key, value in kind.measured().items()}

    async def aclose(self) -> None:
        """End all nodes."""
        for kind in self._kinds:
            await kind.aclose()

    # Faults

    async def lose_primary(self, region: str) -> str:
        """Lose the node that takes writes, as hardware is lost."""
        return await self._in(region).lose_primary(region)

    async def freeze_primary(self, region: str) -> str:
        """Stop the node that takes writes: it holds its connections and answers nothing."""
        return await self._in(region).freeze_primary(region)

    def nodes(self, region: str) -> list[str]:
        """The nodes of a Region's stores."""
        return sorted(node for kind in self._kinds for node in kind.nodes(region))

    async def lose(self, node: str) -> None:
        """Lose a node, as hardware is lost."""
        await self._with(node).lose(node)

    async def freeze(self, node: str) -> None:
        """Stop a node where it is."""
        await self._with(node).freeze(node)

    async def lag(self, region: str, seconds: float) -> str:
        """Let replication inside a Region lag by so many seconds at AWS; 0 for no longer."""
        return await self._in(region).lag(region, seconds)

    async def fill(self, region: str) -> str:
        """Fill a store's memory with other people's sessions, until it has to let some go or takes no more."""
        return await self._in(region).fill(region)

    async def mend(self) -> None:
        """Undo the faults."""
        for kind in self._kinds:
            await kind.mend()

    def _in(self, region: str) -> Stores | DurableStores:
        for kind in self._kinds:
            if kind.nodes(region):
                return kind
        raise LookupError(f"there is no session store in {region}")

    def _with(self, node: str) -> Stores | DurableStores:
        elasticache, memorydb = self._kinds
        return elasticache if elasticache.has(node) else memorydb
