"""A database that is restored beside the one that serves, by the real engine: nothing that holds data is replaced."""

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


def database(name, **args):
    return Database(name, {{**here, "secret_replicas": {{AWAY: there["key_arn"]}}, **args}})


def replicated(name, data):
    world = GlobalDatabase(f"{{name}}-world", {{"source_cluster_arn": data.cluster_arn, "region": HOME}})
    replica = data.secret_arn.apply(lambda arn: replica_arn(arn, AWAY))
    source = {{
        "global_cluster_id": world.global_cluster_id, "engine_version": world.engine_version, "secret_arn": replica
    }}
    Database(f"{{name}}-standby", {{**there, "secondary_of": source}})


keys = MultiRegionKey("keys", {{"regions": [HOME, AWAY]}}).arns
here, there = place(HOME), place(AWAY)
source = None
if not config.get_bool("retired"):
    first = database("data")
    replicated("data", first)
    source = first.cluster_id
    pulumi.export("cluster", source)
if config.get("restored"):
    begins = {{"source_cluster_id": source or "removed", "time": config.require("restored")}}
    beside = database("data-r1", restored_from=begins)
    pulumi.export("beside", beside.cluster_id)
    if config.get_bool("serving"):
        replicated("data-r1", beside)
"""

HOLDS_DATA = (
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/globalCluster:GlobalCluster",
)


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path, unique: str) -> Stack:
    return Stack.new(tmp_path, emulator, PROGRAM, unique)


def ids(stack: Stack) -> dict[str, Any]:
    """Ids of what holds data, by name: a replacement gives another."""
    found = [each for each in stack.state() if each["type"] in HOLDS_DATA and "id" in each]
    return {each["urn"].rpartition("::")[2]: each["id"] for each in found}


def test_a_restored_database_takes_over_and_the_damaged_one_goes_when_it_is_told_to(stack: Stack, aws: Client) -> None:
    rds = aws("rds")
    stack.up()
    before = ids(stack)
    damaged = rds.describe_db_clusters(DBClusterIdentifier=stack.outputs()["cluster"])["DBClusters"][0]
    at = damaged["LatestRestorableTime"].strftime("%Y-%m-%dT%H:%M:%SZ")

    # Beside: nothing that stands is changed, and a second update has nothing to do.
    stack.run("config", "set", "restored", at)
    assert {operation for operation, _ in stack.preview()} == {"create"}
    stack.up()
    assert before.items() <= ids(stack).items()
    restored = rds.describe_db_clusters(DBClusterIdentifier=stack.outputs()["beside"])["DBClusters"][0]
    assert (restored["Status"], restored["MasterUsername"]) == ("available", damaged["MasterUsername"])
    assert stack.preview() == {}

    # Serving: it gets a global database and a secondary of its own.
    stack.run("config", "set", "serving", "true")
    assert {operation for operation, _ in stack.preview()} == {"create"}
    stack.up()
    stack.refresh()
    assert stack.preview() == {}
    serving = {name: id_ for name, id_ in ids(stack).items() if name.startswith("data-r1")}
    assert len(serving) == 7

    # The damaged one goes, with final snapshots; what serves is not touched.
    stack.run("config", "set", "retired", "true")
    assert {operation for operation, _ in stack.preview()} == {"delete"}
    stack.up()
    assert ids(stack) == serving
    stack.destroy()
