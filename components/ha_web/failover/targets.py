"""The parts of a failover: checks of their arguments, and the configuration of the function that moves them."""

from collections.abc import Mapping
from typing import Any

import pulumi

from ha_web.failover.args import FailoverTargetsArgs
from ha_web.failover.runtime.config import PROTOCOLS, STORES

CONFIG_KEYS = {
    "sessions": {"global_id": "global_replication_group_id", "id": "replication_group_id"},
    "database": {"global_id": "global_cluster_id", "arn": "cluster_arn"},
    "storage": {"source_id": "source_file_system_id", "id": "file_system_id"},
}
"""Keys of a store in the function's configuration, each with the argument that it comes from."""


MOST_PATIENCE_SECONDS = 400
"""Beyond that, a run would end before its patience, and the next would begin to wait anew."""


def target_problems(args: FailoverTargetsArgs) -> list[str]:
    """Refuse values that can't work: a sentence each."""
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
            problems.append(f"capacity.minimum is {minimum}; at least 1 server must serve")
        if not 1 <= needed <= max(minimum, 1):
            problems.append(f"capacity.needed is {needed}; it must be 1 to the minimum, which is {minimum}")
        patience = capacity.get("patience_seconds", 0)
        if not 0 <= patience <= MOST_PATIENCE_SECONDS:
            problems.append(f"capacity.patience_seconds is {patience}; it must be 0 to {MOST_PATIENCE_SECONDS}")
        if ("primary_group_name" in capacity) != ("primary_region" in capacity):
            problems.append("capacity.primary_group_name and primary_region belong together; one of them is missing")
    database = args.get("database")
    if database is not None and database.get("write_forwarding") and "source_cluster_arn" not in database:
        problems.append("database.source_cluster_arn is missing; it is the cluster that shall forward writes")
    for store in args.get("optional", []):
        if store not in STORES:
            problems.append(f'optional has "{store}"; it can have {", ".join(STORES)}')
        elif store not in args:
            problems.append(f'optional has "{store}"; {store} is not given')
    return problems


def configuration(args: FailoverTargetsArgs, after_seconds: int, topic_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Return the function's configuration, in which some values are known only later."""
    probe = args["primary"]
    protocol = probe.get("protocol", "https")
    found: dict[str, Any] = {
        "region": args["region"],
        "probe": {
            "protocol": protocol,
            "host": probe["dns_name"],
            "port": probe.get("port", 80 if protocol == "http" else 443),
            "path": probe.get("path", "/healthz"),
        },
        "after_seconds": after_seconds,
        "topic_arn": topic_arn,
        "optional": args.get("optional", []),
    }
    switch = args.get("switch")
    if switch is not None:
        found |= {"beacon": args.get("beacon"), "switch": {"bucket": switch["bucket_name"]}}
    capacity = args.get("capacity")
    if capacity is not None:
        minimum = capacity["minimum"]
        found["capacity"] = {
            "group": capacity["group_name"],
            "minimum": minimum,
            "needed": capacity.get("needed", minimum),
        }
        if "patience_seconds" in capacity:
            found["capacity"]["patience"] = capacity["patience_seconds"]
        if "primary_group_name" in capacity:
            found["capacity"] |= {
                "primary_group": capacity["primary_group_name"],
                "primary_region": capacity["primary_region"],
            }
    found |= stores(args)
    if "database" in args and args["database"].get("write_forwarding"):
        found["database"] |= {"source_arn": args["database"]["source_cluster_arn"], "forward": True}
    return found


def stores(args: Mapping[str, Any]) -> dict[str, dict[str, pulumi.Input[str]]]:
    """Return the stores as the function's configuration has them."""
    return {
        store: {key: args[store][name] for key, name in names.items()}
        for store, names in CONFIG_KEYS.items()
        if store in args
    }
