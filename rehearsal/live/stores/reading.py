"""Reads what ElastiCache has: groups with their users and parameters, and global datastores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.live.account import Account
from rehearsal.live.data import addresses
from rehearsal.live.data.passwords import passwords
from rehearsal.live.stores import model


@dataclass(frozen=True)
class Region:
    """The groups of a Region, and the CIDR block of each zone's subnet by group."""

    groups: tuple[model.Group, ...]
    subnets: Mapping[str, Mapping[str, str]]
    datastores: tuple[model.Datastore, ...]


async def read(account: Account, region: str) -> Region:
    """Read a Region."""
    answers = await account.ask_all("elasticache", region, "describe_replication_groups", "ReplicationGroups")
    found = [group for each in answers if (group := model.group(region, each))]
    if not found:
        return Region((), {}, ())
    clusters = {
        each["CacheClusterId"]: each
        for each in await account.ask_all("elasticache", region, "describe_cache_clusters", "CacheClusters")
    }
    users = await _users(account, region)
    groups, subnets = [], {}
    for group in found:
        known = clusters.get(group.nodes[0].id)
        if known is None:
            continue
        mine = [user for id_ in group.user_groups for user in users.get(id_, [])]
        parameters = await _parameters(account, region, known)
        groups.append(replace(group, users=tuple(mine), parameters=parameters))
        subnets[group.id] = await _subnets(account, region, known["CacheSubnetGroupName"])
    datastores = await account.ask_all(
        "elasticache", region, "describe_global_replication_groups", "GlobalReplicationGroups", ShowMemberInfo=True
    )
    return Region(tuple(groups), subnets, tuple(model.datastores(datastores)))


async def _users(account: Account, region: str) -> dict[str, list[model.User]]:
    """The users of each user group."""
    groups = await account.ask_all("elasticache", region, "describe_user_groups", "UserGroups")
    if not groups:
        return {}
    known = await passwords(account, region)
    users = {
        each["UserId"]: model.User(
            each["UserName"], each["AccessString"], tuple(dict.fromkeys(known.get(each["UserName"], [])))
        )
        for each in await account.ask_all("elasticache", region, "describe_users", "Users")
    }
    return {each["UserGroupId"]: [users[u] for u in each["UserIds"] if u in users] for each in groups}


async def _parameters(account: Account, region: str, cluster: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that were set; none of a secondary, whose parameter group is in the primary's Region."""
    name = cluster.get("CacheParameterGroup", {}).get("CacheParameterGroupName", "")
    if not name or name.startswith("default."):
        return {}
    try:
        answer = await account.ask(
            "elasticache", region, "describe_cache_parameters", CacheParameterGroupName=name, Source="user"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "CacheParameterGroupNotFound":
            raise
        return {}
    return {each["ParameterName"]: str(each.get("ParameterValue", "")) for each in answer.get("Parameters", [])}


async def _subnets(account: Account, region: str, name: str) -> dict[str, str]:
    answer = await account.ask("elasticache", region, "describe_cache_subnet_groups", CacheSubnetGroupName=name)
    ids = [each["SubnetIdentifier"] for each in answer["CacheSubnetGroups"][0]["Subnets"]]
    return addresses.by_zone(await account.ask_all("ec2", region, "describe_subnets", "Subnets", SubnetIds=ids))
