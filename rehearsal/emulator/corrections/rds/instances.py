"""RDS: the instances of a cluster, which ministack puts into one zone and lets exist without a cluster."""

import re
from collections import Counter
from typing import Any

from ministack.services import rds as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.rds import state
from rehearsal.emulator.corrections.rds.state import API, Kept
from rehearsal.emulator.wire import AwsError, Call, Response

AURORA = ("aurora-postgresql", "aurora-mysql")

CLASS = re.compile(r"db\.(t3|t4g|r5|r6g|r6gd|r6i|r6id|r7g|r7i|r8g|r8gd|x2g)\.(medium|large|\d*xlarge)|db\.serverless")
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html"""

BURSTABLE = re.compile(r"db\.t\d")
"""Classes that can't be in a global database:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html"""

UNDESCRIBED = {
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
}
"""Settings of an instance that ministack does not describe."""

UNCHANGED = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "PromotionTier": "PromotionTier",
}
"""Settings that ministack takes at creation and leaves when they change."""


@corrects("rds", "CreateDBInstance", see=f"{API}CreateDBInstance.html")
async def create(call: Call) -> Response:
    """Refuse what AWS refuses; put the instance into a zone of its cluster's subnets that has the fewest."""
    given, region = call.parameters, call.region
    if given["Engine"] not in AURORA:
        return await emulators.ask(call)
    cluster = state.cluster(region, given.get("DBClusterIdentifier", ""))
    zone = placed(given, region, cluster)
    check_class(given["DBInstanceClass"], cluster)
    state.check_key(given.get("PerformanceInsightsKMSKeyId"), region)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    name = given["DBInstanceIdentifier"]
    kept = store._instances.get_scoped(ACCOUNT, region, name)
    kept["AvailabilityZone"] = zone
    kept["_undescribed"] = {described: given[key] for key, described in UNDESCRIBED.items() if key in given}
    follow(kept, region, cluster)
    state.seat_writer(region, cluster)
    return call.answer({"DBInstance": await state.described_instance(region, name)})


def follow(kept: Kept, region: str, cluster: Kept) -> None:
    """Give an instance what it has of its cluster."""
    same = ("StorageEncrypted", "KmsKeyId", "VpcSecurityGroups", "BackupRetentionPeriod", "PreferredBackupWindow")
    kept |= {key: cluster[key] for key in (*same, "IAMDatabaseAuthenticationEnabled")}
    group = store._subnet_groups.get_scoped(ACCOUNT, region, cluster["DBSubnetGroup"])
    if group:
        kept["DBSubnetGroup"] = group


def placed(given: dict[str, Any], region: str, cluster: Kept) -> str:
    """The zone of a new instance: the one it asks for, if the cluster has a subnet there, or the emptiest."""
    group = cluster["DBSubnetGroup"]
    if given.get("DBSubnetGroupName", group) != group:
        message = f"The DB instance and its cluster must have one subnet group: {given['DBSubnetGroupName']}, {group}."
        raise AwsError("InvalidParameterCombination", message)
    zones = state.zones(region, group)
    wanted = given.get("AvailabilityZone")
    if wanted and wanted not in zones:
        raise AwsError("InvalidVPCNetworkStateFault", f"DB subnet group {group} has no subnet in {wanted}.")
    taken = Counter(one["AvailabilityZone"] for one in state.instances_of(region, cluster))
    return wanted or min(zones, key=lambda zone: (taken[zone], zone))


def check_class(wanted: str, cluster: Kept) -> None:
    """Refuse a class that Aurora does not have, or not in a global cluster."""
    if not CLASS.fullmatch(wanted):
        raise AwsError("InvalidParameterValue", f"Invalid DB Instance class: {wanted}")
    if cluster.get("GlobalClusterIdentifier") and BURSTABLE.match(wanted):
        refuse_burstable(wanted)


def refuse_burstable(wanted: str) -> None:
    """Refuse a class that can't be in a global cluster."""
    message = f"RDS does not support DBInstanceClass={wanted} in a global cluster; use a memory-optimized class."
    raise AwsError("InvalidParameterCombination", message)


@corrects("rds", "DescribeDBInstances", see=f"{API}DBInstance.html")
async def describe(call: Call) -> Response:
    """Describe also what ministack keeps to itself."""
    return await state.described(call, "DBInstances", state.completed_instance)


@corrects("rds", "ModifyDBInstance", see=f"{API}ModifyDBInstance.html")
async def modify(call: Call) -> Response:
    """Change also what ministack leaves."""
    given, region = call.parameters, call.region
    name = given["DBInstanceIdentifier"]
    kept = store._instances.get_scoped(ACCOUNT, region, name)
    cluster = state.found_cluster(region, kept["DBClusterIdentifier"]) if kept else None
    if cluster and "DBInstanceClass" in given:
        check_class(given["DBInstanceClass"], cluster)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    kept |= {described: given[key] for key, described in UNCHANGED.items() if key in given}
    kept.setdefault("_undescribed", {}).update(
        {described: given[key] for key, described in UNDESCRIBED.items() if key in given}
    )
    for member in cluster["DBClusterMembers"] if cluster else []:
        if member["DBInstanceIdentifier"] == name:
            member["PromotionTier"] = kept["PromotionTier"]
    return call.answer({"DBInstance": await state.described_instance(region, name)})


@corrects("rds", "DeleteDBInstance", see=f"{API}DeleteDBInstance.html")
async def delete(call: Call) -> Response:
    """Refuse the last instance of a primary that has secondaries; promote a reader where the writer goes."""
    region = call.region
    kept = store._instances.get_scoped(ACCOUNT, region, call.parameters["DBInstanceIdentifier"])
    cluster = state.found_cluster(region, kept["DBClusterIdentifier"]) if kept else None
    if cluster is None:
        return await emulators.ask(call)
    if len(cluster["DBClusterMembers"]) == 1 and secondaries(cluster):
        message = (
            "Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting it."
        )
        raise AwsError("InvalidDBClusterStateFault", message)
    response = await emulators.ask(call)
    state.seat_writer(region, cluster)
    return response


def secondaries(cluster: Kept) -> int:
    """Count the secondaries of a primary."""
    name = cluster.get("GlobalClusterIdentifier")
    if not name or state.primary_of(cluster):
        return 0
    return len(state.global_cluster(name)["GlobalClusterMembers"]) - 1
