import asyncio
import json
from pathlib import Path
from typing import Any

from rehearsal.drill.load.records import answered, read
from rehearsal.drill.load.runner import Load, Options
from tests.rehearsal.drill.site import NAME, Site


def options(site: Site, folder: Path, **changes: Any) -> Options:
    values: dict[str, Any] = {
        "site": NAME,
        "port": site.port,
        "out": folder / "load.jsonl",
        "control": folder / "load.sock",
        "resolver": site.resolver,
        "rate": 100.0,
        "writes": 20.0,
        "users": 10,
        "patience": 1.0,
        "ignoring": 0.0,
        "seed": 1,
        "even": False,
        "tls": True,
        "ca": site.authority.bundle,
    }
    return Options(**values | changes)


def records(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [each for each in read(folder / "load.jsonl") if each["k"] == kind]


async def order(folder: Path, **fields: Any) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(str(folder / "load.sock"))
    writer.write(json.dumps(fields).encode() + b"\n")
    answer: dict[str, Any] = json.loads(await reader.readline())
    writer.close()
    return answer


def test_users_keep_their_sessions_and_their_connections(tmp_path: Path) -> None:
    async def main() -> Site:
        async with Site(tmp_path) as site:
            load = Load(options(site, tmp_path, writes=0))
            running = asyncio.create_task(load.run())
            await asyncio.sleep(1.5)
            load.stop()
            await running
            return site

    site = asyncio.run(main())
    visits = records(tmp_path, "v")
    assert 100 < len(visits) < 220
    assert all(answered(each) for each in visits)
    assert len(site.visits) <= 10
    assert site.connections < 60
    assert {each["z"] for each in visits} == {"euw1-az1"}


def test_arrivals_do_not_wait_for_answers(tmp_path: Path) -> None:
    async def main() -> None:
        async with Site(tmp_path) as site:
            site.silent = True
            load = Load(options(site, tmp_path, writes=0, patience=0.5))
            running = asyncio.create_task(load.run())
            await asyncio.sleep(2)
            load.stop()
            await running

    asyncio.run(main())
    visits = records(tmp_path, "v")
    assert len(visits) > 80
    assert {each.get("e") for each in visits} == {"timeout"}
    assert all(each["l"] >= 0.45 for each in visits)


def test_an_order_is_tried_again_under_its_key_and_found(tmp_path: Path) -> None:
    async def main() -> set[str]:
        async with Site(tmp_path) as site:
            site.status = 503
            load = Load(options(site, tmp_path, rate=0))
            running = asyncio.create_task(load.run())
            await asyncio.sleep(0.5)
            site.status = 200
            await asyncio.sleep(1.5)
            await order(tmp_path, writes=0, rate=0)
            keys = {each["key"] for each in records(tmp_path, "w")}
            await order(tmp_path, look=[*sorted(keys), "nobody-ordered-this"])
            await order(tmp_path, stop=True)
            await running
            return keys

    keys = asyncio.run(main())
    writes = records(tmp_path, "w")
    assert {each["o"] for each in writes if each.get("c") == 503} == {"unknown"}
    assert {each["o"] for each in writes if each["try"] == 2} == {"ack"}
    found = {each["key"]: each["found"] for each in records(tmp_path, "r") if each["when"] == "end"}
    assert found.pop("nobody-ordered-this") is False
    assert set(found) == keys
    assert all(found.values())


def test_a_change_of_the_rate_is_seen_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with Site(tmp_path) as site:
            load = Load(options(site, tmp_path, rate=0, writes=0))
            running = asyncio.create_task(load.run())
            await asyncio.sleep(0.3)
            await order(tmp_path, rate=200)
            await asyncio.sleep(1)
            await order(tmp_path, stop=True)
            await running

    asyncio.run(main())
    assert 120 < len(records(tmp_path, "v")) < 280
