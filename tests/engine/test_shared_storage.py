"""Shared storage in two regions by the real engine: what a failover leaves, and what the next `up` makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.engine.stack import Changes, Stack, changes

pytestmark = pytest.mark.xdist_group("storage-engine")

AWAY = "eu-central-1"

PROGRAM = """
import pulumi
import pulumi_aws as aws
from ha_web import SharedStorage, StorageReplication

config = pulumi.Config()

def storage(name, region, **more):
    vpc = aws.ec2.Vpc(f"{name}-net", cidr_block="10.0.0.0/16", region=region)
    zones = aws.get_availability_zones(region=region)
    chosen = sorted(zip(zones.zone_ids, zones.names))[: config.get_int("zones") or 2]
    subnets = [
        aws.ec2.Subnet(
            f"{name}-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{n}.0/24", availability_zone=zone_name, region=region
        ).id
        for n, (zone, zone_name) in enumerate(chosen)
    ]
    key = aws.kms.Key(f"{name}-key", enable_key_rotation=True, region=region)
    return SharedStorage(
        name,
        {
            "vpc_id": vpc.id,
            "subnet_ids": subnets,
            "zone_ids": [zone for zone, _ in chosen],
            "key_arn": key.arn,
            "region": region,
            **more,
        },
    )

here = storage("here", "HERE")
there = storage("there", "AWAY", receives_replica=True)
if config.get_bool("replicated") is not False:
    StorageReplication(
        "copy",
        {
            "source_file_system_id": here.file_system_id,
            "source_region": "HERE",
            "destination_file_system_id": there.file_system_id,
            "destination_region": "AWAY",
        },
    )
pulumi.export("here", here.file_system_id)
pulumi.export("there", there.file_system_id)
""".replace("HERE", REGION).replace("AWAY", AWAY)


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path) -> Stack:
    return Stack.new(tmp_path, emulator, PROGRAM, "storage")


def preview(stack: Stack) -> tuple[Changes, list[str]]:
    """What an `up` would change; and the component's warnings."""
    shown = stack.previewed()
    warnings = [each["message"] for each in shown.get("diagnostics", []) if each.get("severity") == "warning"]
    return changes(shown), [message.strip() for message in warnings if "StorageReplication" in message]


def test_a_promoted_copy_is_never_overwritten_by_an_up(stack: Stack, aws: Client) -> None:
    away = aws("efs", AWAY)

    def protection() -> str:
        found: dict[str, Any] = away.describe_file_systems(FileSystemId=copy)["FileSystems"][0]["FileSystemProtection"]
        return str(found["ReplicationOverwriteProtection"])

    first = stack.up()
    assert first == {"created": first["created"]}
    made = stack.outputs()
    source, copy = made["here"], made["there"]
    assert protection() == "REPLICATING"

    # while it replicates: nothing to do, and nothing that the provider would refuse, after a refresh
    stack.refresh()
    assert preview(stack) == ({}, [])
    assert stack.up() == {"unchanged": first["created"]}

    # a failover, from the copy's region alone
    away.delete_replication_configuration(SourceFileSystemId=source)
    assert protection() == "ENABLED"
    changed, warnings = preview(stack)
    assert changed == {}
    assert warnings == [
        f'warning: StorageReplication "copy": {copy} in {AWAY} is protected from being overwritten, '
        "so it is no replica: after a failover it holds the newest files. "
        "Nothing here will replicate over it (AWS refuses to). "
        "Take the replication out of the program, and see docs/decisions/0008 for the ways back"
    ]

    # refreshed, the program would replicate again: AWS refuses, and the copy stays
    stack.refresh()
    changed, warnings = preview(stack)
    assert (changed, len(warnings)) == ({("create", "copy-replication"): set()}, 1)
    failed = stack.tried("up", "--yes", "--skip-preview")
    assert failed.returncode != 0
    assert "overwrite protection must be DISABLED" in failed.stdout + failed.stderr
    assert protection() == "ENABLED"

    # with the replication taken out there is nothing left to do about it, and a zone more touches no other
    stack.run("config", "set-all", "--plaintext", "replicated=false", "--plaintext", "zones=3")
    changed, warnings = preview(stack)
    zones = {("create", f"{name}-{zone}") for name, zone in (("here", "euw1-az3"), ("there", "euc1-az3"))}
    mounts = {("create", f"{name}-mount-{zone}") for name, zone in (("here", "euw1-az3"), ("there", "euc1-az3"))}
    assert (set(changed), warnings) == (zones | mounts | {("delete", "copy")}, [])
    stack.up()
    assert (stack.outputs(), protection()) == (made, "ENABLED")

    # the way back of failback.md: a person opens the copy, and an `up` replicates over it
    away.update_file_system_protection(FileSystemId=copy, ReplicationOverwriteProtection="DISABLED")
    stack.run("config", "set", "--plaintext", "replicated", "true")
    stack.up()
    assert protection() == "REPLICATING"

    stack.destroy()
    for region in (REGION, AWAY):
        left = aws("efs", region)
        assert {each["FileSystemId"] for each in left.describe_file_systems()["FileSystems"]} & {source, copy} == set()
