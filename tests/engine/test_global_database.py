"""A database over two regions by the real engine: joined, failed over outside of Pulumi, left, and destroyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.engine.stack import Stack

AWAY = "eu-central-1"

PROGRAM = f"""
import pulumi
import pulumi_aws as aws
from ha_web import Database, GlobalDatabase, MultiRegionKey
from ha_web.core.credentials import replica_arn

HOME, AWAY = "{REGION}", "{AWAY}"
config = pulumi.Config()


def place(region):
    vpc = aws.ec2.Vpc(f"{{region}}-vpc", cidr_block="10.0.0.0/16", region=region)
    zones = aws.get_availability_zones(state="available", region=region).names[:2]
    subnets = [
        aws.ec2.Subnet(
            f"{{region}}-{{n}}", vpc_id=vpc.id, cidr_block=f"10.0.{{n}}.0/24", availability_zone=zone, region=region
        )
        for n, zone in enumerate(zones)
    ]
    own = {{"vpc_id": vpc.id, "subnet_ids": [subnet.id for subnet in subnets], "region": region}}
    return {{**own, "key_arn": keys[region], "deletion_protection": False}}


keys = MultiRegionKey("keys", {{"regions": [HOME, AWAY]}}).arns
here, there = place(HOME), place(AWAY)
data = Database("data", {{**here, "secret_replicas": {{AWAY: there["key_arn"]}}, "backup_retention_days": 14}})
pulumi.export("cluster", data.cluster_id)
pulumi.export("secret", data.secret_arn)
if config.get_bool("standby"):
    world = GlobalDatabase("world", {{"source_cluster_arn": data.cluster_arn, "region": HOME}})
    replica = data.secret_arn.apply(lambda arn: replica_arn(arn, AWAY))
    secondary_of = {{
        "global_cluster_id": world.global_cluster_id, "engine_version": world.engine_version, "secret_arn": replica
    }}
    standby = Database("standby", {{**there, "secondary_of": secondary_of, "write_forwarding": True}})
    pulumi.export("world", world.global_cluster_id)
    pulumi.export("standby", standby.cluster_arn)
"""

WATCHED = ("aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance", "aws:rds/globalCluster:GlobalCluster")


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path, unique: str) -> Stack:
    return Stack.new(tmp_path, emulator, PROGRAM, unique)


def ids(stack: Stack) -> dict[str, str]:
    """Ids of the database's resources, by name: a replacement gives another."""
    return {
        each["urn"].rpartition("::")[2]: each["id"]
        for each in stack.state()
        if each["type"] in WATCHED and "id" in each
    }


def roles(rds: Any, world: str) -> dict[str, bool]:
    found = rds.describe_global_clusters(GlobalClusterIdentifier=world)["GlobalClusters"][0]["GlobalClusterMembers"]
    return {member["DBClusterArn"].split(":")[3]: member["IsWriter"] for member in found}


def snapshots(rds: Any) -> list[dict[str, Any]]:
    return list(rds.describe_db_cluster_snapshots()["DBClusterSnapshots"])


def test_a_database_joins_another_region_fails_over_and_leaves_without_being_replaced(
    stack: Stack, aws: Client
) -> None:
    here, there = aws("rds"), aws("rds", AWAY)
    of_others = {each["DBClusterSnapshotIdentifier"] for rds in (here, there) for each in snapshots(rds)}

    def primary() -> dict[str, Any]:
        name = stack.outputs()["cluster"]
        return dict(here.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0])

    stack.up()
    alone, before = ids(stack), primary()
    assert len(alone) == 3
    secret = aws("secretsmanager").describe_secret(SecretId=stack.outputs()["secret"])
    assert [replica["Region"] for replica in secret["ReplicationStatus"]] == [AWAY]

    # A standby joins: nothing that stands is changed.
    stack.run("config", "set", "standby", "true")
    assert {operation for operation, _ in stack.preview()} == {"create"}
    counted = stack.up()
    assert set(counted) == {"created", "unchanged"}
    joined = ids(stack)
    assert alone.items() <= joined.items()
    world = stack.outputs()["world"]
    assert roles(there, world) == {REGION: True, AWAY: False}
    assert stack.preview() == {}

    # A failover outside of Pulumi: nothing is replaced, and no role is swapped back.
    target = {"GlobalClusterIdentifier": world, "TargetDbClusterIdentifier": stack.outputs()["standby"]}
    there.failover_global_cluster(**target, AllowDataLoss=True)
    assert roles(there, world) == {REGION: False, AWAY: True}
    assert stack.preview() == {}
    stack.refresh()
    assert stack.preview() == {}
    assert set(stack.up()) == {"unchanged"}
    assert ids(stack) == joined
    assert roles(there, world) == {REGION: False, AWAY: True}

    # A standby that has become the primary isn't removed: AWS refuses its last instance.
    stack.run("config", "set", "standby", "false")
    assert {operation for operation, _ in stack.preview()} == {"delete"}
    with pytest.raises(AssertionError, match="Cannot delete the last instance of the master cluster"):
        stack.up()
    assert roles(there, world) == {REGION: False, AWAY: True}

    # Once the roles are switched back it leaves, and the primary is untouched.
    there.switchover_global_cluster(GlobalClusterIdentifier=world, TargetDbClusterIdentifier=before["DBClusterArn"])
    stack.up()
    after = primary()
    assert ids(stack) == alone
    assert world not in {each["GlobalClusterIdentifier"] for each in here.describe_global_clusters()["GlobalClusters"]}
    moving = {"EarliestRestorableTime", "LatestRestorableTime"}
    assert {k: v for k, v in after.items() if k not in moving} == {k: v for k, v in before.items() if k not in moving}
    assert stack.preview() == {}

    stack.destroy()
    for rds in (here, there):
        left = {each["DBClusterIdentifier"].rpartition("-")[0] for each in rds.describe_db_clusters()["DBClusters"]}
        assert not left & {"data-cluster", "standby-cluster"}
    for region, rds, name in ((REGION, here, "data"), (AWAY, there, "standby")):
        found = [each for each in snapshots(rds) if each["DBClusterSnapshotIdentifier"] not in of_others]
        last = [each for each in found if each["DBClusterSnapshotIdentifier"].startswith(f"{name}-final-")]
        assert [(each["Status"], each["StorageEncrypted"]) for each in last] == [("available", True)]
        # A snapshot that outlives the stack can be read: so does its key.
        key = aws("kms", region).describe_key(KeyId=last[0]["KmsKeyId"])["KeyMetadata"]
        assert (key["KeyState"], key["MultiRegion"]) == ("Enabled", True)
