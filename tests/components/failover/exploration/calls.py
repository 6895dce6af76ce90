"""AWS calls of the function as short texts, and answers to them: what a symbol of the model is on the wire."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

REGION, PRIMARY_REGION = "eu-central-1", "eu-west-1"
CLUSTER = f"arn:aws:rds:{REGION}:123456789012:cluster:standby"
SERVERS = 2
"""Servers that users need."""

SETTINGS: dict[str, Any] = {
    "region": REGION,
    "beacon": "primary.example.com",
    "probe": {"protocol": "http", "host": "primary", "port": 80, "path": "/"},
    "switch": {"bucket": "switch"},
    "after_seconds": 60,
    "topic_arn": "arn:topic",
    "capacity": {"group": "standby", "minimum": SERVERS, "needed": SERVERS},
    "sessions": {"global_id": "pair", "id": "standby"},
    "database": {"global_id": "both", "arn": CLUSTER},
    "storage": {"source_id": "fs-1", "id": "fs-2"},
}

Call = tuple[str, Any]
"""What is asked, and with what: `("remove lock", 2)`."""
Params = dict[str, Any]


class UnknownCallError(Exception):
    """The function asks what the model doesn't know: the model must be told first."""


KEYS = {"standby-serves": "switch", "primary-seen": "seen", "failover-runs": "lock", "notice-owed": "owed"}


def _s3(operation: str, params: Params) -> Call:
    what = KEYS[params["Key"]]
    if operation == "put_object":
        always = what == "lock" and params.get("IfNoneMatch") != "*"
        return f"{'overwrite' if always else 'put'} {what}", None
    if operation == "delete_object":
        return f"remove {what}", int(params.get("VersionId") or 0)
    return f"read {what}", None


def _elasticache(operation: str, params: Params) -> Call:
    if operation == "failover_global_replication_group":
        return "promote sessions" if params["PrimaryRegion"] == REGION else "promote sessions back", None
    if operation == "disassociate_global_replication_group":
        assert (params["ReplicationGroupId"], params["ReplicationGroupRegion"]) == ("standby", REGION)
        return "let sessions go", None
    return "read sessions", None


def _rds(operation: str, params: Params) -> Call:
    if operation == "failover_global_cluster":
        ours = params["TargetDbClusterIdentifier"] == CLUSTER
        return "promote database" if ours else "promote database back", None
    return {"describe_global_clusters": "read database"}[operation], None


def _efs(operation: str, params: Params) -> Call:
    if operation == "delete_replication_configuration":
        return "let storage go", params.get("DeletionMode", "")
    return "read storage", None


def _autoscaling(operation: str, params: Params) -> Call:
    if operation == "update_auto_scaling_group":
        return "raise servers", (params["MinSize"], params["DesiredCapacity"])
    return "read servers", None


def _sns(_operation: str, params: Params) -> Call:
    subject = params["Subject"]
    return "notify", "sent" if "users are sent" in subject else "stopped" if "users not sent" in subject else "unsure"


CALLS: dict[str, Callable[[str, Params], Call]] = {
    "s3": _s3,
    "elasticache": _elasticache,
    "rds": _rds,
    "efs": _efs,
    "autoscaling": _autoscaling,
    "sns": _sns,
}

REFUSALS = {
    "throttled": "ThrottlingException",
    "absent": "NoSuchKey",
    "taken": "PreconditionFailed",
    "sessions busy": "InvalidGlobalReplicationGroupState",
    "sessions primary": "InvalidParameterValue",
    "database busy": "InvalidGlobalClusterStateFault",
    "storage busy": "BadRequest",
    "storage alone": "ReplicationNotFound",
}


def answer_to(call: Call, symbol: Any, own_note: str) -> Any:
    """Return what boto3 returns, or raise what it raises.

    own_note: the text of the lock that the run has written itself.
    """
    if symbol == "lost":
        raise _same_text(ReadTimeoutError(endpoint_url=""))
    if symbol in REFUSALS:
        raise _same_text(ClientError({"Error": {"Code": REFUSALS[symbol], "Message": ""}}, ""))
    build = BODIES.get(call[0])
    return build(symbol, own_note) if build else {}


def _same_text(error: Exception) -> Exception:
    """Return an error that says what all say, so that runs don't differ by a text for people."""
    error.args = ("it failed",)
    return error


def _sessions(role: str, _: str) -> Any:
    if role == "alone":
        return {"ReplicationGroups": [{"Status": "available"}]}
    member = {
        "GlobalReplicationGroupId": "pair",
        "GlobalReplicationGroupMemberRole": "SECONDARY" if role == "secondary" else "PRIMARY",
    }
    status = "modifying" if role == "promoting" else "available"
    return {"ReplicationGroups": [{"Status": status, "GlobalReplicationGroupInfo": member}]}


def _database(role: str, _: str) -> Any:
    state = {"Status": "failing-over", "ToDbClusterArn": CLUSTER} if role == "promoting" else {}
    member = {"DBClusterArn": CLUSTER, "IsWriter": role == "primary"}
    return {"GlobalClusters": [{"GlobalClusterMembers": [member], "FailoverState": state}]}


def _storage(role: str, _: str) -> Any:
    end = {"FileSystemId": "fs-2", "Status": "DELETING" if role == "promoting" else "ENABLED"}
    return {"Replications": [] if role == "alone" else [{"Destinations": [end]}]}


def _servers(sizes: tuple[int, int, int], _: str) -> Any:
    minimum, desired, running = sizes
    servers = [{"InstanceId": f"{i}", "LifecycleState": "InService", "HealthStatus": "Healthy"} for i in range(running)]
    return {
        "AutoScalingGroups": [
            {"MinSize": minimum, "DesiredCapacity": desired, "MaxSize": SERVERS, "Instances": servers}
        ]
    }


def _lock(found: tuple[int, str], own_note: str) -> Any:
    version, whose = found
    text = own_note if whose == "own" else json.dumps({"since": 1.0, "until": 2.0 if whose == "expired" else 1e9})
    return {"Body": BytesIO(text.encode()), "VersionId": str(version)}


BODIES: dict[str, Callable[[Any, str], Any]] = {
    "read sessions": _sessions,
    "read database": _database,
    "read storage": _storage,
    "read servers": _servers,
    "read lock": _lock,
    "read seen": lambda _, __: {"Body": BytesIO(b'{"primary": "primary", "servers": null}'), "VersionId": "1"},
    "read owed": lambda _, __: {"Body": BytesIO(b'{"done": [], "failed": {}}'), "VersionId": "1"},
    "put lock": lambda version, _: {"VersionId": str(version)},
    "overwrite lock": lambda version, _: {"VersionId": str(version)},
}
