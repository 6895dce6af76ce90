"""Users of MemoryDB, and the access control lists that have them."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.memorydb import API, drop, found, impossible, invalid, keep, of_kind, wanted
from rehearsal.emulator.wire import AwsError, Call

OPEN = "open-access"
"""The list that every account has, with the user `default`:
https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html"""


def _authentication(mode: dict[str, Any]) -> dict[str, Any]:
    if mode.get("Type") == "iam":
        return {"Type": "iam"}
    passwords = mode.get("Passwords", [])
    if not 1 <= len(passwords) <= 2:
        raise impossible("A user of type password needs one or two passwords.")
    if any(not 16 <= len(password) <= 128 for password in passwords):
        raise invalid("Passwords length must be between 16-128 characters.")
    return {"Type": "password", "PasswordCount": len(passwords)}


def _told(user: dict[str, Any], region: str) -> dict[str, Any]:
    """A user with the lists that have it."""
    return {**user, "ACLNames": [acl["Name"] for acl in of_kind("ACL", region) if user["Name"] in acl["UserNames"]]}


@implements("memorydb", "CreateUser", see=f"{API}CreateUser.html")
def create_user(call: Call) -> dict[str, Any]:
    """Make a user; its name is what it logs in with."""
    given = call.parameters
    user = {
        "Name": given["UserName"],
        "Status": "active",
        "AccessString": given["AccessString"],
        "MinimumEngineVersion": "6.2",
        "Authentication": _authentication(given["AuthenticationMode"]),
    }
    return {"User": _told(keep("User", call.region, given["UserName"], user, call), call.region)}


@implements("memorydb", "DescribeUsers", see=f"{API}DescribeUsers.html")
def describe_users(call: Call) -> dict[str, Any]:
    """Describe users."""
    users = found("User", call.region, call.parameters.get("UserName"))
    return {"Users": [_told(user, call.region) for user in users]}


@implements("memorydb", "UpdateUser", see=f"{API}UpdateUser.html")
def update_user(call: Call) -> dict[str, Any]:
    """Change rights or passwords."""
    given = call.parameters
    user = wanted("User", call.region, given["UserName"])
    if mode := given.get("AuthenticationMode"):
        user["Authentication"] = _authentication(mode)
    user["AccessString"] = given.get("AccessString", user["AccessString"])
    return {"User": _told(user, call.region)}


@implements("memorydb", "DeleteUser", see=f"{API}DeleteUser.html")
def delete_user(call: Call) -> dict[str, Any]:
    """Delete a user, and take it out of its lists."""
    name = call.parameters["UserName"]
    user = drop("User", call.region, name)
    for acl in of_kind("ACL", call.region):
        acl["UserNames"] = [each for each in acl["UserNames"] if each != name]
    return {"User": {**user, "Status": "deleting"}}


def _users(call: Call, names: list[str]) -> list[str]:
    for name in names:
        wanted("User", call.region, name)
    return names


def acl_of(region: str, name: str) -> None:
    """Refuse a list that there is not."""
    if name != OPEN:
        wanted("ACL", region, name)


def _clusters(region: str, name: str) -> list[str]:
    return [cluster["Name"] for cluster in of_kind("Cluster", region) if cluster["ACLName"] == name]


@implements("memorydb", "CreateACL", see=f"{API}CreateACL.html")
def create_acl(call: Call) -> dict[str, Any]:
    """Make a list of users that there are."""
    name = call.parameters["ACLName"]
    users = _users(call, call.parameters.get("UserNames", []))
    acl = {"Name": name, "Status": "active", "UserNames": users, "MinimumEngineVersion": "6.2"}
    return {"ACL": {**keep("ACL", call.region, name, acl, call), "Clusters": []}}


@implements("memorydb", "DescribeACLs", see=f"{API}DescribeACLs.html")
def describe_acls(call: Call) -> dict[str, Any]:
    """Describe lists, with the clusters that have them."""
    acls = found("ACL", call.region, call.parameters.get("ACLName"))
    return {"ACLs": [{**acl, "Clusters": _clusters(call.region, acl["Name"])} for acl in acls]}


@implements("memorydb", "UpdateACL", see=f"{API}UpdateACL.html")
def update_acl(call: Call) -> dict[str, Any]:
    """Add and remove users."""
    given = call.parameters
    acl = wanted("ACL", call.region, given["ACLName"])
    removed = given.get("UserNamesToRemove", [])
    kept = [name for name in acl["UserNames"] if name not in removed]
    acl["UserNames"] = [*kept, *(n for n in _users(call, given.get("UserNamesToAdd", [])) if n not in kept)]
    return {"ACL": acl}


@implements("memorydb", "DeleteACL", see=f"{API}DeleteACL.html")
def delete_acl(call: Call) -> dict[str, Any]:
    """Delete a list that no cluster has."""
    name = call.parameters["ACLName"]
    if users := _clusters(call.region, name):
        raise AwsError("InvalidACLStateFault", f"ACL {name} is in use by {', '.join(users)}.")
    return {"ACL": {**drop("ACL", call.region, name), "Status": "deleting"}}
