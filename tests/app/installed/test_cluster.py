"""The application over a store in cluster mode, as MemoryDB is: real Valkey, one shard with a replica."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.rig import App, ClusterNode, Endpoint, Valkey, eventually, free_port, listening
from tests.components.application.machine import Machine

Shard = tuple[ClusterNode, ClusterNode]
Over = Callable[..., App]


@pytest.fixture
def over(installed: Machine) -> Iterator[Over]:
    """Starts the application over a port: `over(port, SESSION_TTL="60")`."""
    with ExitStack() as running:
        yield lambda port, **settings: running.enter_context(App(installed, port, settings))


def gaps(app: App) -> list[str]:
    return [line for line in app.log.read_text().splitlines() if "gate shut" in line]


def test_a_replica_sends_the_application_to_the_primary_and_nothing_waits(shard: Shard, over: Over) -> None:
    primary, replica = shard
    app = over(replica.port)
    assert app.get("/readyz").status_code == 200
    with app.browser() as browser:
        assert [browser.get("/").json()["visits"] for _ in range(3)] == [1, 2, 3]
        assert primary.admin.hget(f"session:{browser.cookies['ha_web_session']}", "visits") == "3"
    assert gaps(app) == []


def test_once_sent_on_the_application_goes_to_the_primary_at_once(shard: Shard, over: Over) -> None:
    endpoint = Endpoint(shard[1].port)
    with listening(endpoint.handle, endpoint.port):
        app = over(endpoint.port)
        for _ in range(3):
            assert app.get("/readyz").status_code == 200  # a new connection each
            time.sleep(1.05)
        assert endpoint.connections == 1


def test_no_session_is_lost_and_who_comes_before_the_promotion_waits_for_it(shard: Shard, over: Over) -> None:
    """The survivors answer CLUSTERDOWN until one of them is promoted."""
    primary, replica = shard
    app = over(replica.port, SESSION_WAIT_REPLICAS="1")
    with app.browser() as browser:
        assert [browser.get("/").json()["visits"] for _ in range(3)] == [1, 2, 3]
        session = browser.cookies["ha_web_session"]
    primary.kill()
    eventually(lambda: replica.ask("INFO")["cluster_state"] == "fail", what="the replica's noticing")
    later = over(replica.port)
    with later.browser() as browser:
        browser.cookies.set("ha_web_session", session)
        threading.Timer(1, replica.promote).start()
        answer = browser.get("/")
        assert (answer.status_code, answer.json()["visits"]) == (200, 4)
        assert 0.5 < answer.elapsed.total_seconds() < 10
    [shut] = gaps(later)
    assert "CLUSTERDOWN" in shut


def test_a_running_application_finds_the_new_primary_within_its_budget(shard: Shard, over: Over) -> None:
    primary, replica = shard
    endpoint = Endpoint(replica.port)
    with listening(endpoint.handle, endpoint.port):
        app = over(endpoint.port)
        with app.browser() as browser:
            assert [browser.get("/").json()["visits"] for _ in range(2)] == [1, 2]
            eventually(lambda: replica.admin.dbsize() == primary.admin.dbsize(), what="the replica's catching up")
            primary.kill()
            threading.Timer(2, replica.promote).start()
            answer = browser.get("/")
            assert (answer.status_code, answer.json()["visits"]) == (200, 3)
            assert answer.elapsed.total_seconds() < 10
            assert browser.get("/").json()["visits"] == 4
    assert len(gaps(app)) == 1


def test_a_planned_change_of_roles_costs_no_gap(shard: Shard, over: Over) -> None:
    """Maintenance: the old primary lives on as a replica, and says where the new one is."""
    primary, replica = shard
    app = over(primary.port)
    with app.browser() as browser:
        assert browser.get("/").json()["visits"] == 1
        replica.ask("FAILOVER")
        eventually(lambda: primary.admin.info("replication")["role"] == "slave", what="the change of roles")
        assert browser.get("/").json()["visits"] == 2
    assert gaps(app) == []


def test_nodes_that_send_in_circles_are_a_store_that_is_down(over: Over) -> None:
    """In the moment of a failover each may take the other for the primary."""
    port = free_port()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            writer.write(f"-MOVED 1 127.0.0.1:{port}\r\n".encode())

    with listening(handle, port):
        app = over(port, SESSION_RETRY_BUDGET="0", SESSION_USER="", SESSION_PASSWORD_FILE="")
        assert app.get("/?format=json").json()["reason"].endswith(f"MOVED 1 127.0.0.1:{port}")


def test_a_store_without_ttl_gets_no_command_that_needs_one(tmp_path: Path, over: Over) -> None:
    """MemoryDB Multi-Region refuses all of these; here the user has no right to them."""
    refused = "-expire -pexpire -expireat -pexpireat -persist -ttl -pttl -getex -setex -psetex"
    with Valkey(tmp_path) as store:
        store.admin.execute_command("ACL SETUSER sessions " + refused)
        app = over(store.port, SESSION_EXPIRY="application")
        assert app.get("/readyz").status_code == 200
        with app.browser() as browser:
            assert [browser.get("/").json()["visits"] for _ in range(3)] == [1, 2, 3]
        assert {store.admin.ttl(key) for key in store.admin.keys("*")} == {-1}


def test_without_ttl_a_session_ends_all_the_same_and_gets_a_new_id(store: Valkey, over: Over) -> None:
    app = over(store.port, SESSION_EXPIRY="application", SESSION_TTL="600")
    with app.browser() as browser:
        assert [browser.get("/").json()["visits"] for _ in range(2)] == [1, 2]
        before = browser.cookies["ha_web_session"]
        store.admin.hset(f"session:{before}", "last", int(time.time()) - 601)
        assert browser.get("/").json()["visits"] == 1
        assert browser.cookies["ha_web_session"] != before
        assert not store.admin.exists(f"session:{before}")


def test_without_ttl_abandoned_sessions_go_as_new_ones_come(store: Valkey, over: Over) -> None:
    app = over(store.port, SESSION_EXPIRY="application", SESSION_TTL="600")
    now = int(time.time())
    for number in range(100):
        store.admin.hset(f"session:old{number}", mapping={"visits": 1, "started": 0, "last": now - 601})
        store.admin.hset(f"session:live{number}", mapping={"visits": 1, "started": 0, "last": now - 500})
    for _ in range(40):
        app.get("/")
    left = [key for key in store.admin.keys("session:*") if key.startswith("session:old")]
    assert left == []
    assert len(store.admin.keys("session:live*")) == 100
