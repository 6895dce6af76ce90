"""Deletions that the provider makes again for some minutes, by what AWS answers."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.provider import lifecycle
from tests.rehearsal.aws_plugin.asked import Asked, calls, listening, refused

GLOBAL_STORE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
BUSY = [
    ("aws:backup/plan:Plan", "DeleteBackupPlan", "Related backup plan selections must be deleted prior to backup"),
    (GLOBAL_STORE, "DeleteGlobalReplicationGroup", "InvalidGlobalReplicationGroupState"),
    ("aws:elasticache/parameterGroup:ParameterGroup", "DeleteCacheParameterGroup", "InvalidCacheParameterGroupState"),
    ("aws:elasticache/replicationGroup:ReplicationGroup", "DeleteReplicationGroup", "InvalidReplicationGroupState"),
    ("aws:rds/cluster:Cluster", "DeleteDBCluster", "This cluster is a part of a global cluster"),
    ("aws:rds/cluster:Cluster", "DeleteDBCluster", "it is not currently in the available state"),
    ("aws:rds/clusterInstance:ClusterInstance", "DeleteDBInstance", "Delete the replica cluster before deleting"),
    (
        "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        "DeleteDBClusterParameterGroup",
        "InvalidDBParameterGroupState",
    ),
    ("aws:rds/globalCluster:GlobalCluster", "DeleteGlobalCluster", "Global Cluster web is not empty"),
]


def deleted(token: str, operation: str, code: str, message: str) -> Asked:
    """What is asked for in a deletion that AWS refuses the first time."""
    context = listening(token, {"skipFinalSnapshot": True}, {operation: [refused(code, message), {}]}, id="it")
    for step in registry.type_of(token).deletes:
        lifecycle._patiently(context, registry.type_of(token), step)
    return context.asked


@pytest.mark.parametrize(("token", "operation", "said"), BUSY)
def test_a_deletion_is_made_again_while_aws_is_busy(
    monkeypatch: pytest.MonkeyPatch, token: str, operation: str, said: str
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    code, message = ("Fault", said) if " " in said else (said, "")
    assert calls(deleted(token, operation, code, message)) == [operation] * 2
    with pytest.raises(CallError):
        deleted(token, operation, "AccessDenied", "not allowed")
