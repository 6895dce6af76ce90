"""What nodes are told: at their start, and while they run."""

from rehearsal.live.stores.configuration import of_parameters, of_users
from rehearsal.live.stores.model import User


def test_users_and_parameters_of_a_node_that_runs_are_changed_by_commands() -> None:
    old, web = User("old", "on ~* +@all", ("a",)), User("web", "on ~* +@all", ("b",))
    assert of_users([old, web], [old, web]) == []
    assert of_users([old], [web]) == [
        ("ACL", "SETUSER", "web", "reset", "on", "~*", "+@all", ">b"),
        ("ACL", "DELUSER", "old"),
    ]
    assert of_users([User("default", "off")], []) == []
    assert of_parameters({"timeout": "0"}, {"timeout": "0"}) == []
    assert of_parameters({}, {"timeout": "60", "cluster-enabled": "yes"}) == [("CONFIG", "SET", "timeout", "60")]
