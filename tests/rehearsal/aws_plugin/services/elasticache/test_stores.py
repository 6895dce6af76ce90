"""What the real provider asks ElastiCache for, for users and their groups."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from tests.rehearsal.aws_plugin.asked import of_creation, of_update, refused

USER = {"userId": "u", "userName": "u", "engine": "valkey", "accessString": "on ~* +@all"}
SECRET = {"passwordsWo": "p" * 16, "passwordsWoVersion": 1}
TOKEN = "aws:elasticache/user:User"


def test_a_user_is_created_with_the_word_that_it_needs_a_password() -> None:
    [asked] = of_creation(TOKEN, {**USER, **SECRET})
    assert (asked["NoPasswordRequired"], asked["Passwords"]) == (False, ["p" * 16])


@pytest.mark.parametrize(
    ("changed", "sent"),
    [
        ({"accessString": "on ~app* +@all"}, {"AccessString": "on ~app* +@all"}),
        ({"passwordsWoVersion": 2}, {"Passwords": ["p" * 16]}),
    ],
)
def test_a_password_travels_with_its_version_alone(changed: dict[str, Any], sent: dict[str, Any]) -> None:
    assert of_update(TOKEN, {**USER, **SECRET}, **changed) == [{"call": "ModifyUser", "UserId": "it", **sent}]


def test_a_member_that_has_gone_is_no_member_to_take_out() -> None:
    token, old = "aws:elasticache/userGroup:UserGroup", {"userGroupId": "g", "engine": "valkey", "userIds": ["a", "b"]}
    gone = {"ModifyUserGroup": refused("InvalidParameterValue", "b is not a member of user group g")}
    assert of_update(token, old, gone, userIds=["a"])[0]["UserIdsToRemove"] == ["b"]
    with pytest.raises(CallError):
        of_update(token, old, {"ModifyUserGroup": refused("InvalidUserGroupState")}, userIds=["a"])
