"""Clusters and global databases, as the RDS API describes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class InstanceSpec:
    """An instance. `tier`: the lower, the sooner it is promoted."""

    id: str
    zone: str
    endpoint: str
    tier: int


@dataclass(frozen=True)
class Cluster:
    """An Aurora cluster with at least one instance."""

    id: str
    arn: str
    region: str
    status: str
    port: int
    database: str
    user: str
    writer: str
    """The id of the instance that the account calls the writer; of a secondary the one that is promoted first."""
    endpoint: str
    reader_endpoint: str
    instances: tuple[InstanceSpec, ...]
    subnet_group: str

    @property
    def names(self) -> list[str]:
        """All names of the Region that clients may use."""
        return [self.endpoint, self.reader_endpoint, *(each.endpoint for each in self.instances)]


@dataclass(frozen=True)
class Global:
    """A global database: its members by ARN, and the one that takes writes."""

    id: str
    endpoint: str
    writer: str
    members: tuple[str, ...]


def cluster(region: str, answer: Mapping[str, Any], instances: Iterable[Mapping[str, Any]]) -> Cluster | None:
    """Return a cluster of DescribeDBClusters; None if it isn't Aurora PostgreSQL or no instance has an address."""
    if answer.get("Engine") != "aurora-postgresql":
        return None
    known = {each["DBInstanceIdentifier"]: each for each in instances if "Address" in each.get("Endpoint", {})}
    members = [each for each in answer.get("DBClusterMembers", []) if each["DBInstanceIdentifier"] in known]
    specs = tuple(
        InstanceSpec(
            id=member["DBInstanceIdentifier"],
            zone=known[member["DBInstanceIdentifier"]]["AvailabilityZone"],
            endpoint=known[member["DBInstanceIdentifier"]]["Endpoint"]["Address"],
            tier=int(member.get("PromotionTier", 1)),
        )
        for member in members
    )
    if not specs:
        return None
    writers = [each["DBInstanceIdentifier"] for each in members if each.get("IsClusterWriter")]
    return Cluster(
        id=answer["DBClusterIdentifier"],
        arn=answer["DBClusterArn"],
        region=region,
        status=answer["Status"],
        port=int(answer["Port"]),
        database=answer.get("DatabaseName") or "postgres",
        user=answer.get("MasterUsername") or "postgres",
        writer=writers[0] if writers else min(specs, key=lambda each: (each.tier, each.id)).id,
        endpoint=answer["Endpoint"],
        reader_endpoint=answer["ReaderEndpoint"],
        instances=specs,
        subnet_group=answer["DBSubnetGroup"],
    )


def globals_of(answers: Iterable[Mapping[str, Any]]) -> list[Global]:
    """Return the global databases of DescribeGlobalClusters that have a writer."""
    found = []
    for answer in answers:
        members = answer.get("GlobalClusterMembers", [])
        writers = [each["DBClusterArn"] for each in members if each.get("IsWriter")]
        if writers:
            arns = tuple(each["DBClusterArn"] for each in members)
            found.append(Global(answer["GlobalClusterIdentifier"], answer.get("Endpoint", ""), writers[0], arns))
    return found
