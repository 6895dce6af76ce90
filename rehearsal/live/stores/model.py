"""Replication groups and global datastores, as ElastiCache's API describes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class User:
    """A user of a group's user groups. `access`: the access string, as ElastiCache takes it."""

    name: str
    access: str
    passwords: tuple[str, ...] = ()

    @property
    def rules(self) -> list[str]:
        """The words of the engine's own rule; without a password nobody gets in."""
        return [*self.access.split(), *(f">{each}" for each in self.passwords)]


@dataclass(frozen=True)
class NodeSpec:
    """A node, whose id is that of its cache cluster."""

    id: str
    zone: str
    endpoint: str


@dataclass(frozen=True)
class Group:
    """A replication group with one shard."""

    id: str
    region: str
    status: str
    shard: str
    port: int
    primary: str
    """The id of the node that the account calls primary."""
    primary_endpoint: str
    reader_endpoint: str
    nodes: tuple[NodeSpec, ...]
    user_groups: tuple[str, ...]
    failover: bool
    """Whether a replica is promoted by itself."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    users: tuple[User, ...] = ()

    @property
    def names(self) -> list[str]:
        """All names that clients may use."""
        return [self.primary_endpoint, self.reader_endpoint, *(node.endpoint for node in self.nodes)]


@dataclass(frozen=True)
class Datastore:
    """A global datastore. `primary` and `members` are (region, group)."""

    id: str
    primary: tuple[str, str]
    members: tuple[tuple[str, str], ...]


def group(region: str, answer: Mapping[str, Any]) -> Group | None:
    """Return a group of DescribeReplicationGroups; None while it is made, and for more than one shard."""
    shards: Sequence[Mapping[str, Any]] = answer.get("NodeGroups") or []
    if len(shards) != 1 or "PrimaryEndpoint" not in shards[0]:
        return None
    [shard] = shards
    nodes = tuple(
        NodeSpec(each["CacheClusterId"], each["PreferredAvailabilityZone"], each["ReadEndpoint"]["Address"])
        for each in shard["NodeGroupMembers"]
    )
    heads = [each["CacheClusterId"] for each in shard["NodeGroupMembers"] if each.get("CurrentRole") == "primary"]
    return Group(
        id=answer["ReplicationGroupId"],
        region=region,
        status=answer["Status"],
        shard=shard["NodeGroupId"],
        port=int(shard["PrimaryEndpoint"]["Port"]),
        primary=heads[0] if heads else nodes[0].id,
        primary_endpoint=shard["PrimaryEndpoint"]["Address"],
        reader_endpoint=shard["ReaderEndpoint"]["Address"],
        nodes=nodes,
        user_groups=tuple(answer.get("UserGroupIds") or ()),
        failover=answer.get("AutomaticFailover") in ("enabled", "enabling"),
    )


def datastores(answers: Iterable[Mapping[str, Any]]) -> list[Datastore]:
    """Return the global datastores of DescribeGlobalReplicationGroups with member information."""
    found = []
    for answer in answers:
        members = [each for each in answer.get("Members") or [] if each.get("Status") != "disassociating"]
        primaries = [each for each in members if each["Role"].upper() == "PRIMARY"]
        if primaries:
            found.append(Datastore(answer["GlobalReplicationGroupId"], _key(primaries[0]), tuple(map(_key, members))))
    return found


def _key(member: Mapping[str, Any]) -> tuple[str, str]:
    return member["ReplicationGroupRegion"], member["ReplicationGroupId"]
