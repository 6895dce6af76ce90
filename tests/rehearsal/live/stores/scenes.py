"""Scenes with real Valkeys in two Regions; `python -m tests.rehearsal.live.stores.scenes NAME`, inside namespaces."""

import asyncio
import ssl
import time
from typing import Any

from ha_web.sessions.elasticache_rules import FENCE, parameters

from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place
from rehearsal.live.stores import Stores
from rehearsal.live.stores.protocol import encode, read_reply
from tests.rehearsal.live.data import inside

PACE = 5.0
PORT = 6379
FENCED = 1.5 + float(FENCE["min-replicas-max-lag"])
"""Seconds here after which a primary that is cut off has noticed that no replica acknowledges."""
HERE, THERE = "eu-west-1", "eu-central-1"
PASSWORD = "from-the-secret-0123456789"


def _group(region: str, name: str) -> dict[str, Any]:
    members = [
        {
            "CacheClusterId": f"{name}-00{number}",
            "PreferredAvailabilityZone": f"{region}{zone}",
            "ReadEndpoint": {"Address": f"{name}-00{number}.{name}.cache.amazonaws.com", "Port": PORT},
            "CurrentRole": "primary" if number == 1 else "replica",
        }
        for number, zone in ((1, "b"), (2, "c"), (3, "a"))
    ]
    return {
        "ReplicationGroupId": name,
        "Status": "available",
        "AutomaticFailover": "enabled",
        "UserGroupIds": [f"{name}-users"],
        "NodeGroups": [
            {
                "NodeGroupId": "0001",
                "PrimaryEndpoint": {"Address": f"master.{name}.cache.amazonaws.com", "Port": PORT},
                "ReaderEndpoint": {"Address": f"replica.{name}.cache.amazonaws.com", "Port": PORT},
                "NodeGroupMembers": members,
            }
        ],
    }


def _region(region: str, name: str, block: int) -> dict[tuple[str, str], Any]:
    group = _group(region, name)
    zones = [f"{region}{zone}" for zone in "abc"]
    members = group["NodeGroups"][0]["NodeGroupMembers"]
    answers = {
        "describe_replication_groups": {"ReplicationGroups": [group]},
        "describe_cache_clusters": {
            "CacheClusters": [
                {
                    "CacheClusterId": each["CacheClusterId"],
                    "CacheSubnetGroupName": "subnets",
                    "CacheParameterGroup": {"CacheParameterGroupName": "own"},
                }
                for each in members
            ]
        },
        "describe_cache_parameters": {
            "Parameters": [
                {"ParameterName": name, "ParameterValue": value} for name, value in parameters(len(members)).items()
            ]
        },
        "describe_cache_subnet_groups": {
            "CacheSubnetGroups": [{"Subnets": [{"SubnetIdentifier": zone} for zone in zones]}]
        },
        "describe_subnets": {
            "Subnets": [
                {"AvailabilityZone": zone, "CidrBlock": f"10.{block}.{number}.0/24"}
                for number, zone in enumerate(zones)
            ]
        },
        "describe_user_groups": {"UserGroups": [{"UserGroupId": f"{name}-users", "UserIds": ["u"]}]},
        "describe_users": {
            "Users": [
                {"UserId": "u", "UserName": "sessions", "AccessString": "on ~* -@all +@read +@write +@connection"}
            ]
        },
        "list_secrets": {"SecretList": [{"ARN": "arn"}]},
        "get_secret_value": {"SecretString": f'{{"username": "sessions", "password": "{PASSWORD}"}}'},
        "describe_global_replication_groups": {
            "GlobalReplicationGroups": [
                {
                    "GlobalReplicationGroupId": "all",
                    "Members": [
                        {"ReplicationGroupRegion": HERE, "ReplicationGroupId": "one", "Role": "PRIMARY"},
                        {"ReplicationGroupRegion": THERE, "ReplicationGroupId": "two", "Role": "SECONDARY"},
                    ],
                }
            ]
        },
    }
    return {(region, operation): answer for operation, answer in answers.items()}


ANSWERS = {**_region(HERE, "one", 0), **_region(THERE, "two", 1)}


class Client:
    """An application in a zone, with TLS, by the names that were published."""

    def __init__(self, lab: Any, host: Host) -> None:
        self.lab, self.host = lab, host
        self.context = ssl.create_default_context(cafile=str(lab.authority.bundle))

    async def ask(self, name: str, *words: str, address: str = "") -> Any:
        """Ask what a name leads to, or an address that it led to before."""
        try:
            async with asyncio.timeout(1):
                address = address or self.lab.names.known[name][0]
                reader, writer = await self.host.connect(address, PORT, ssl=self.context, server_hostname=name)
                writer.write(encode(("AUTH", "sessions", PASSWORD)) + encode(words))
                await read_reply(reader)
                reply = await read_reply(reader)
                writer.close()
                return str(reply) if isinstance(reply, Exception) else reply
        except (OSError, TimeoutError, EOFError) as problem:
            return type(problem).__name__


async def alive(lab: Any) -> tuple[Stores, Client, Client]:
    stores = Stores(lab)
    await stores.reconcile()
    await until(stores, lambda: not stores.settled())
    clients = [
        Client(lab, await lab.fabric.add_host(f"app-{region}", [address], Place(region, f"{region}a")))
        for region, address in ((HERE, "10.0.9.1"), (THERE, "10.1.9.1"))
    ]
    return stores, clients[0], clients[1]


async def until(stores: Stores, condition: Any, seconds: float = 20) -> float:
    """Let the part observe until something is true; how many seconds at AWS that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, [stores.settled(), stores.describe()]
        await stores.observe()
        await asyncio.sleep(0.2)
    return float(stores.lab.pace.aws(time.monotonic() - began))


def head(stores: Stores, region: str) -> str:
    [found] = [store.head for (where, _), store in stores.stores.items() if where == region]
    return found


MASTER, REPLICA, OTHER = (f"{name}.cache.amazonaws.com" for name in ("master.one", "replica.one", "master.two"))


async def quiet(lab: Any) -> Any:
    stores, here, there = await alive(lab)
    said = [await here.ask(MASTER, "SET", "k", "1"), await here.ask(MASTER, "CONFIG", "GET", "maxmemory-policy")]
    await asyncio.sleep(0.2)
    said += [
        await here.ask(REPLICA, "GET", "k"),
        await there.ask(OTHER, "GET", "k"),
        await there.ask(OTHER, "SET", "k", "2"),
    ]
    return {"said": said, "describe": stores.describe(), "settled": stores.settled()}


async def lost(lab: Any) -> Any:
    stores, here, there = await alive(lab)
    await here.ask(MASTER, "SET", "k", "1")
    await asyncio.sleep(0.2)
    old = await stores.lose_primary(HERE)
    during = await here.ask(MASTER, "SET", "k", "2")
    took = await until(stores, lambda: head(stores, HERE) != old)
    after = [await here.ask(MASTER, "INCR", "k"), await there.ask(OTHER, "GET", "k")]
    await asyncio.sleep(0.2)
    after.append(await there.ask(OTHER, "GET", "k"))
    replaced = await until(stores, lambda: not stores.settled(), 40)
    return {
        **{"old": old, "during": during, "took": took, "after": after, "replaced": replaced},
        **{"reports": lab.account.reports, "old_has": (await stores.stores[HERE, "one"].nodes[old].tell(("GET", "k")))},
    }


async def cut(lab: Any) -> Any:
    """The zone with the primary is cut, somebody inside goes on writing to it, also after it heals."""
    stores, here, _ = await alive(lab)
    former = lab.names.known[MASTER][0]
    old = head(stores, HERE)
    node = stores.stores[HERE, "one"].nodes[old]
    inside_zone = Client(lab, await lab.fabric.add_host("app-b", ["10.0.9.2"], node.place))
    lab.fabric.cut(node.place)
    await inside_zone.ask(MASTER, "SET", "only-here", "1")
    await until(stores, lambda: head(stores, HERE) != old)
    ok = await here.ask(MASTER, "SET", "k", "1")
    await asyncio.sleep(FENCED)
    lab.fabric.heal()
    fenced = await inside_zone.ask(MASTER, "SET", "only-here", "2", address=former)
    await until(stores, lambda: not stores.settled())
    await asyncio.sleep(0.3)
    both = [(await node.tell(("GET", key)))[0] for key in ("k", "only-here")]
    return {"ok": ok, "fenced": fenced, "both": both, "events": [event["text"] for event in lab.events.since(0)]}


async def region(lab: Any) -> Any:
    """The primary's Region is cut, the other one promoted by its API, then the first comes back."""
    stores, here, there = await alive(lab)
    await here.ask(MASTER, "SET", "k", "1")
    await asyncio.sleep(0.2)
    lab.fabric.cut(Place(HERE))
    await here.ask(MASTER, "SET", "k", "lost")
    details = {"to_region": THERE, "to_group": "two", "from_region": HERE, "from_group": "one"}
    wish = {"number": 1, "service": "elasticache", "kind": "failover-global", "resource": "all", "details": details}
    lab.account.wanted.append(wish)
    took = await until(stores, lambda: not lab.account.wanted, 40)
    said = [await there.ask(OTHER, "GET", "k"), await there.ask(OTHER, "SET", "k", "2")]
    lab.fabric.heal()
    await until(stores, lambda: not stores.settled())
    await asyncio.sleep(0.3)
    said += [await here.ask(MASTER, "GET", "k"), await here.ask(MASTER, "SET", "k", "3")]
    roles = [store["role"] for store in stores.describe()["stores"]]
    return {"took": took, "said": said, "roles": roles, "reports": lab.account.reports}


async def behind(lab: Any) -> Any:
    """Replication lags when the primary is lost; what was under way is lost with it."""
    stores, here, _ = await alive(lab)
    await stores.lag(HERE, 10)
    await here.ask(MASTER, "SET", "k", "1")
    await asyncio.sleep(0.3)
    [early] = await stores.stores[HERE, "one"].nodes["one-002"].tell(("GET", "k"))
    await asyncio.sleep(2.2)
    [late] = await stores.stores[HERE, "one"].nodes["one-002"].tell(("GET", "k"))
    await here.ask(MASTER, "SET", "k", "2")
    await stores.observe()
    old = await stores.lose_primary(HERE)
    await until(stores, lambda: head(stores, HERE) != old)
    return {"early": early, "late": late, "after": await here.ask(MASTER, "GET", "k")}


async def full(lab: Any) -> Any:
    """The store is filled: sessions go, writes go on; healing takes the filling out."""
    stores, here, _ = await alive(lab)
    await here.ask(MASTER, "SET", "session", "1", "EX", "1000")
    await stores.fill(HERE)
    said = [await here.ask(MASTER, "GET", "session"), await here.ask(MASTER, "SET", "other", "1", "EX", "1000")]
    await stores.observe()
    used = stores.measured()[HERE, "one-001"]["memory"]
    await stores.mend()
    await until(stores, lambda: not stores.settled())
    await stores.observe()
    return {"said": said, "used": used, "left": stores.measured()[HERE, "one-001"]["keys"]}


async def frozen(lab: Any) -> Any:
    stores, _, _ = await alive(lab)
    old = await stores.freeze_primary(HERE)
    took = await until(stores, lambda: head(stores, HERE) != old)
    return {"took": took, "state": stores.stores[HERE, "one"].nodes[old].state}


async def grown(lab: Any) -> Any:
    """A node is added to a group that runs, and taken away again; users change meanwhile."""
    stores, here, _ = await alive(lab)
    await here.ask(MASTER, "SET", "k", "1")
    [group] = lab.account.answers[HERE, "describe_replication_groups"]["ReplicationGroups"]
    members = group["NodeGroups"][0]["NodeGroupMembers"]
    added = {**members[1], "CacheClusterId": "one-004", "ReadEndpoint": {"Address": "one-004.amazonaws.com"}}
    members.append(added)
    [user] = lab.account.answers[HERE, "describe_users"]["Users"]
    user["AccessString"] = "on ~* -@all +@read +@connection"
    await stores.reconcile()
    await until(stores, lambda: not stores.settled())
    [found] = await stores.stores[HERE, "one"].nodes["one-004"].tell(("GET", "k"))
    refused = await here.ask(MASTER, "SET", "k", "2")
    members.remove(added)
    await stores.reconcile()
    return {"found": found, "refused": refused, "nodes": stores.nodes(HERE)}


if __name__ == "__main__":
    scenes = (quiet, lost, cut, region, behind, full, frozen, grown)
    inside.main({scene.__name__: scene for scene in scenes}, ANSWERS, PACE)
