"""What people and the drill break in session stores of either kind."""

from __future__ import annotations

import time
from typing import Any, Generic, TypeVar

from rehearsal.live.stores import filling
from rehearsal.live.stores.engine import Engine
from rehearsal.live.stores.shard import Shard

S = TypeVar("S", bound=Shard[Any])


class Breakable(Generic[S]):
    """Stores by Region and id."""

    stores: dict[tuple[str, str], S]
    _full: set[tuple[str, str]]

    async def lose_primary(self, region: str) -> str:
        """Lose the node that takes writes, as hardware is lost."""
        store = self._in(region)
        store.nodes[store.head].lose()
        return store.head

    async def freeze_primary(self, region: str) -> str:
        """Stop the node that takes writes: it holds its connections and answers nothing."""
        store = self._in(region)
        store.nodes[store.head].freeze()
        return store.head

    def nodes(self, region: str) -> list[str]:
        """The nodes of a Region's stores."""
        return sorted(name for (where, _), store in self.stores.items() if where == region for name in store.nodes)

    def has(self, node: str) -> bool:
        """Tell whether a node is of one of these stores."""
        return any(node in store.nodes for store in self.stores.values())

    async def lose(self, node: str) -> None:
        """Lose a node, as hardware is lost."""
        self._node(node).lose()

    async def freeze(self, node: str) -> None:
        """Stop a node where it is."""
        self._node(node).freeze()

    async def fill(self, region: str) -> str:
        """Fill a store's memory with other people's sessions, until it has to let some go or takes no more."""
        key, store = self._key_in(region), self._in(region)
        await filling.fill(store.nodes[store.head])
        self._full.add(key)
        return key[1]

    async def _mend_nodes(self) -> None:
        """Thaw nodes, replace what is lost at once, take out what filled a store."""
        for key, store in self.stores.items():
            for node in store.nodes.values():
                node.thaw()
                if node.lost:
                    node.replaced_at = time.monotonic()
            if key in self._full:
                await filling.empty(store.nodes[store.head])
                self._full.discard(key)

    def _node(self, name: str) -> Engine:
        found: list[Engine] = [store.nodes[name] for store in self.stores.values() if name in store.nodes]
        if not found:
            raise LookupError(f"there is no node {name}")
        return found[0]

    def _key_in(self, region: str) -> tuple[str, str]:
        found = [key for key in self.stores if key[0] == region]
        if not found:
            raise LookupError(f"there is no session store in {region}")
        return found[0]

    def _in(self, region: str) -> S:
        return self.stores[self._key_in(region)]
