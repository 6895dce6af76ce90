"""Backups by the real engine: a forgotten bucket stops the preview; a vault with recovery points can be left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.emulator.process import Emulator
from rehearsal.engine import STACK, Engine, EngineError
from tests.conftest import Client
from tests.engine.stack import SETTINGS, new_home, new_project

REGIONS = {"eu-west-1": "site-vault", "eu-central-1": "site-copy-vault"}
FUNCTIONS = {"aws:lambda/function:Function", "aws:cloudwatch/eventRule:EventRule"} <= registry.types().keys()
"""Whether the rehearsal has what a restore test's validation is made of."""

PROGRAM = """
import pulumi
from ha_web import BackupAudit, BackupGuard, BackupPlan, RestoreTesting, usual_rules
from pulumi_aws import s3


class Box(pulumi.ComponentResource):
    def __init__(self, tags):
        super().__init__("theirs:index:Box", "box")
        child = pulumi.ResourceOptions(parent=self)
        self.data = s3.Bucket("data", region="eu-west-1", tags=tags, opts=child)


guard = BackupGuard.watch()
tagged = pulumi.Config().get_bool("tagged")
box = Box({"ha-web:backup": "true"} if tagged else {"a": "b"})
rules = usual_rules(air_gapped=True)
lock = {"changeable_for_days": 14, "min_retention_days": 7, "max_retention_days": 3650}
regions = {"region": "eu-west-1", "copy_region": "eu-central-1"}
plan = BackupPlan("site", {**regions, "rules": rules, "lock": lock, "s3": True})
BackupAudit("site", {**regions, "retention_days": 7})
if pulumi.Config().get_bool("restores"):
    tests = {"tests": [{"kind": "S3"}], "vault_arns": [plan.vault_arn], "role_arn": plan.restore_role_arn}
    RestoreTesting("site-restores", {"region": "eu-west-1", **tests})
guard.check()
pulumi.export("role", plan.role_arn)
pulumi.export("data", box.data.arn)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Iterator[Engine]:
    root: Path = tmp_path_factory.mktemp("backups")
    settings = {**SETTINGS, "aws:region": "us-east-1"}
    engine = Engine(new_home(root), emulator, new_project(root / "backups", PROGRAM, settings, STACK))
    engine.select()
    yield engine
    if engine.exists():
        engine.destroy(capture=True)


def points(aws: Client, region: str, prefix: str) -> dict[str, int]:
    vaults: list[dict[str, Any]] = aws("backup", region).list_backup_vaults()["BackupVaultList"]
    return {
        v["BackupVaultName"]: v["NumberOfRecoveryPoints"] for v in vaults if v["BackupVaultName"].startswith(prefix)
    }


def test_a_forgotten_bucket_stops_the_preview_and_vaults_with_recovery_points_can_be_left(
    engine: Engine, aws: Client
) -> None:
    with pytest.raises(EngineError) as refused:
        engine.preview(capture=True)
    assert 'aws:s3/bucket:Bucket "data" in eu-west-1 is in no backup plan' in refused.value.output
    assert "Traceback" not in refused.value.output

    engine.run("config", "set", "tagged", "true", "--stack", engine.stack, capture=True)
    engine.run("config", "set", "restores", str(FUNCTIONS).lower(), "--stack", engine.stack, capture=True)
    engine.up(capture=True)
    assert "+" not in engine.preview("--expect-no-changes", capture=True).split("Resources:")[-1]
    made = engine.outputs()
    assert [list(points(aws, region, f"{prefix}-").values()) for region, prefix in REGIONS.items()] == [[0], [0]]
    [vault] = points(aws, "eu-west-1", "site-vault-")
    given = {"BackupVaultName": vault, "ResourceArn": made["data"], "IamRoleArn": made["role"]}
    aws("backup", "eu-west-1").start_backup_job(**given, Lifecycle={"DeleteAfterDays": 7})
    assert points(aws, "eu-west-1", "site-vault-") == {vault: 1}
    engine.run("preview", "--refresh", "--expect-no-changes", "--stack", engine.stack, capture=True)

    engine.destroy(capture=True)
    assert not engine.exists()
    assert [points(aws, region, f"{prefix}-") for region, prefix in REGIONS.items()] == [{}, {}]
