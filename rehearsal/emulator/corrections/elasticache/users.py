"""ElastiCache: users and user groups, whose passwords and members ministack does not look at."""

from typing import Any

from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_"

TYPES = {"password": "password", "no-password-required": "no-password", "iam": "iam"}
"""From the type that is given to the type that is described:
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_Authentication.html"""


@corrects("elasticache", "CreateUser", "ModifyUser", see=f"{API}CreateUser.html")
async def user(call: Call) -> Response:
    """Read also `AuthenticationMode`, of which ministack knows nothing."""
    given = call.parameters
    mode = given.get("AuthenticationMode", {})
    passwords = mode.get("Passwords") or given.get("Passwords", [])
    for password in passwords:
        if not 16 <= len(password) <= 128:
            raise AwsError("InvalidParameterValue", "Passwords length must be between 16-128 characters.")
    if mode.get("Type") == "password" and not passwords:
        raise AwsError("InvalidParameterCombination", "A user of type password needs one or two passwords.")
    response = await emulators.ask(call)
    kept = store._users.get_scoped(ACCOUNT, call.region, given["UserId"])
    if response.status != 200 or not (mode or passwords):
        return response
    kind = TYPES.get(mode.get("Type", "password"), "password")
    kept["Authentication"] = {"Type": kind, "PasswordCount": len(passwords)}
    return call.answer({**call.read(response), "Authentication": kept["Authentication"]})


@corrects("elasticache", "CreateUserGroup", "ModifyUserGroup", see=f"{API}CreateUserGroup.html")
async def user_group(call: Call) -> Response:
    """Refuse users that do not exist, or are of another engine."""
    given = call.parameters
    for name in (*given.get("UserIds", []), *given.get("UserIdsToAdd", [])):
        found = store._users.get_scoped(ACCOUNT, call.region, name)
        if found is None:
            raise AwsError("UserNotFound", f"User {name} not found.", 404)
        if given.get("Engine", found["Engine"]) != found["Engine"]:
            raise AwsError("InvalidParameterCombination", f"User {name} is of engine {found['Engine']}.")
    return await emulators.ask(call)


@corrects("elasticache", "DeleteUserGroup", see=f"{API}DeleteUserGroup.html")
async def delete_user_group(call: Call) -> Response:
    """Refuse a user group that a replication group has."""
    name = call.parameters["UserGroupId"]
    for group in groups(call.region):
        if name in group.get("UserGroupIds", []):
            raise AwsError("InvalidUserGroupState", f"User group {name} is in use by {group['ReplicationGroupId']}.")
    return await emulators.ask(call)


@corrects("elasticache", "DeleteUser", see=f"{API}DeleteUser.html")
async def delete_user(call: Call) -> Response:
    """Take the user out of its groups, as AWS does."""
    name = call.parameters["UserId"]
    for group in store._user_groups.values_scoped(ACCOUNT, call.region):
        if name in group["UserIds"]:
            group["UserIds"].remove(name)
    return await emulators.ask(call)


def groups(region: str) -> list[dict[str, Any]]:
    """The replication groups of a region."""
    found: list[dict[str, Any]] = store._replication_groups.values_scoped(ACCOUNT, region)
    return found
