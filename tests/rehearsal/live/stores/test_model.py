"""Replication groups as ElastiCache's API describes them, and what their nodes are told."""

from pathlib import Path
from typing import Any

from rehearsal.live.stores.configuration import haproxy, valkey
from rehearsal.live.stores.model import User, datastores, group
from tests.rehearsal.live.stores.scenes import ANSWERS, HERE


def described() -> dict[str, Any]:
    [answer] = ANSWERS[HERE, "describe_replication_groups"]["ReplicationGroups"]
    return dict(answer)


def test_a_group_has_its_nodes_zones_names_and_its_primary() -> None:
    found = group(HERE, described())
    assert found is not None
    assert [each.zone for each in found.nodes] == ["eu-west-1b", "eu-west-1c", "eu-west-1a"]
    assert (found.primary, found.port, found.failover) == ("one-001", 6379, True)
    assert len(found.names) == 5


def test_a_group_that_is_being_made_and_one_with_shards_are_left_alone() -> None:
    answer = described()
    assert group(HERE, answer | {"NodeGroups": []}) is None
    assert group(HERE, answer | {"NodeGroups": answer["NodeGroups"] * 2}) is None
    assert group(HERE, answer | {"NodeGroups": [{"NodeGroupId": "0001"}]}) is None


def test_a_member_that_leaves_a_datastore_is_none_any_more() -> None:
    [answer] = ANSWERS[HERE, "describe_global_replication_groups"]["GlobalReplicationGroups"]
    [found] = datastores([answer])
    assert (found.primary, len(found.members)) == ((HERE, "one"), 2)
    leaving = {**answer, "Members": [answer["Members"][0], {**answer["Members"][1], "Status": "disassociating"}]}
    assert len(datastores([leaving])[0].members) == 1
    assert datastores([{**answer, "Members": answer["Members"][1:]}]) == []


def test_only_the_accounts_users_get_in_each_with_all_its_passwords() -> None:
    users = [User("sessions", "on ~* -@all +@read", ("one", "two"))]
    text = valkey("10.0.0.9", Path("/data"), {"maxmemory-policy": "volatile-lru", "reserved": "1"}, users, "c", "p")
    lines = text.splitlines()
    assert "user sessions on ~* -@all +@read >one >two" in lines
    assert "user default off" in lines
    assert "maxmemory-policy volatile-lru" in lines
    assert not any(line.startswith("reserved") for line in lines)  # a parameter that only ElastiCache knows


def test_a_default_user_of_the_account_takes_the_place_of_the_one_that_is_off() -> None:
    users = [User("default", "on ~* +@all", ("x",))]
    lines = valkey("10.0.0.9", Path("/data"), {}, users, "c", "p").splitlines()
    assert [line for line in lines if line.startswith("user default")] == ["user default on ~* +@all >x"]


def test_clients_come_by_tls() -> None:
    text = haproxy("10.0.0.9", 6379, Path("/c.pem"))
    assert "bind 10.0.0.9:6379 ssl crt /c.pem" in text
    assert "ssl-min-ver TLSv1.2" in text
