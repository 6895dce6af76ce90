"""Orders, with a real PostgreSQL behind the application's routes."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import httpx
import pytest

from app.ha_web_app.database import Database, DatabaseDown
from app.ha_web_app.server import Application
from app.ha_web_app.settings import Settings
from tests.app.postgres import Postgres, why_not
from tests.app.rig import LOCALHOST, Endpoint, free_port, listening

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "")

T = TypeVar("T")
LIMIT = 1.0


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("postgres") / "data") as server:
        yield server


@pytest.fixture(autouse=True)
def no_orders(postgres: Postgres) -> None:
    postgres.ask("DROP TABLE IF EXISTS orders")


def asking(url: str, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, T]], **settings: str) -> T:
    """What the work does with a client of the application."""

    async def ask() -> T:
        environment = {"SESSION_HOST": LOCALHOST, "DATABASE_URL": url, "ORDERS": "on", "ORDERS_TIMEOUT": str(LIMIT)}
        application = Application(Settings.read(environment | {"HA_WEB_INSTANCE_ID": "i-1"} | settings))
        transport = httpx.ASGITransport(application.asgi)
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await work(client)
        finally:
            if application.database:
                await application.database.aclose()

    return asyncio.run(ask())


def test_an_order_is_taken_once_and_read_back(postgres: Postgres) -> None:
    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        first = await client.put("/orders/a-1", content="three apples")
        return [first, await client.put("/orders/a-1", content="three apples"), await client.get("/orders/a-1")]

    first, again, read = asking(postgres.url, work)
    assert (first.status_code, first.json()["outcome"]) == (201, "taken")
    assert (again.status_code, again.json()["outcome"]) == (200, "was taken before")
    assert read.json().items() >= {"content": "three apples", "taken_by": "i-1", "key": "a-1"}.items()
    assert postgres.ask("SELECT count(*) FROM orders") == 1


def test_another_order_under_a_key_that_is_taken_is_refused(postgres: Postgres) -> None:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        await client.put("/orders/a", content="apples")
        return await client.put("/orders/a", content="pears")

    assert asking(postgres.url, work).status_code == 409
    assert postgres.ask("SELECT content FROM orders") == "apples"


def test_an_unknown_order_is_not_found_also_before_the_first_one(postgres: Postgres) -> None:
    async def work(client: httpx.AsyncClient) -> list[int]:
        before = await client.get("/orders/none")
        await client.put("/orders/some")
        return [before.status_code, (await client.get("/orders/none")).status_code]

    assert asking(postgres.url, work) == [404, 404]


def test_the_first_orders_may_come_at_once(postgres: Postgres) -> None:
    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return await asyncio.gather(*(client.put(f"/orders/{number}") for number in range(40)))

    assert {answer.status_code for answer in asking(postgres.url, work)} == {201}
    assert postgres.ask("SELECT count(*) FROM orders") == 40


@pytest.mark.parametrize(
    ("key", "content", "status"),
    [
        ("x" * 65, b"", 400),
        ("a b", b"", 400),
        ("a", b"x" * 1025, 413),
        ("a", b"\xff", 400),
        ("a", b"\0", 400),
        ("x" * 64, b"x" * 1024, 201),
    ],
)
def test_what_is_no_order_is_refused(postgres: Postgres, key: str, content: bytes, status: int) -> None:
    async def work(client: httpx.AsyncClient) -> int:
        return (await client.put(f"/orders/{key}", content=content)).status_code

    assert asking(postgres.url, work) == status


@pytest.mark.parametrize("settings", [{"ORDERS": "off"}, {"ORDERS": ""}, {"DATABASE_URL": ""}])
def test_there_are_no_orders_unless_they_are_on_and_there_is_a_database(
    postgres: Postgres, settings: dict[str, str]
) -> None:
    async def work(client: httpx.AsyncClient) -> set[int]:
        return {(await client.put("/orders/a")).status_code, (await client.get("/orders/a")).status_code}

    assert asking(postgres.url, work, **settings) == {404}


def test_who_has_no_database_needs_no_client_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", lambda name: pytest.fail(f"{name} was loaded"))
    Application(Settings.read({"SESSION_HOST": LOCALHOST, "ORDERS": "on"}))


def test_while_nobody_listens_an_order_is_surely_not_taken() -> None:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.put("/orders/a")

    answer = asking(f"postgresql://app@{LOCALHOST}:{free_port()}/postgres", work)
    assert (answer.status_code, answer.json()["outcome"]) == (503, "not taken")
    assert answer.headers["retry-after"] == "5"


def test_a_silent_database_costs_no_more_than_the_limit() -> None:
    async def work(client: httpx.AsyncClient) -> tuple[list[httpx.Response], float]:
        begun = time.monotonic()
        answers = await asyncio.gather(*(client.put(f"/orders/{number}") for number in range(20)))
        return answers, time.monotonic() - begun

    with socket.create_server((LOCALHOST, 0)) as silent:  # connections are made and nothing is said
        answers, took = asking(f"postgresql://app@{LOCALHOST}:{silent.getsockname()[1]}/postgres", work)
    assert {answer.status_code for answer in answers} == {503}
    assert took < LIMIT + 0.5


def test_a_commit_that_isnt_confirmed_in_time_is_unknown_and_not_cancelled(postgres: Postgres) -> None:
    """As a writer whose only reader is gone: a cancelled wait would show what no reader has."""

    async def put(client: httpx.AsyncClient) -> httpx.Response:
        await client.put("/orders/first")
        await asyncio.to_thread(postgres.ask, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        await asyncio.to_thread(postgres.ask, "SELECT pg_reload_conf()")
        await asyncio.sleep(0.2)
        return await client.put("/orders/a")

    try:
        answer = asking(postgres.url, put)
        assert (answer.status_code, answer.json()["outcome"]) == (503, "unknown")
        assert postgres.ask("SELECT count(*) FROM orders WHERE key = 'a'") == 0
    finally:
        postgres.ask("ALTER SYSTEM RESET synchronous_standby_names")
        postgres.ask("SELECT pg_reload_conf()")


def test_connections_of_before_a_failover_are_left_for_the_new_writer(postgres: Postgres) -> None:
    with listening((endpoint := Endpoint(postgres.port)).handle, endpoint.port):

        async def work(client: httpx.AsyncClient) -> int:
            await asyncio.gather(*(client.put(f"/orders/{number}") for number in range(4)))
            ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
            await asyncio.to_thread(postgres.ask, f"{ended} AND usename = 'app'")
            return (await client.put("/orders/next")).status_code

        assert asking(f"postgresql://app@{LOCALHOST}:{endpoint.port}/postgres", work) == 201


def test_a_reader_takes_no_orders(postgres: Postgres) -> None:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.put("/orders/a")

    postgres.ask("ALTER SYSTEM SET default_transaction_read_only = on")
    postgres.ask("SELECT pg_reload_conf()")
    try:
        assert asking(postgres.url, work).json()["outcome"] == "not taken"
    finally:
        postgres.ask("ALTER SYSTEM RESET default_transaction_read_only")
        postgres.ask("SELECT pg_reload_conf()")


def test_a_silent_first_host_leaves_time_for_the_second(postgres: Postgres) -> None:
    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.put("/orders/a"), await client.put("/orders/b")]

    with socket.create_server((LOCALHOST, 0)) as silent:
        hosts = f"{LOCALHOST}:{silent.getsockname()[1]},{LOCALHOST}:{postgres.port}"
        answers = asking(f"postgresql://app@{hosts}/postgres?sslmode=disable", work)
    assert [answer.status_code for answer in answers] == [201, 201]


def test_errors_that_no_failover_brings_are_seen(postgres: Postgres) -> None:
    async def run() -> None:
        database = Database(postgres.url, limit=LIMIT, connections=1)
        try:
            await database.run(lambda connection: connection.execute("SELECT nonsense"))
        finally:
            await database.aclose()

    with pytest.raises(Exception, match="nonsense") as raised:
        asyncio.run(run())
    assert not isinstance(raised.value, DatabaseDown)


def test_the_log_has_a_line_when_the_database_goes_and_one_when_it_is_back(
    postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = Endpoint(free_port())
    with caplog.at_level(logging.WARNING), listening(endpoint.handle, endpoint.port):

        async def work(client: httpx.AsyncClient) -> None:
            await client.put("/orders/a")
            await client.put("/orders/a")
            endpoint.target = postgres.port
            await client.put("/orders/a")

        asking(f"postgresql://app@{LOCALHOST}:{endpoint.port}/postgres?sslmode=disable", work)
    lines = [record.getMessage() for record in caplog.records if record.name == "ha_web_app.database"]
    assert [line.split(":")[0] for line in lines] == ["database down", "database back"]
