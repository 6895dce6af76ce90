"""RDS: clusters that begin with a backup. No data is copied: a restored cluster is as empty as any other here."""

from datetime import UTC, datetime
from typing import Any

from rehearsal.emulator import corrections, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.rds import state
from rehearsal.emulator.corrections.rds.state import API
from rehearsal.emulator.wire import AwsError, Call, Response

OF_THE_BACKUP = ("Engine", "EngineVersion", "DatabaseName", "KmsKeyId", "MasterUsername", "StorageEncrypted")
"""What a restored cluster has of its backup, unless the call gives another."""

OF_THE_RESTORE = (
    *("RestoreToTime", "RestoreType", "SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId"),
    "UseLatestRestorableTime",
)
"""Parameters that say what to restore; the others are those of a new cluster."""

UNSAID = "as-it-was-in-the-backup"
"""The password, which nobody can read."""


@corrects("rds", "RestoreDBClusterToPointInTime", see=f"{API}RestoreDBClusterToPointInTime.html")
async def to_point_in_time(call: Call) -> Response:
    """Make a cluster like its source; refuse a time that it can't be restored to."""
    given = call.parameters
    source = await state.described_cluster(call.region, given["SourceDBClusterIdentifier"])
    at = given.get("RestoreToTime")
    if (at is None) is not bool(given.get("UseLatestRestorableTime")):
        message = "Either RestoreToTime or UseLatestRestorableTime must be specified."
        raise AwsError("InvalidParameterCombination", message)
    if at is not None:
        check_time(at, source)
    return await _made(call, source)


def check_time(at: Any, source: dict[str, Any]) -> None:
    """Refuse a time outside of the source's point-in-time recovery, to the second."""
    wanted = datetime.fromisoformat(at.replace("Z", "+00:00")) if isinstance(at, str) else at
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    first, last = (source[f"{which}RestorableTime"].replace(microsecond=0) for which in ("Earliest", "Latest"))
    if not first <= wanted.replace(microsecond=0) <= last:
        message = f"The specified instance cannot be restored to a time earlier than {first} or later than {last}"
        raise AwsError("InvalidRestoreFault", message)


@corrects("rds", "RestoreDBClusterFromSnapshot", see=f"{API}RestoreDBClusterFromSnapshot.html")
async def from_snapshot(call: Call) -> Response:
    """Make a cluster like that of a snapshot, found by its name or ARN."""
    name = call.parameters["SnapshotIdentifier"].rpartition("cluster-snapshot:")[2]
    asked = emulators.request_for("rds", "DescribeDBClusterSnapshots", call.region, DBClusterSnapshotIdentifier=name)
    response = await corrections.answer(asked)
    found = asked.read(response).get("DBClusterSnapshots") if response.status == 200 else None
    if not found:
        raise AwsError("DBClusterSnapshotNotFoundFault", f"DBClusterSnapshot {name} not found.", 404)
    return await _made(call, found[0])


async def _made(call: Call, backup: dict[str, Any]) -> Response:
    given = {name: value for name, value in call.parameters.items() if name not in OF_THE_RESTORE}
    own = {name: backup[name] for name in OF_THE_BACKUP if backup.get(name) not in (None, "")}
    whole = {**own, "MasterUserPassword": UNSAID, **given}
    asked = emulators.request_for("rds", "CreateDBCluster", call.region, **whole)
    response = await corrections.answer(asked)
    return call.answer(asked.read(response)) if response.status == 200 else response
