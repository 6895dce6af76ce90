"""Who reaches a database, and in which subnets it stands."""

import pulumi
from pulumi_aws import rds

from ha_web.client_access import Pair
from ha_web.scope import Scope

ACCESS = Pair(
    inner="instances",
    clients="clients",
    inward="instances-from-clients",
    outward="clients-to-instances",
    what="Database instances",
    name="the database",
    traffic="Queries",
)
"""Who reaches the database by the network."""


def create_subnet_group(scope: Scope, subnet_ids: list[pulumi.Input[str]]) -> "rds.SubnetGroup":
    """The subnets that instances may be in."""
    return rds.SubnetGroup(
        f"{scope.name}-subnets",
        description=f"Database {scope.name}",
        subnet_ids=subnet_ids,
        **scope.regional("subnets"),
    )
