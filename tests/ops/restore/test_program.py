"""The stack's program, by Pulumi's command."""

from pathlib import Path

import pytest

from ops.core.errors import OpsError
from ops.restore.program import Program, lost, of_servers
from tests.ops.restore.fake_pulumi import FakePulumi, step

CLUSTER, GROUP = "aws:rds/cluster:Cluster", "aws:autoscaling/group:Group"


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    made = FakePulumi(tmp_path)
    monkeypatch.setenv("PATH", str(made.bin), prepend=":")
    return made


def test_settings_are_read_and_written(pulumi: FakePulumi) -> None:
    program = Program("prod")
    program.set("restored.r1", "2026-11-29T10:15:00Z")
    assert program.database() == {"instances": 2, "restored": {"r1": "2026-11-29T10:15:00Z"}}
    assert all(each[-2:] == ["--stack", "prod"] for each in pulumi.kept()["asked"])


def test_a_preview_tells_what_would_be_lost_and_which_servers_would_change(pulumi: FakePulumi) -> None:
    steps = [step("same", CLUSTER, "a"), step("create", CLUSTER, "b"), step("replace", CLUSTER, "c")]
    pulumi.keep(steps=[*steps, step("delete", "aws:ec2/eip:Eip", "d"), step("update", GROUP, "e")])
    found = Program("prod").preview()
    assert len(found) == 4
    assert lost(found) == [f"replace c ({CLUSTER})"]
    assert of_servers(found) == [f"update e ({GROUP})"]


def test_a_command_that_fails_is_one_line(pulumi: FakePulumi) -> None:
    pulumi.keep(fails={"preview": "database.restored.r1: is nonsense", "up": "no"})
    with pytest.raises(OpsError, match=r"stack prod: `pulumi preview`: database\.restored\.r1: is nonsense"):
        Program("prod").preview()
    with pytest.raises(OpsError, match="`pulumi up` ended with 255"):
        Program("prod").up()


def test_a_stack_without_a_database_and_a_machine_without_pulumi_are_said(
    pulumi: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi.keep(settings=None)
    with pytest.raises(OpsError, match="has no ha-web:database"):
        Program("prod").database()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(OpsError, match="`pulumi` can't be started"):
        Program("prod").database()
