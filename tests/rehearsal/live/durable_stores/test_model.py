"""Clusters as MemoryDB's API describes them, and what their nodes are told."""

from pathlib import Path
from typing import Any

from rehearsal.live.durable_stores.configuration import NO_TTL, valkey, without_ttl
from rehearsal.live.durable_stores.model import cluster
from rehearsal.live.durable_stores.topology import identity, nodes_file
from rehearsal.live.stores.model import User
from tests.rehearsal.live.durable_stores.scenes import ALONE, HERE, TOGETHER


def described(answers: Any = ALONE) -> dict[str, Any]:
    [answer] = answers[HERE, "describe_clusters"]["Clusters"]
    return dict(answer)


def test_a_cluster_has_its_nodes_zones_and_names() -> None:
    found = cluster(HERE, described())
    assert found is not None
    assert [each.zone for each in found.nodes] == ["eu-west-1b", "eu-west-1c", "eu-west-1a"]
    assert (found.port, found.access_list, found.parameter_group, found.together) == (6379, "sessions", "own", "")
    assert len(found.names) == 4
    assert found.names[0].startswith("clustercfg.")
    joined = cluster(HERE, described(TOGETHER))
    assert joined is not None
    assert joined.together == "both"


def test_a_cluster_that_is_being_made_and_one_with_shards_are_left_alone() -> None:
    answer = described()
    assert cluster(HERE, answer | {"Shards": []}) is None
    assert cluster(HERE, answer | {"Shards": answer["Shards"] * 2}) is None


def test_every_node_knows_all_and_one_of_them_has_all_slots() -> None:
    known = {"a": ("10.0.0.9", "a.example.com"), "b": ("10.0.1.9", "b.example.com")}
    lines = nodes_file("b", "a", known, 3).splitlines()
    one, two = identity("a"), identity("b")
    assert lines == [
        f"{one} 10.0.0.9:16379@26379,a.example.com master - 0 0 3 connected 0-16383",
        f"{two} 10.0.1.9:16379@26379,b.example.com myself,slave {one} 0 0 0 connected",
        "vars currentEpoch 3 lastVoteEpoch 0",
    ]
    assert len(one) == 40


def told(*, logs: bool) -> list[str]:
    return valkey(
        "10.0.0.9", "a.example.com", 6379, Path("/nodes.conf"), Path("/log"), logs=logs,
        parameters={"maxmemory-policy": "volatile-lru"}, users=[User("web", "on ~* +@read", ("one",))],
        control="c", password="p",
    ).splitlines()  # fmt: skip


def test_only_who_writes_the_log_syncs_each_write_before_its_answer() -> None:
    primary, replica = told(logs=True), told(logs=False)
    assert {"appendonly yes", "appendfsync always", "auto-aof-rewrite-percentage 0"} <= {*primary}
    assert "appendonly no" in replica
    assert "appendfsync always" not in replica


def test_clients_are_sent_on_by_name_and_to_the_port_with_tls() -> None:
    lines = told(logs=False)
    assert {"cluster-announce-hostname a.example.com", "cluster-announce-client-port 6379"} <= {*lines}
    assert "cluster-preferred-endpoint-type hostname" in lines
    assert {"user default off", "user web on ~* +@read >one", "maxmemory-policy volatile-lru"} <= {*lines}


def test_users_of_several_regions_have_no_command_for_ttls() -> None:
    rules = without_ttl(User("web", "on ~* +@write", ("one",))).rules
    assert {"-expire", "-setex", "-ttl"} <= {*rules}
    assert rules[-1] == ">one"
    assert len(NO_TTL) == len({*NO_TTL})
