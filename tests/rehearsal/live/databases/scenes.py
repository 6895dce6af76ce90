"""Scenes with real PostgreSQLs in two Regions; `python -m tests.rehearsal.live.databases.scenes NAME`, inside."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it has no types

from rehearsal.home import CHECKOUT
from rehearsal.live.databases import Databases
from rehearsal.live.network.places import Place
from tests.rehearsal.live.data import inside

PACE = 8.0
HERE, THERE = "eu-west-1", "eu-central-1"
PASSWORD = "pass'word"
ARNS = {region: f"arn:aws:rds:{region}:123456789012:cluster:{region}" for region in (HERE, THERE)}


def _region(region: str, block: int) -> dict[tuple[str, str], Any]:
    zones = [f"{region}{zone}" for zone in "abc"]
    names = [f"{region}-{number}" for number in (1, 2)]
    answers = {
        "describe_db_instances": {
            "DBInstances": [
                {
                    "DBInstanceIdentifier": name,
                    "AvailabilityZone": zones[number],
                    "Endpoint": {"Address": f"{name}.rds.amazonaws.com"},
                }
                for number, name in enumerate(names)
            ]
        },
        "describe_db_clusters": {
            "DBClusters": [
                {
                    "DBClusterIdentifier": region,
                    "DBClusterArn": ARNS[region],
                    "Engine": "aurora-postgresql",
                    "Status": "available",
                    "Port": 5432,
                    "DatabaseName": "app",
                    "MasterUsername": "web",
                    "Endpoint": f"{region}.cluster.rds.amazonaws.com",
                    "ReaderEndpoint": f"{region}.cluster-ro.rds.amazonaws.com",
                    "DBSubnetGroup": "subnets",
                    "DBClusterMembers": [
                        {
                            "DBInstanceIdentifier": name,
                            "IsClusterWriter": region == HERE and not number,
                            "PromotionTier": number,
                        }
                        for number, name in enumerate(names)
                    ],
                }
            ]
        },
        "describe_db_subnet_groups": {"DBSubnetGroups": [{"Subnets": [{"SubnetIdentifier": zone} for zone in zones]}]},
        "describe_subnets": {
            "Subnets": [
                {"AvailabilityZone": zone, "CidrBlock": f"10.{block}.{number}.0/24"}
                for number, zone in enumerate(zones)
            ]
        },
        "list_secrets": {"SecretList": [{"ARN": "arn"}]},
        "get_secret_value": {"SecretString": json.dumps({"username": "web", "password": PASSWORD})},
        "describe_global_clusters": {
            "GlobalClusters": [
                {
                    "GlobalClusterIdentifier": "all",
                    "Endpoint": "all.global.rds.amazonaws.com",
                    "GlobalClusterMembers": [
                        {"DBClusterArn": ARNS[each], "IsWriter": each == HERE} for each in (HERE, THERE)
                    ],
                }
            ]
        },
    }
    return {(region, operation): answer for operation, answer in answers.items()}


ANSWERS = {**_region(HERE, 0), **_region(THERE, 1)}

CLIENT = """
import asyncio, json, sys
from urllib.parse import quote
from app.ha_web_app.database import Database, DatabaseDown
password, hosts, seconds, prefix = sys.argv[1:5]
async def main():
    loop = asyncio.get_running_loop()
    url = f"postgresql://web:{quote(password, '')}@{hosts}/app?sslmode=require"
    database = Database(url, limit=1.0, connections=4)
    await database.run(lambda c: c.execute("CREATE TABLE IF NOT EXISTS orders (key text PRIMARY KEY)"))
    acknowledged, unknown, end, last, gap = [], 0, loop.time() + float(seconds), loop.time(), 0.0
    async def one(number):
        nonlocal unknown, last, gap
        while loop.time() < end:
            key = f"{prefix}-{number}-{loop.time()}"
            try:
                await database.run(lambda c: c.execute("INSERT INTO orders VALUES ($1)", key))
                acknowledged.append(key)
                gap, last = max(gap, loop.time() - last), loop.time()
            except DatabaseDown as problem:
                unknown += problem.unknown
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.005)
    await asyncio.gather(*(one(number) for number in range(4)))
    print(json.dumps({"acknowledged": acknowledged, "unknown": unknown, "gap": gap}))
asyncio.run(main())
"""


class World:
    """The part, and users of the database in a zone of its own in each Region."""

    def __init__(self, lab: Any) -> None:
        self.lab, self.part = lab, Databases(lab)
        self.users = 0

    async def alive(self) -> "World":
        await self.part.reconcile()
        await self.until(lambda: not self.part.settled())
        self.hosts = {
            region: await self.lab.fabric.add_host(f"app-{region}", [address], Place(region, f"{region}c"))
            for region, address in ((HERE, "10.0.9.1"), (THERE, "10.1.9.1"))
        }
        return self

    async def until(self, condition: Any, seconds: float = 30) -> float:
        """Let the part observe until something is true; how many seconds at AWS that took."""
        began = time.monotonic()
        while not condition():
            events = [event["text"] for event in self.lab.events.since(0)]
            assert time.monotonic() < began + seconds, (self.part.settled(), self.part.describe(), events)
            await self.part.observe()
            await asyncio.sleep(0.2)
        return float(self.lab.pace.aws(time.monotonic() - began))

    def head(self, region: str) -> str:
        return self.part.clusters[ARNS[region]].head

    async def write(self, region: str, seconds: float) -> "asyncio.Task[dict[str, Any]]":
        """Write from a Region's users to whichever of its instances takes writes, for so many seconds."""
        self.users += 1
        out = Path(self.lab.folder) / f"client-{self.users}.json"
        hosts = ",".join(f"{each.address}:5432" for each in self.part.clusters[ARNS[region]].instances.values())
        process = await self.hosts[region].start(
            [sys.executable, "-c", CLIENT, PASSWORD, hosts, str(seconds), region],
            env={"PYTHONPATH": str(CHECKOUT)},
            cwd=CHECKOUT,
            log=out,
        )

        async def wait() -> dict[str, Any]:
            await process.wait()
            try:
                found: dict[str, Any] = json.loads(out.read_text().splitlines()[-1])
            except (ValueError, IndexError):
                raise AssertionError(out.read_text()) from None
            return found

        return asyncio.create_task(wait())

    async def kept(self, region: str) -> set[str]:
        """The orders that are there now, as the head of a Region has them."""
        instance = self.part.clusters[ARNS[region]].writer
        connection = await asyncpg.connect(
            host=str(instance._folder), port=15432, user="rdsadmin", database="app", timeout=5
        )
        try:
            return {row["key"] for row in await connection.fetch("SELECT key FROM orders")}
        finally:
            await connection.close()

    def events(self) -> list[str]:
        return [event["text"] for event in self.lab.events.since(0)]

    def wish(self, kind: str, resource: str = "all", region: str = "", **details: str) -> None:
        self.lab.account.wanted.append(
            {"number": 1, "service": "rds", "kind": kind, "resource": resource, "region": region, "details": details}
        )

    async def watch(self, task: "asyncio.Task[Any]") -> Any:
        await self.until(task.done, 60)
        return task.result()


async def quiet(lab: Any) -> Any:
    world = await World(lab).alive()
    found = await world.watch(await world.write(HERE, 1))
    await asyncio.sleep(0.3)
    clusters = world.part.describe()["databases"]
    return {
        "kept": [set(found["acknowledged"]) <= await world.kept(region) for region in (HERE, THERE)],
        "count": len(found["acknowledged"]),
        "clusters": [(each["region"], each["role"], each["writes"]) for each in clusters],
        "names": lab.names.known,
        "settled": world.part.settled(),
    }


async def lost(lab: Any) -> Any:
    """The writer is lost under writes."""
    world = await World(lab).alive()
    writing = await world.write(HERE, 6)
    await asyncio.sleep(1.5)
    old = await world.part.lose_writer(HERE)
    took = await world.until(lambda: world.head(HERE) != old)
    found = await world.watch(writing)
    replaced = await world.until(lambda: not world.part.settled(), 60)
    acknowledged, kept = set(found["acknowledged"]), await world.kept(HERE)
    await asyncio.sleep(0.3)
    return {
        **{"old": old, "took": took, "lost": len(acknowledged - kept), "count": len(acknowledged)},
        **{"gap": found["gap"], "replaced": replaced, "events": world.events(), "reports": lab.account.reports},
        "there": len(acknowledged - await world.kept(THERE)),
    }


async def reader(lab: Any) -> Any:
    """The reader is lost: commits wait a moment, no more."""
    world = await World(lab).alive()
    writing = await world.write(HERE, 4)
    await asyncio.sleep(1)
    cluster = world.part.clusters[ARNS[HERE]]
    [other] = [each for name, each in cluster.instances.items() if name != cluster.head]
    other.lose()
    found = await world.watch(writing)
    return {"gap": found["gap"], "count": len(found["acknowledged"])}


async def cut(lab: Any) -> Any:
    """The writer's zone is cut under writes, a reader is promoted, the zone comes back."""
    world = await World(lab).alive()
    old = world.head(HERE)
    writing = await world.write(HERE, 6)
    await asyncio.sleep(1.5)
    lab.fabric.cut(world.part.clusters[ARNS[HERE]].writer.place)
    await world.until(lambda: world.head(HERE) != old)
    found = await world.watch(writing)
    lab.fabric.heal()
    await world.until(lambda: not world.part.settled(), 60)
    acknowledged = set(found["acknowledged"])
    return {"lost": len(acknowledged - await world.kept(HERE)), "gap": found["gap"], "events": world.events()}


async def region(lab: Any) -> Any:
    """The primary's Region is cut, the other one promoted by its API, then the first comes back."""
    world = await World(lab).alive()
    before = await world.watch(await world.write(HERE, 1))
    await asyncio.sleep(0.5)
    lab.fabric.cut(Place(HERE))
    world.wish("failover-global", to_cluster=ARNS[THERE], from_cluster=ARNS[HERE])
    took = await world.until(lambda: not lab.account.wanted, 60)
    after = await world.watch(await world.write(THERE, 1))
    lab.fabric.heal()
    await world.until(lambda: not world.part.settled(), 60)
    await asyncio.sleep(0.5)
    written = set(before["acknowledged"]) | set(after["acknowledged"])
    return {
        "took": took,
        "counts": [len(before["acknowledged"]), len(after["acknowledged"])],
        "lost": [len(written - await world.kept(region)) for region in (HERE, THERE)],
        "roles": [each["role"] for each in world.part.describe()["databases"]],
        "reports": lab.account.reports,
        "names": sorted(name for name in lab.names.known if ".cluster." in name),
    }


async def switchover(lab: Any) -> Any:
    """Somebody switches over to the other Region under writes."""
    world = await World(lab).alive()
    writing = await world.write(HERE, 10)
    world.wish("switchover-global", to_cluster=ARNS[THERE], from_cluster=ARNS[HERE])
    await world.until(lambda: not lab.account.wanted, 60)
    found = await world.watch(writing)
    await world.until(lambda: not world.part.settled(), 60)
    return {
        "count": len(found["acknowledged"]),
        "lost": len(set(found["acknowledged"]) - await world.kept(THERE)),
        "roles": [each["role"] for each in world.part.describe()["databases"]],
    }


async def asked(lab: Any) -> Any:
    """Somebody asks for a failover inside the Region, under writes."""
    world = await World(lab).alive()
    old = world.head(HERE)
    writing = await world.write(HERE, 5)
    world.wish("failover-cluster", HERE, HERE, target="", writer=old)
    await world.until(lambda: not lab.account.wanted, 60)
    found = await world.watch(writing)
    return {
        "moved": world.head(HERE) != old,
        "lost": len(set(found["acknowledged"]) - await world.kept(HERE)),
        "count": len(found["acknowledged"]),
        "reports": lab.account.reports[-1],
    }


if __name__ == "__main__":
    scenes = (quiet, lost, reader, cut, region, switchover, asked)
    inside.main({scene.__name__: scene for scene in scenes}, ANSWERS, PACE)
