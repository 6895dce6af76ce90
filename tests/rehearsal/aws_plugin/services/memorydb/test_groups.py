"""What the real provider asks MemoryDB for, for users, their lists and parameters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.aws_plugin.asked import of_reading, of_update

ACL = "aws:memorydb/acl:Acl"
PARAMETERS = "aws:memorydb/parameterGroup:ParameterGroup"
USER = "aws:memorydb/user:User"


@pytest.mark.parametrize(
    ("left", "wanted", "sent"),
    [
        (["a", "b"], ["a", "c"], [{"UserNamesToAdd": ["c"], "UserNamesToRemove": ["b"]}]),
        (["a"], ["a", "c"], [{"UserNamesToAdd": ["c"]}]),  # who was deleted is in no list any more
        (["a"], ["a"], []),
    ],
)
def test_only_users_that_are_in_a_list_are_taken_out(left: list[str], wanted: list[str], sent: list[Any]) -> None:
    answers = {"DescribeACLs": {"ACLs": [{"UserNames": left}]}}
    _, *asked = of_update(ACL, {"name": "web", "userNames": ["a", "b"]}, answers, userNames=wanted)
    assert asked == [{"call": "UpdateACL", "ACLName": "it", **each} for each in sent]


def test_how_a_user_enters_goes_along_with_what_it_may() -> None:
    mode = {"type": "password", "passwords": ["p" * 16]}
    old = {"userName": "u", "accessString": "on ~* +@all", "authenticationMode": mode}
    shown = {
        "call": "UpdateUser",
        "UserName": "it",
        "AuthenticationMode": {"Type": "password", "Passwords": ["p" * 16]},
    }
    assert of_update(USER, old, accessString="off") == [{**shown, "AccessString": "off"}]
    other = {**mode, "passwords": ["q" * 16]}
    assert "AccessString" not in of_update(USER, old, authenticationMode=other)[0]


def test_a_parameter_that_the_program_names_is_read_although_it_is_the_familys() -> None:
    def described(**values: str) -> dict[str, Any]:
        return {"Parameters": [{"Name": name, "Value": value} for name, value in values.items()]}

    given = {"name": "web", "family": "memorydb_valkey7", "parameters": [{"name": "a", "value": "1"}]}
    answers = {
        "DescribeParameterGroups": {"ParameterGroups": [{"Name": "web"}]},
        "DescribeParameters": [described(a="1", b="2", c="3"), described(a="1", b="2", c="4")],
    }
    found = of_reading(PARAMETERS, given, answers) or {}
    assert found["parameters"] == [{"name": "a", "value": "1"}, {"name": "c", "value": "4"}]
