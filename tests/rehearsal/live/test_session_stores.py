"""The part `stores` finds the kind that a Region's sessions, or a node, are of."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rehearsal.live.session_stores import SessionStores


class Kind:
    """A kind of store with these nodes by Region."""

    def __init__(self, name: str, nodes: dict[str, list[str]], trouble: str = "") -> None:
        self.name, self._nodes, self._trouble = name, nodes, trouble
        self.did: list[str] = []

    def nodes(self, region: str) -> list[str]:
        return self._nodes.get(region, [])

    def has(self, node: str) -> bool:
        return any(node in each for each in self._nodes.values())

    async def observe(self) -> None:
        self.did.append("observe")
        if self._trouble:
            raise RuntimeError(self._trouble)

    async def lose_primary(self, region: str) -> str:
        return f"{self.name} {region}"

    async def lose(self, node: str) -> None:
        self.did.append(node)

    def settled(self) -> list[str]:
        return [f"{self.name} is not"]

    def describe(self) -> dict[str, Any]:
        return {"stores": list(self._nodes), "simulated": f"{self.name} is Valkey"}


def made(first: Kind, second: Kind) -> SessionStores:
    lab: Any = SimpleNamespace(fabric=None, folder=Path("/nowhere"), account=None, events=None)
    stores = SessionStores(lab)
    stores._kinds = (first, second)  # type: ignore[assignment] # fakes
    return stores


OLD, NEW = {"eu-west-1": ["one-001"]}, {"eu-central-1": ["two-0001-001"]}


def test_a_fault_breaks_the_store_that_is_in_the_region() -> None:
    stores = made(Kind("elasticache", OLD), Kind("memorydb", NEW))
    assert asyncio.run(stores.lose_primary("eu-west-1")) == "elasticache eu-west-1"
    assert asyncio.run(stores.lose_primary("eu-central-1")) == "memorydb eu-central-1"
    with pytest.raises(LookupError, match="no session store in us-east-1"):
        asyncio.run(stores.lose_primary("us-east-1"))


def test_a_node_is_found_in_its_kind() -> None:
    first, second = Kind("elasticache", OLD), Kind("memorydb", NEW)
    stores = made(first, second)
    asyncio.run(stores.lose("two-0001-001"))
    asyncio.run(stores.lose("one-001"))
    assert (first.did, second.did) == (["one-001"], ["two-0001-001"])


def test_trouble_with_one_kind_stops_not_the_other_and_is_told() -> None:
    first, second = Kind("elasticache", OLD, "no answer"), Kind("memorydb", NEW)
    with pytest.raises(RuntimeError, match="no answer"):
        asyncio.run(made(first, second).observe())
    assert second.did == ["observe"]


def test_what_is_simulated_is_said_of_the_kinds_that_there_are() -> None:
    assert made(Kind("elasticache", {}), Kind("memorydb", NEW)).describe() == {
        "stores": ["eu-central-1"],
        "simulated": "memorydb is Valkey",
    }
    assert made(Kind("one", OLD), Kind("two", NEW)).settled() == ["one is not", "two is not"]
