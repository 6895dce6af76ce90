"""Reads what MemoryDB has: clusters with their users and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rehearsal.live.account import Account
from rehearsal.live.data import addresses
from rehearsal.live.data.passwords import passwords
from rehearsal.live.durable_stores import model
from rehearsal.live.stores.model import User


@dataclass(frozen=True)
class Region:
    """The clusters of a Region, and the CIDR block of each zone's subnet by cluster."""

    clusters: tuple[model.Cluster, ...]
    subnets: Mapping[str, Mapping[str, str]]


async def read(account: Account, region: str) -> Region:
    """Read a Region."""
    answers = await account.ask_all("memorydb", region, "describe_clusters", "Clusters", ShowShardDetails=True)
    found = [cluster for each in answers if (cluster := model.cluster(region, each))]
    if not found:
        return Region((), {})
    users = await _users(account, region)
    clusters = [
        replace(
            each,
            users=tuple(users.get(each.access_list, ())),
            parameters=await _parameters(account, region, each.parameter_group),
        )
        for each in found
    ]
    return Region(tuple(clusters), {each.id: await _subnets(account, region, each.subnet_group) for each in found})


async def _users(account: Account, region: str) -> dict[str, list[User]]:
    """The users of each access control list."""
    known = await passwords(account, region)
    users = {
        each["Name"]: User(each["Name"], each["AccessString"], tuple(dict.fromkeys(known.get(each["Name"], []))))
        for each in await account.ask_all("memorydb", region, "describe_users", "Users")
    }
    lists = await account.ask_all("memorydb", region, "describe_acls", "ACLs")
    return {each["Name"]: [users[name] for name in each["UserNames"] if name in users] for each in lists}


async def _parameters(account: Account, region: str, name: str) -> dict[str, str]:
    """The values of an own parameter group; those of AWS's are the engine's own."""
    if not name or name.startswith("default."):
        return {}
    answer = await account.ask_all("memorydb", region, "describe_parameters", "Parameters", ParameterGroupName=name)
    return {each["Name"]: str(each.get("Value", "")) for each in answer}


async def _subnets(account: Account, region: str, name: str) -> dict[str, str]:
    answer = await account.ask("memorydb", region, "describe_subnet_groups", SubnetGroupName=name)
    ids = [each["Identifier"] for each in answer["SubnetGroups"][0]["Subnets"]]
    return addresses.by_zone(await account.ask_all("ec2", region, "describe_subnets", "Subnets", SubnetIds=ids))
