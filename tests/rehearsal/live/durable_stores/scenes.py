"""Scenes with real Valkeys; `python -m tests.rehearsal.live.durable_stores.scenes NAME`, inside namespaces."""

import asyncio
import ssl
import time
from typing import Any

from rehearsal.live.durable_stores import DurableStores
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.stores.protocol import encode, read_reply
from tests.rehearsal.live.data import inside

PACE = 60.0
PORT = 6379
HERE, THERE = "eu-west-1", "eu-central-1"
PASSWORD = "from-the-secret-0123456789"
ACCESS = "on ~* -@all +@connection +@read +@write +@transaction -@admin -@dangerous +cluster|slots +info"


def endpoint(name: str, cluster: str, region: str) -> str:
    return f"{name}.{cluster}.abc.memorydb.{region}.amazonaws.com"


def cluster(region: str, name: str, together: str) -> dict[str, Any]:
    nodes = [
        {
            "Name": f"{name}-0001-00{number}",
            "Status": "available",
            "AvailabilityZone": f"{region}{zone}",
            "Endpoint": {"Address": endpoint(f"{name}-0001-00{number}", name, region), "Port": PORT},
        }
        for number, zone in ((1, "b"), (2, "c"), (3, "a"))
    ]
    return {
        "Name": name,
        "Status": "available",
        "ClusterEndpoint": {"Address": endpoint("clustercfg", name, region), "Port": PORT},
        "Shards": [{"Name": "0001", "Slots": "0-16383", "Nodes": nodes}],
        "ACLName": "sessions",
        "SubnetGroupName": "subnets",
        **({"MultiRegionClusterName": together} if together else {"ParameterGroupName": "own"}),
    }


def region_answers(region: str, name: str, block: int, together: str = "") -> dict[tuple[str, str], Any]:
    zones = [f"{region}{zone}" for zone in "abc"]
    answers = {
        "describe_clusters": {"Clusters": [cluster(region, name, together)]},
        "describe_parameters": {"Parameters": [{"Name": "maxmemory-policy", "Value": "volatile-lru"}]},
        "describe_subnet_groups": {"SubnetGroups": [{"Subnets": [{"Identifier": zone} for zone in zones]}]},
        "describe_subnets": {
            "Subnets": [
                {"AvailabilityZone": zone, "CidrBlock": f"10.{block}.{number}.0/24"}
                for number, zone in enumerate(zones)
            ]
        },
        "describe_acls": {"ACLs": [{"Name": "sessions", "UserNames": ["web"]}]},
        "describe_users": {"Users": [{"Name": "web", "AccessString": ACCESS}]},
        "list_secrets": {"SecretList": [{"ARN": "arn"}]},
        "get_secret_value": {"SecretString": f'{{"username": "web", "password": "{PASSWORD}"}}'},
    }
    return {(region, operation): answer for operation, answer in answers.items()}


ALONE = region_answers(HERE, "one", 0)
TOGETHER = {**region_answers(HERE, "one", 0, "both"), **region_answers(THERE, "two", 1, "both")}


class Client:
    """An application in a zone, with TLS, by the names that were published; it goes where it is sent, as in app/."""

    def __init__(self, lab: Any, host: Host, name: str) -> None:
        self.lab, self.host, self.name = lab, host, name
        self.context = ssl.create_default_context(cafile=str(lab.authority.bundle))

    async def ask(self, *words: str, name: str = "") -> Any:
        """Ask what the cluster's name leads to, or another node's, and where that sends on to."""
        name = name or self.name
        try:
            async with asyncio.timeout(1):
                address = self.lab.names.known[name][0]
                reader, writer = await self.host.connect(address, PORT, ssl=self.context, server_hostname=name)
                writer.write(encode(("AUTH", "web", PASSWORD)) + encode(words))
                await read_reply(reader)
                reply = await read_reply(reader)
                writer.close()
        except (OSError, TimeoutError, EOFError) as problem:
            return type(problem).__name__
        if str(reply).startswith("MOVED"):
            return await self.ask(*words, name=str(reply).split()[2].rpartition(":")[0])
        return str(reply) if isinstance(reply, Exception) else reply


async def alive(lab: Any) -> tuple[DurableStores, Client, Client]:
    stores = DurableStores(lab)
    await stores.reconcile()
    await until(stores, lambda: not stores.settled())
    made = []
    for number, (region, name) in enumerate(((HERE, "one"), (THERE, "two"))):
        host = await lab.fabric.add_host(f"app-{region}", [f"10.{number}.9.1"], Place(region, f"{region}a"))
        made.append(Client(lab, host, endpoint("clustercfg", name, region)))
    return stores, made[0], made[1]


async def until(stores: DurableStores, condition: Any, seconds: float = 20) -> float:
    """Let the part observe until something is true; how many seconds here that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, [stores.settled(), stores.describe()]
        await stores.observe()
        await asyncio.sleep(0.2)
    return time.monotonic() - began


def head(stores: DurableStores, region: str = HERE) -> str:
    [found] = [store.head for (where, _), store in stores.stores.items() if where == region]
    return found


async def lost(lab: Any) -> Any:
    """The primary is lost in the middle of writes, with replicas that have nothing of them."""
    stores, here, _ = await alive(lab)
    store = stores.stores[HERE, "one"]
    said = [await here.ask("SET", "k", "1"), await here.ask("CONFIG", "GET", "maxmemory-policy")]
    replica = endpoint("one-0001-002", "one", HERE)
    moved = await Client(lab, here.host, replica).ask("GET", "k")
    for name in ("one-0001-002", "one-0001-003"):  # they hear nothing any more, as if they lagged
        await store.nodes[name].tell(("CLIENT", "KILL", "TYPE", "MASTER"), ("CONFIG", "SET", "masterauth", "wrong"))
    counted = [await here.ask("INCR", "k") for _ in range(5)]
    old = await stores.lose_primary(HERE)
    during = await here.ask("INCR", "k")
    took = await until(stores, lambda: head(stores) != old)
    after = await here.ask("INCR", "k")
    await store.nodes["one-0001-003"].tell(("CONFIG", "SET", "masterauth", store.nodes[old].password))
    replaced = await until(stores, lambda: not stores.settled(), 40)
    found = [await node.tell(("READONLY",), ("GET", "k")) for node in store.nodes.values()]
    return {
        **{"said": said, "moved": moved, "counted": counted, "during": during, "took": took, "after": after},
        **{"found": [each[1] for each in found], "replaced": replaced, "reports": lab.account.reports},
    }


async def everything(lab: Any) -> Any:
    """All nodes are lost at once."""
    stores, here, _ = await alive(lab)
    await here.ask("SET", "k", "1")
    for name in stores.nodes(HERE):
        await stores.lose(name)
    await until(stores, lambda: bool(stores.settled()))
    await until(stores, lambda: not stores.settled())
    return {"k": await here.ask("GET", "k"), "events": [event["text"] for event in lab.events.since(0)]}


async def cut(lab: Any) -> Any:
    """The primary's zone is cut off; somebody inside goes on writing to it, also after it heals."""
    stores, here, _ = await alive(lab)
    old = head(stores)
    node = stores.stores[HERE, "one"].nodes[old]
    inner = await lab.fabric.add_host("app-b", ["10.0.9.2"], node.place)
    inside_zone = Client(lab, inner, node.spec.endpoint)
    await here.ask("SET", "k", "1")
    lab.fabric.cut(node.place)
    await stores.observe()
    isolated = await inside_zone.ask("SET", "k", "only-inside")
    await until(stores, lambda: head(stores) != old)
    ok = await here.ask("INCR", "k")
    lab.fabric.heal()
    former = await inside_zone.ask("INCR", "k")
    back = await until(stores, lambda: not stores.settled())
    return {
        **{"isolated": isolated, "ok": ok, "former": former, "back": back, "now": await inside_zone.ask("INCR", "k")},
        "k": [(await each.tell(("READONLY",), ("GET", "k")))[1] for each in stores.stores[HERE, "one"].nodes.values()],
    }


async def asked(lab: Any) -> Any:
    """The primary freezes and thaws; then somebody asks for a failover; a node is added meanwhile, and users change."""
    stores, here, _ = await alive(lab)
    old = await stores.freeze_primary(HERE)
    took = await until(stores, lambda: head(stores) != old)
    await stores.mend()
    await until(stores, lambda: not stores.settled(), 40)
    second = head(stores)
    wish = {"number": 1, "service": "memorydb", "kind": "failover-shard", "region": HERE, "resource": "one"}
    lab.account.wanted.append({**wish, "details": {"shard": "0001"}})
    await until(stores, lambda: not lab.account.wanted, 40)
    await here.ask("SET", "k", "1")
    [answer] = lab.account.answers[HERE, "describe_clusters"]["Clusters"]
    nodes = answer["Shards"][0]["Nodes"]
    name = "one-0001-004"
    nodes.append({**nodes[0], "Name": name, "Endpoint": {"Address": endpoint(name, "one", HERE), "Port": PORT}})
    lab.account.answers[HERE, "describe_users"]["Users"][0]["AccessString"] = "on ~* -@all +@read"
    await stores.reconcile()
    await until(stores, lambda: not stores.settled(), 40)
    _, found = await stores.stores[HERE, "one"].nodes[name].tell(("READONLY",), ("GET", "k"))
    refused = await here.ask("SET", "k", "2")
    nodes.pop()
    await stores.reconcile()
    return {
        **{"took": took, "again": head(stores) != second, "found": found, "refused": refused},
        "nodes": stores.nodes(HERE),
    }


async def full(lab: Any) -> Any:
    """The store is filled: sessions go, writes go on; healing takes the filling out."""
    stores, here, _ = await alive(lab)
    await stores.fill(HERE)
    said = await here.ask("SET", "other", "1", "EX", "1000")
    await stores.observe()
    used = stores.measured()[HERE, head(stores)]["memory"]
    await stores.mend()
    await stores.observe()
    return {"said": said, "used": used, "left": stores.measured()[HERE, head(stores)]["keys"]}


async def together(lab: Any) -> Any:
    """Both Regions take writes; one is cut off, both change the same, and then it is back."""
    stores, here, there = await alive(lab)
    ttl = await here.ask("EXPIRE", "k", "10")
    for words in (
        ("SET", "s", "1"),
        ("HSET", "h", "a", "1", "b", "1"),
        ("RPUSH", "l", "x"),
        ("HSET", "gone", "a", "1"),
    ):
        await here.ask(*words)
    first = await agreed(here, there)
    lab.fabric.cut(Place(HERE))
    app = Client(lab, here.host, here.name)
    await app.ask("HINCRBY", "h", "a", "10")
    await app.ask("SET", "s", "early")
    await app.ask("HSET", "only-here", "a", "1")
    await asyncio.sleep(0.1)
    await there.ask("HINCRBY", "h", "b", "5")
    await there.ask("SET", "s", "late")
    await there.ask("HINCRBY", "h", "a", "1")
    await there.ask("DEL", "gone")
    await there.ask("RPUSH", "l", "y")
    apart = [await here.ask("GET", "s"), await there.ask("GET", "s"), await there.ask("HGET", "only-here", "a")]
    await asyncio.sleep(0.5)
    await stores.observe()
    lag = dict(stores.stores[HERE, "one"].lags)
    lab.fabric.heal()
    last = await agreed(here, there)
    await stores.fill(HERE)  # without TTLs nothing may go
    refused = await here.ask("HINCRBY", "h", "a", "1")
    await stores.mend()
    for _ in range(20):  # the same session, in both Regions at once
        await asyncio.gather(here.ask("HINCRBY", "both", "a", "1"), there.ask("HINCRBY", "both", "b", "1"))
    return {
        "ttl": ttl,
        "first": first,
        "apart": apart,
        "lag": lag[THERE],
        "refused": refused,
        "last": last,
        "both": (await agreed(here, there))["both"],
    }


async def agreed(here: Client, there: Client) -> Any:
    """What both Regions say, once it is the same in both for a while."""
    same, said = 0, []
    for _ in range(100):
        await asyncio.sleep(0.05)
        both = [await _all(client) for client in (here, there)]
        same = same + 1 if both[0] == both[1] else 0
        if same == 4:
            return both[0]
        said = both
    raise AssertionError(said)


READ = {"s": "GET", "h": "HGETALL", "l": "LRANGE", "gone": "HGETALL", "only-here": "HGETALL", "both": "HGETALL"}


async def _all(client: Client) -> dict[str, Any]:
    said = {key: await client.ask(how, key, *(("0", "-1") if key == "l" else ())) for key, how in READ.items()}
    return {key: dict(zip(v[::2], v[1::2], strict=True)) if READ[key] == "HGETALL" else v for key, v in said.items()}


SCENES = {scene.__name__: (scene, ALONE) for scene in (lost, everything, cut, asked, full)} | {
    "together": (together, TOGETHER)
}

if __name__ == "__main__":
    import sys

    played, answers = SCENES[sys.argv[1]]
    inside.main({sys.argv[1]: played}, answers, PACE)
