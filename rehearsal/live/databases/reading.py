"""Reads what RDS has: clusters with their instances, global databases, and the passwords of master users."""

from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.live.account import Account
from rehearsal.live.data import addresses
from rehearsal.live.data.passwords import passwords
from rehearsal.live.databases import model


@dataclass(frozen=True)
class Region:
    """The clusters of a Region, the CIDR block of each zone's subnet by cluster, passwords by user."""

    clusters: tuple[model.Cluster, ...]
    subnets: Mapping[str, Mapping[str, str]]
    globals: tuple[model.Global, ...]
    passwords: Mapping[str, list[str]]


async def read(account: Account, region: str) -> Region:
    """Read a Region."""
    instances = await account.ask_all("rds", region, "describe_db_instances", "DBInstances")
    answers = await account.ask_all("rds", region, "describe_db_clusters", "DBClusters")
    clusters = [found for each in answers if (found := model.cluster(region, each, instances))]
    if not clusters:
        return Region((), {}, (), {})
    subnets = {}
    for cluster in clusters:
        answer = await account.ask("rds", region, "describe_db_subnet_groups", DBSubnetGroupName=cluster.subnet_group)
        ids = [each["SubnetIdentifier"] for each in answer["DBSubnetGroups"][0]["Subnets"]]
        subnets[cluster.id] = addresses.by_zone(
            await account.ask_all("ec2", region, "describe_subnets", "Subnets", SubnetIds=ids)
        )
    databases = await account.ask_all("rds", region, "describe_global_clusters", "GlobalClusters")
    return Region(tuple(clusters), subnets, tuple(model.globals_of(databases)), await passwords(account, region))
