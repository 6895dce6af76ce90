"""RDS: clusters of ministack's, with the account's own groups and keys, and with the snapshots that they leave."""

from typing import Any

from ministack.services import rds as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.rds import promotions, state
from rehearsal.emulator.corrections.rds.state import API, Kept
from rehearsal.emulator.wire import AwsError, Call, Response

FAR = 35
"""Days of retention at most: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"""

LONGEST_PASSWORD = 41
"""Characters of a master password, by the page of the API; the guide allows more (same page)."""

UNDESCRIBED: dict[str, str] = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "EnableGlobalWriteForwarding": "GlobalWriteForwardingRequested",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "StorageType": "StorageType",
}
"""Settings of a cluster that ministack does not keep: how they are given, and how they are described."""


@corrects("rds", "CreateDBCluster", see=f"{API}CreateDBCluster.html")
async def create(call: Call) -> Response:
    """Refuse what AWS refuses; keep what ministack drops; take zones from the subnets."""
    given = call.parameters
    check(call)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    kept = state.cluster(call.region, given["DBClusterIdentifier"])
    kept["AvailabilityZones"] = state.zones(call.region, kept["DBSubnetGroup"])[:3]
    logs = {"EnabledCloudwatchLogsExports": given.get("EnableCloudwatchLogsExports", [])}
    kept["_undescribed"] = {"AutoMinorVersionUpgrade": True, **logs, **undescribed(given)}
    return call.answer({"DBCluster": await state.described_cluster(call.region, given["DBClusterIdentifier"])})


def undescribed(given: dict[str, Any]) -> dict[str, Any]:
    """The given settings that ministack does not keep, as they are described."""
    return {described: given[name] for name, described in UNDESCRIBED.items() if name in given}


def check(call: Call) -> None:
    """Refuse a cluster that AWS would refuse."""
    given, region = call.parameters, call.region
    check_settings(given, region)
    group = given.get("DBSubnetGroupName")
    if group and not store._subnet_groups.contains_scoped(ACCOUNT, region, group):
        raise AwsError("DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist.", 404)
    if name := given.get("GlobalClusterIdentifier"):
        return check_secondary(given, state.global_cluster(name))
    if given.get("EnableGlobalWriteForwarding"):
        message = "EnableGlobalWriteForwarding can be set only on members of a global cluster."
        raise AwsError("InvalidParameterCombination", message)
    if "ReplicationSourceIdentifier" in given:
        return None
    if not given.get("MasterUsername"):
        raise AwsError("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
    password = given.get("MasterUserPassword", "")
    if not given.get("ManageMasterUserPassword") and not (
        8 <= len(password) <= LONGEST_PASSWORD and not set('/"@ ') & set(password)
    ):
        characters = "printable characters besides '/', '@', '\"', ' '"
        message = f"The parameter MasterUserPassword must have 8 to {LONGEST_PASSWORD} {characters}."
        raise AwsError("InvalidParameterValue", message)
    return None


def check_settings(given: dict[str, Any], region: str) -> None:
    """Refuse settings that AWS would refuse, whether new or changed."""
    state.check_security_groups(given.get("VpcSecurityGroupIds", []), region)
    for key in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        state.check_key(given.get(key), region)
    days = given.get("BackupRetentionPeriod", 1)
    if not 1 <= days <= FAR:
        raise AwsError("InvalidParameterValue", f"Invalid backup retention period: {days}. It must be from 1 to {FAR}.")


def check_secondary(given: dict[str, Any], global_database: Kept) -> None:
    """Refuse a member of a global cluster that AWS would refuse.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html
    """
    members = global_database["GlobalClusterMembers"]
    writers = [state.found_cluster("", member["DBClusterArn"]) for member in members if member["IsWriter"]]
    if not writers or writers[0] is None:
        return
    if writers[0]["StorageEncrypted"] and not given.get("KmsKeyId"):
        message = "For encrypted cross-region replica, kmsKeyId should be explicitly specified"
        raise AwsError("InvalidParameterCombination", message)
    for name in ("MasterUsername", "MasterUserPassword", "DatabaseName"):
        if name in given:
            raise AwsError("InvalidParameterCombination", f"Cannot specify {name} for a secondary cluster")


@corrects("rds", "DescribeDBClusters", see=f"{API}DBCluster.html")
async def describe(call: Call) -> Response:
    """Describe also what ministack keeps to itself."""
    return await state.described(call, "DBClusters", state.completed_cluster)


@corrects("rds", "ModifyDBCluster", see=f"{API}ModifyDBCluster.html")
async def modify(call: Call) -> Response:
    """Refuse what AWS refuses; change also what ministack leaves."""
    given = call.parameters
    kept = state.cluster(call.region, given["DBClusterIdentifier"])
    check_settings(given, call.region)
    if state.primary_of(kept) and "MasterUserPassword" in given:
        raise AwsError("InvalidDBClusterStateFault", "The password of a secondary cluster is changed at the primary.")
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    kept["_undescribed"] |= undescribed(given)
    logs = given.get("CloudwatchLogsExportConfiguration", {})
    exported = {*kept["_undescribed"]["EnabledCloudwatchLogsExports"], *logs.get("EnableLogTypes", [])}
    kept["_undescribed"]["EnabledCloudwatchLogsExports"] = sorted(exported - {*logs.get("DisableLogTypes", [])})
    return call.answer({"DBCluster": await state.described_cluster(call.region, kept["DBClusterIdentifier"])})


@corrects("rds", "DeleteDBCluster", see=f"{API}DeleteDBCluster.html")
async def delete(call: Call) -> Response:
    """Take the final snapshot, which ministack only promises; nothing is lost without being asked for."""
    given = call.parameters
    kept = state.cluster(call.region, given["DBClusterIdentifier"])
    last = given.get("FinalDBSnapshotIdentifier")
    if bool(last) == bool(given.get("SkipFinalSnapshot")):
        raise AwsError(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and excludes it.",
        )
    if kept["DeletionProtection"]:
        message = "Cannot delete protected Cluster, please disable deletion protection and try again."
        raise AwsError("InvalidParameterCombination", message)
    if kept.get("GlobalClusterIdentifier"):
        message = "This cluster is a part of a global cluster, please remove it from globalcluster first"
        raise AwsError("InvalidDBClusterStateFault", message)
    if kept["DBClusterMembers"]:
        message = "Cluster cannot be deleted, it still contains DB instances in non-deleting state."
        raise AwsError("InvalidDBClusterStateFault", message)
    if last:
        names = {"DBClusterSnapshotIdentifier": last, "DBClusterIdentifier": kept["DBClusterIdentifier"]}
        tags = {"Tags": kept["TagList"]} if kept["CopyTagsToSnapshot"] and kept["TagList"] else {}
        await state.ask(emulators.request_for("rds", "CreateDBClusterSnapshot", call.region, **names, **tags))
    return await emulators.ask(call)


@corrects("rds", "FailoverDBCluster", see=f"{API}FailoverDBCluster.html")
async def fail_over(call: Call) -> Response:
    """Refuse it where all instances are readers; else the roles change, and nothing is said about data."""
    kept = state.cluster(call.region, call.parameters["DBClusterIdentifier"])
    if state.primary_of(kept):
        message = f"DB cluster {kept['DBClusterIdentifier']} is a secondary of a global cluster and has no writer."
        raise AwsError("InvalidDBClusterStateFault", message)
    with promotions.roles(call, kept):
        response = await emulators.ask(call)
    if response.status != 200:
        return response
    return call.answer({"DBCluster": await state.described_cluster(call.region, kept["DBClusterIdentifier"])})
