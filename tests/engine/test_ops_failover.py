"""Users go to the standby and back on a whole stack, by commands that have exactly the rights that they ask for."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ops.core.errors import DONE, LOCKED, NOT_ASKED, NOT_DONE
from ops.core.lock import Lock
from tests.engine.conftest import Site
from tests.engine.operated import Command, Operated
from tests.engine.test_rights import needless

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.timeout(900)]

HOME, AWAY = "eu-west-1", "eu-central-1"
AT_HOME = (False, {"sessions": HOME, "database": HOME}, "ENABLED")
AT_STANDBY = (True, {"sessions": AWAY, "database": AWAY}, "ENABLED")

OF_FILES = {
    *("elasticfilesystem:DescribeReplicationConfigurations", "elasticfilesystem:DeleteReplicationConfiguration"),
    *("elasticfilesystem:DescribeFileSystems", "elasticfilesystem:UpdateFileSystemProtection"),
}
ELSEWHERE = {
    *OF_FILES,  # this stack has none
    "elasticache:DisassociateGlobalReplicationGroup",  # where ElastiCache doesn't fail the datastore over
    "elasticache:DeleteReplicationGroup",  # of a store that left its pair so
    "s3:DeleteObject",  # of a note without a version, or with --take-over
    "memorydb:DescribeClusters",  # of durable sessions
    "ec2:DescribeLaunchTemplateVersions",  # of a group without servers
}
"""Rights that are for circumstances which this stack doesn't have."""


@pytest.fixture
def operated(site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Operated]:
    operated = Operated(site, monkeypatch, capsys)
    assert operated.state() == AT_HOME
    yield operated
    if operated.state() != AT_HOME:
        operated.put_back()
    assert operated.state() == AT_HOME


@pytest.fixture
def smaller(operated: Operated) -> Iterator[Operated]:
    """The same with a server less than it needs in both regions: failover and failback start one."""
    sizes = {role: operated.resize(role, 2, 2) for role in operated.stack.clusters}
    yield operated
    for role, size in sizes.items():
        operated.resize(role, *size)


def moves(command: Command, before: Any, after: Any, *going_on: str) -> list[str]:
    """Let a command move users, past another operator and stopped after each step: the steps that it took."""
    operated = command.operated
    assert operated.state() == before
    assert command.run("--dry-run") == DONE
    assert operated.state() == before
    operated.printed.readouterr()
    with Lock(operated.owner(), operated.stack.records, (AWAY,)).held("ada@desk", "failover"):
        assert command.run("--yes") == LOCKED
    [said] = operated.printed.readouterr().err.splitlines()
    assert said.startswith("error: ada@desk on ")
    assert operated.state() == before
    code, steps = command.run_stopped_after_each_step(*going_on)
    assert (code, operated.state()) == (DONE, after)
    operated.printed.readouterr()
    assert command.run("--yes", "--json") == DONE
    assert json.loads(operated.printed.readouterr().out)["outcome"] == "nothing to do"
    return steps


def outcomes(operated: Operated, region: str, command: str) -> list[str]:
    """What became of a command's runs, as a region's journal has it."""
    client, bucket = operated.client("s3", region), operated.stack.records[region]
    found = client.list_objects_v2(Bucket=bucket, Prefix="journal/")["Contents"]
    keys = [each["Key"] for each in found if each["Key"].endswith(f"-{command}.json")]
    return [json.loads(client.get_object(Bucket=bucket, Key=key)["Body"].read())["outcome"] for key in keys]


def test_users_go_away_with_the_primary_lost_and_back(smaller: Operated) -> None:
    operated = smaller
    away = operated.command("failover", "--outputs", operated.copy, "--region-lost")
    assert moves(away, AT_HOME, AT_STANDBY, "hold", "switch") == ["capacity", "sessions", "database", "notify"]
    assert away.regions == {AWAY}
    assert set(needless(operated.site, away.role)) <= ELSEWHERE
    assert outcomes(operated, AWAY, "failover")[-4:] == ["interrupted"] * 4

    back = operated.command("failback", "--outputs", operated.copy, "--force")
    steps = ["servers", "sessions", "database", "switch", "arm"]
    assert moves(back, AT_STANDBY, AT_HOME, "disarm") == steps
    assert set(needless(operated.site, back.role)) <= ELSEWHERE
    for region in (HOME, AWAY):
        assert outcomes(operated, region, "failback")[-len(steps) :] == ["interrupted"] * len(steps)


def test_users_move_without_loss_and_back(operated: Operated) -> None:
    away = operated.command("switchover", "--outputs", operated.copy, "--force")
    assert moves(away, AT_HOME, AT_STANDBY, "hold", "switch") == ["sessions", "database", "notify"]
    assert set(needless(operated.site, away.role)) <= ELSEWHERE | {"autoscaling:UpdateAutoScalingGroup"}
    assert operated.command("failback", "--outputs", operated.copy, "--force").run("--yes") == DONE


@pytest.mark.parametrize(
    "asked",
    [
        *("status", "report", "evidence", "zone show", "backup status"),
        *("release status", "release history", "release watch"),
        *("backup start --dry-run", "backup copy --dry-run", "restore test --dry-run"),
        *("release cancel --dry-run", "release rollback --dry-run"),
    ],
)
def test_what_only_looks_reads_everything_with_the_rights_that_it_asks_for(operated: Operated, asked: str) -> None:
    command = operated.command(*asked.split(), "--outputs", operated.copy, "--json")
    assert command.run() in (DONE, NOT_DONE)
    told = operated.printed.readouterr()
    assert "may not call" not in told.out + told.err
    if asked in ("status", "report"):
        assert "can't be read" not in told.out
        assert set(needless(operated.site, command.role)) <= ELSEWHERE


@pytest.mark.parametrize("asked", ["gameday list", "gameday start zone --dry-run", "gameday stop", "hub show"])
def test_what_this_stack_does_not_have_is_said_in_one_line(operated: Operated, asked: str) -> None:
    command = operated.command(*asked.split(), "--outputs", operated.copy, "--json")
    code = command.run()
    told = operated.printed.readouterr()
    lines = [line for line in told.err.splitlines() if not line.startswith("   ")]
    assert (code, len(lines)) == (NOT_ASKED, 1) or (code in (DONE, NOT_DONE) and json.loads(told.out)), told.err
    assert "may not call" not in told.out + told.err
    assert "mistake of this program" not in told.err


@pytest.mark.parametrize(
    ("done", "undone"), [("zone away euc1-az1", "zone back"), ("maintenance on", "maintenance off")]
)
def test_what_changes_something_and_takes_it_back_has_the_rights_that_it_asks_for(
    operated: Operated, done: str, undone: str
) -> None:
    for each in (done, undone):
        assert operated.command(*each.split(), "--outputs", operated.copy).run("--yes") == DONE
        operated.printed.readouterr()
        assert operated.command(*each.split(), "--outputs", operated.copy).run("--yes", "--json") == DONE
        assert json.loads(operated.printed.readouterr().out)["outcome"] == "nothing to do"
