"""RDS: what ministack keeps, found by name or ARN, and described with what it keeps to itself."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import rds as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import wishes
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"

LAG = timedelta(minutes=5)
"""The typical lag of the latest restorable time.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html"""

Kept = dict[str, Any]


def clusters(region: str) -> list[Kept]:
    """The clusters of a region."""
    found: list[Kept] = store._clusters.values_scoped(ACCOUNT, region)
    return found


def instances(region: str) -> list[Kept]:
    """The instances of a region."""
    found: list[Kept] = store._instances.values_scoped(ACCOUNT, region)
    return found


def cluster(region: str, name: str) -> Kept:
    """The cluster of a name or ARN in a region; an `AwsError` if there is none."""
    found = found_cluster(region, name)
    if found is None:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {name} not found.", 404)
    return found


def found_cluster(region: str, name: str) -> Kept | None:
    """The same, or None. An ARN finds it in the region that it names."""
    if name.startswith("arn:"):
        region, name = name.split(":")[3], name.rpartition(":")[2]
    found: Kept | None = store._clusters.get_scoped(ACCOUNT, region, name)
    return found


def global_cluster(name: str) -> Kept:
    """The global cluster of a name; an `AwsError` if there is none."""
    found: Kept | None = store._global_clusters.get_scoped(ACCOUNT, "", name)
    if found is None:
        raise AwsError("GlobalClusterNotFoundFault", f"Global cluster {name} not found.", 404)
    return found


def primary_of(kept: Kept) -> str:
    """The ARN of the cluster that a secondary replicates; empty for all others."""
    name = kept.get("GlobalClusterIdentifier")
    if not name:
        return ""
    members = global_cluster(name)["GlobalClusterMembers"]
    writer = next((member["DBClusterArn"] for member in members if member["IsWriter"]), "")
    return "" if writer == kept["DBClusterArn"] else str(writer)


def instances_of(region: str, kept: Kept) -> list[Kept]:
    """The instances of a cluster, in the order of promotion."""
    order = {m["DBInstanceIdentifier"]: (m["PromotionTier"], n) for n, m in enumerate(kept["DBClusterMembers"])}
    found = [one for one in instances(region) if one["DBInstanceIdentifier"] in order]
    return sorted(found, key=lambda one: order[one["DBInstanceIdentifier"]])


def seat_writer(region: str, kept: Kept) -> None:
    """See to it that a cluster has one writer, or none if it is a secondary: there all instances are readers."""
    members = kept["DBClusterMembers"]
    if primary_of(kept):
        for member in members:
            member["IsClusterWriter"] = False
    elif members and not any(member["IsClusterWriter"] for member in members):
        first = instances_of(region, kept)[0]["DBInstanceIdentifier"]
        for member in members:
            member["IsClusterWriter"] = member["DBInstanceIdentifier"] == first


def zones(region: str, subnet_group: str) -> list[str]:
    """The zones of a subnet group."""
    group = store._subnet_groups.get_scoped(ACCOUNT, region, subnet_group) or {"Subnets": []}
    found = {subnet["SubnetAvailabilityZone"]["Name"] for subnet in group["Subnets"]}
    return sorted(found) or [f"{region}{letter}" for letter in "abc"]


def unique(region: str, *of: str) -> str:
    """Twelve letters and digits, as in AWS's DNS names: the same for one account and region."""
    return hashlib.sha256("".join((ACCOUNT, region, *of)).encode()).hexdigest()[:12]


def completed_cluster(described: Kept, region: str) -> Kept:
    """A described cluster, with names as AWS gives them, and with what ministack leaves out."""
    name = described["DBClusterIdentifier"]
    kept = store._clusters.get_scoped(ACCOUNT, region, name) or described
    at = f"{unique(region)}.{region}.rds.amazonaws.com"
    primary = primary_of(kept)
    wish = wishes.under_way("rds", name, region)
    busy = {"Status": wish.details["status"]} if wish and "status" in wish.details else {}
    placed = {one["AvailabilityZone"] for one in instances_of(region, kept)}
    completed = {
        **described,
        **kept.get("_undescribed", {}),
        "Endpoint": f"{name}.cluster-{at}",
        "ReaderEndpoint": f"{name}.cluster-ro-{at}",
        "MultiAZ": len(placed) > 1,
        **restorable(described),
        **busy,
    }
    if primary:
        completed["ReplicationSourceIdentifier"] = primary
    if "GlobalClusterIdentifier" in kept:
        completed["GlobalWriteForwardingStatus"] = forwarding(kept, primary)
    return {key: value for key, value in completed.items() if value not in ("", None)}


def forwarding(kept: Kept, primary: str) -> str:
    """Describe whether a member of a global cluster forwards writes; only secondaries do."""
    return "enabled" if primary and kept.get("_undescribed", {}).get("GlobalWriteForwardingRequested") else "disabled"


def restorable(described: Kept) -> Kept:
    """The times between which a cluster can be restored, now.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html
    """
    now, created = datetime.now(UTC), described["ClusterCreateTime"]
    earliest = now - timedelta(days=described["BackupRetentionPeriod"])
    return {
        "EarliestRestorableTime": max(created, earliest),
        "LatestRestorableTime": max(created, now - LAG),
    }


def completed_instance(described: Kept, region: str) -> Kept:
    """A described instance, with the name as AWS gives it, and with what it has of its cluster."""
    kept = store._instances.get_scoped(ACCOUNT, region, described["DBInstanceIdentifier"]) or {}
    address = f"{described['DBInstanceIdentifier']}.{unique(region)}.{region}.rds.amazonaws.com"
    completed = {**described, "Endpoint": {**described["Endpoint"], "Address": address}, **kept.get("_undescribed", {})}
    return {key: value for key, value in completed.items() if value not in ("", None)}


def check_security_groups(wanted: list[str], region: str) -> None:
    """Refuse security groups that do not exist."""
    try:
        if wanted:
            client("ec2", region).describe_security_groups(GroupIds=wanted)
    except ClientError as error:
        raise AwsError("InvalidParameterValue", error.response["Error"]["Message"]) from error


def check_key(key: str | None, region: str) -> None:
    """Refuse a key that there is not in the region."""
    try:
        if key:
            client("kms", region).describe_key(KeyId=key)
    except ClientError as error:
        raise AwsError("KMSKeyNotAccessibleFault", f"The specified KMS key {key} is not accessible.") from error


async def ask(service_call: Call) -> dict[str, Any]:
    """ministack's answer to a call; an error is raised as an `AwsError`."""
    return service_call.read(await emulators.ask(service_call))


async def described(call: Call, key: str, completed: Callable[[Kept, str], Kept]) -> Response:
    """Answer a describing call with everything under `key` completed."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    return call.answer({**answer, key: [completed(one, call.region) for one in answer[key]]})


async def described_cluster(region: str, name: str) -> Kept:
    """A cluster as it is now."""
    asked = emulators.request_for("rds", "DescribeDBClusters", region, DBClusterIdentifier=name)
    return completed_cluster((await ask(asked))["DBClusters"][0], region)


async def described_instance(region: str, name: str) -> Kept:
    """An instance as it is now."""
    asked = emulators.request_for("rds", "DescribeDBInstances", region, DBInstanceIdentifier=name)
    return completed_instance((await ask(asked))["DBInstances"][0], region)
