"""Who follows whom, and who is promoted."""

from dataclasses import replace

import pytest

from rehearsal.live.stores.following import Info, successor, unreplicated, wanted

PRIMARY = """# Replication
role:master
connected_slaves:1
master_replid:aaa
master_replid2:0000000000000000000000000000000000000000
master_repl_offset:120
second_repl_offset:-1
# Memory
used_memory:1000
maxmemory:2000
evicted_keys:3
# Keyspace
db0:keys=7,expires=7,avg_ttl=1
"""
REPLICA = """role:slave
master_host:10.0.0.9
master_port:16379
master_link_status:up
master_sync_in_progress:0
slave_read_repl_offset:100
slave_repl_offset:100
master_replid:aaa
"""


def test_info_is_read_of_primary_and_replica() -> None:
    primary, replica = Info.read(PRIMARY), Info.read(REPLICA)
    assert (primary.is_primary, primary.follows, primary.offset, primary.keys) == (True, None, 120, 7)
    assert (primary.memory, primary.most_memory, primary.evicted) == (1000, 2000, 3)
    assert (replica.is_primary, replica.follows, replica.offset) == (False, ("10.0.0.9", 16379), 100)
    assert replica.linked
    assert not Info.read(REPLICA.replace("status:up", "status:down")).linked


@pytest.mark.parametrize(("offsets", "chosen"), [({"b": 5, "a": 9, "c": 7}, "a"), ({"b": 5, "a": 5}, "a"), ({}, None)])
def test_the_replica_with_the_most_data_is_promoted(offsets: dict[str, int], chosen: str | None) -> None:
    info = Info.read(REPLICA)
    assert successor({name: replace(info, offset=offset) for name, offset in offsets.items()}) == chosen


def test_all_follow_their_head_and_the_head_what_is_upstream() -> None:
    addresses = {"a": ("10.0.0.1", 1), "b": ("10.0.0.2", 1)}
    assert wanted("a", addresses, None) == {"a": None, "b": ("10.0.0.1", 1)}
    assert wanted("b", addresses, ("10.1.0.1", 1)) == {"a": ("10.0.0.2", 1), "b": ("10.1.0.1", 1)}


def test_what_a_former_primary_had_alone_is_counted() -> None:
    old = Info.read(PRIMARY)
    new = replace(old, history="bbb", former_history="aaa", former_offset=101, offset=150)
    assert unreplicated(old, new) == 20
    assert unreplicated(replace(old, offset=90), new) == 0
    assert unreplicated(old, replace(new, former_history="ccc")) == 0
    assert unreplicated(replace(old, is_primary=False), new) == 0
