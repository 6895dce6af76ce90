"""What a failover is about: the arguments that the function and the plan that AWS runs have in common."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from ha_web.failover.runtime.config import PROTOCOLS, STORES

CONFIG_KEYS = {
    "sessions": {"global_id": "global_replication_group_id", "id": "replication_group_id"},
    "database": {"global_id": "global_cluster_id", "arn": "cluster_arn"},
    "storage": {"source_id": "source_file_system_id", "id": "file_system_id"},
}
"""Names in the function's configuration, and those of the arguments."""


class FailoverProbeArgs(TypedDict):
    """How the standby looks at the primary itself."""

    dns_name: pulumi.Input[str]
    """DNS name of the primary's load balancer."""
    protocol: NotRequired[str]
    """https (default), http or tcp (connecting is enough)."""
    port: NotRequired[int]
    """TCP port. Default 443, for http 80; tcp has none."""
    path: NotRequired[str]
    """Path that answers 200 to 399, for https and http. Default /healthz, as Route 53 asks."""


class FailoverSwitchRefArgs(TypedDict):
    """The switch (outputs of `FailoverSwitch`)."""

    bucket_name: pulumi.Input[str]
    """Its bucket."""
    bucket_arn: pulumi.Input[str]
    """ARN of the bucket."""


class FailoverCapacityArgs(TypedDict):
    """The standby's servers."""

    group_name: pulumi.Input[str]
    """Its Auto Scaling group (`Fleet.group_name`)."""
    minimum: int
    """Servers that it gets, at least: what carries the load of the primary. Never more than the group's maximum."""
    needed: NotRequired[int]
    """Servers that must run before users are sent. Default: the minimum. Fewer are faster and may be overloaded."""


class FailoverSessionsArgs(TypedDict):
    """A session store that must be promoted: an ElastiCache global datastore. (MemoryDB's needs no promotion.)"""

    global_replication_group_id: pulumi.Input[str]
    """The global datastore."""
    replication_group_id: pulumi.Input[str]
    """The standby's replication group."""


class FailoverDatabaseArgs(TypedDict):
    """A database that must be promoted: an Aurora global cluster."""

    global_cluster_id: pulumi.Input[str]
    """The global cluster."""
    cluster_arn: pulumi.Input[str]
    """ARN of the standby's cluster."""


class FailoverStorageArgs(TypedDict):
    """A file system that must be let go: the destination of an EFS replication."""

    source_file_system_id: pulumi.Input[str]
    """The primary's file system."""
    source_region: str
    """AWS Region of that."""
    file_system_id: pulumi.Input[str]
    """The standby's file system."""


class FailoverTargetsArgs(TypedDict):
    """What a failover moves: what the arguments of both components have in common.

    Each repeats these fields, for a schema loses the descriptions of inherited ones.
    """

    region: str
    """AWS Region of the standby, where all of this runs."""
    primary: FailoverProbeArgs
    """The load balancer to look at."""
    beacon: pulumi.Input[str]
    """Name that tells Route 53's view of the primary (`FailoverDns.beacon`)."""
    switch: FailoverSwitchRefArgs
    """What is moved last."""
    capacity: NotRequired[FailoverCapacityArgs]
    """The standby's servers. Default: they are left as they are."""
    sessions: NotRequired[FailoverSessionsArgs]
    """The session store. Default: nothing to promote."""
    database: NotRequired[FailoverDatabaseArgs]
    """The database. Default: nothing to promote."""
    storage: NotRequired[FailoverStorageArgs]
    """The shared files. Default: nothing to let go."""
    optional: NotRequired[list[str]]
    """Stores without which users are sent to the standby all the same: of sessions, database, storage. Default none."""


def target_problems(args: FailoverTargetsArgs) -> list[str]:
    """Values that can't work; one sentence each."""
    problems = []
    probe, capacity = args["primary"], args.get("capacity")
    protocol = probe.get("protocol", "https")
    if protocol not in PROTOCOLS:
        problems.append(f'primary.protocol is "{protocol}"; it must be one of {", ".join(PROTOCOLS)}')
    if protocol == "tcp" and "port" not in probe:
        problems.append("primary.port is missing; tcp has no usual port to connect to")
    if capacity is not None:
        minimum, needed = capacity["minimum"], capacity.get("needed", capacity["minimum"])
        if minimum < 1:
            problems.append(f"capacity.minimum is {minimum}; without a server nobody is served")
        if not 1 <= needed <= max(minimum, 1):
            problems.append(f"capacity.needed is {needed}; it must be 1 to the minimum, which is {minimum}")
    for store in args.get("optional", []):
        if store not in STORES:
            problems.append(f'optional has "{store}"; it can have {", ".join(STORES)}')
        elif store not in args:
            problems.append(f'optional has "{store}"; there is none')
    return problems


def configuration(args: FailoverTargetsArgs, after_seconds: int, topic_arn: pulumi.Input[str]) -> dict[str, Any]:
    """The function's configuration, with values that are known only later."""
    probe = args["primary"]
    protocol = probe.get("protocol", "https")
    found: dict[str, Any] = {
        "region": args["region"],
        "beacon": args["beacon"],
        "probe": {
            "protocol": protocol,
            "host": probe["dns_name"],
            "port": probe.get("port", 80 if protocol == "http" else 443),
            "path": probe.get("path", "/healthz"),
        },
        "switch": {"bucket": args["switch"]["bucket_name"]},
        "after_seconds": after_seconds,
        "topic_arn": topic_arn,
        "optional": args.get("optional", []),
    }
    capacity = args.get("capacity")
    if capacity is not None:
        minimum = capacity["minimum"]
        found["capacity"] = {
            "group": capacity["group_name"],
            "minimum": minimum,
            "needed": capacity.get("needed", minimum),
        }
    return found | stores(args)


def stores(args: Mapping[str, Any]) -> dict[str, dict[str, pulumi.Input[str]]]:
    """The stores as the function's configuration has them."""
    return {
        store: {key: args[store][name] for key, name in names.items()}
        for store, names in CONFIG_KEYS.items()
        if store in args
    }
