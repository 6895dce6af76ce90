"""A failback over two regions that botocore talks to: stores, switch, rule, and what was done meanwhile."""

import argparse
import json
from typing import Any

import pytest

from ops.core.account import Account
from ops.core.errors import DONE, INTERRUPTED, NOT_DONE
from ops.core.operate import Operator
from ops.core.policy import actions_of
from ops.core.terminal import Terminal
from ops.failback.calls import CALLS
from ops.failback.carrying import Carrying
from ops.failback.command import failback, main
from ops.failover.arrival import Dns
from tests.components.standby import CLUSTER, REGION, Time, closed_port, config
from tests.ops.failover.fakes import PRIMARY, Region, stack

SOURCE = f"arn:aws:rds:{PRIMARY}:123456789012:cluster:site-primary"


class Standby(Region):
    """The standby after a failover, with the rule that starts the function."""

    rule = "ENABLED"
    kept = "ENABLED"

    def GetFunctionConfiguration(self, params: dict[str, Any]) -> Any:
        return {**super().GetFunctionConfiguration(params), "FunctionArn": "arn:aws:lambda:x:123456789012:function:f"}

    def ListRuleNamesByTarget(self, _params: dict[str, Any]) -> Any:
        return {"RuleNames": ["schedule"]}

    def DescribeRule(self, _params: dict[str, Any]) -> Any:
        return {"State": self.rule}

    def DisableRule(self, _params: dict[str, Any]) -> None:
        self.rule = "DISABLED"

    def EnableRule(self, _params: dict[str, Any]) -> None:
        self.rule = "ENABLED"

    def SwitchoverGlobalCluster(self, params: dict[str, Any]) -> None:
        assert params["TargetDbClusterIdentifier"] == SOURCE
        self.writer, self.other_members = False, [{"DBClusterArn": SOURCE, "IsWriter": True}]

    def DescribeFileSystems(self, _params: dict[str, Any]) -> Any:
        return {"FileSystems": [{"FileSystemProtection": {"ReplicationOverwriteProtection": self.kept}}]}

    def UpdateFileSystemProtection(self, params: dict[str, Any]) -> None:
        self.kept = params["ReplicationOverwriteProtection"]

    def DeleteReplicationGroup(self, _params: dict[str, Any]) -> None:
        self.refuses["DescribeReplicationGroups"] = "ReplicationGroupNotFoundFault"


class Primary(Region):
    """The primary region, which follows; the session store's roles are exchanged with the standby's."""

    other: Standby
    lags = (0.3,)

    def FailoverGlobalReplicationGroup(self, params: dict[str, Any]) -> None:
        assert (params["PrimaryRegion"], params["PrimaryReplicationGroupId"]) == (PRIMARY, "site-primary")
        self.session_role, self.other.session_role = "PRIMARY", "SECONDARY"
        self._left["sessions"] = self.promotion

    def GetMetricData(self, _params: dict[str, Any]) -> Any:
        return {"MetricDataResults": [{"Values": list(self.lags)}]}

    def SetDesiredCapacity(self, params: dict[str, Any]) -> None:
        self.desired = params["DesiredCapacity"]


class Both(Account):
    """Clients of both regions."""

    def __init__(self, standby: Standby, primary: Primary) -> None:
        super().__init__()
        self._regions = {REGION: standby, PRIMARY: primary}

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:  # noqa: ARG002 (Account's)
        return self._regions[region].clients(service)


class World:
    """Both regions after a failover, and an operator."""

    def __init__(self) -> None:
        self.standby = Standby(session_role="PRIMARY", writer=True, replicating=False, minimum=3, desired=3, running=3)
        self.standby.other_members = [{"DBClusterArn": SOURCE, "IsWriter": False}]
        self.standby.contents["standby-serves"] = "x"
        database = {"global_id": "site", "arn": CLUSTER, "source_arn": SOURCE}
        self.standby.function = config(closed_port(), database=database)
        self.primary = Primary(session_role="SECONDARY", minimum=1, desired=1, running=1, balanced=True)
        self.primary.other = self.standby

    def back(self, **options: Any) -> int:
        names = "json dry_run take_over force give_up_sessions files_copied"
        given = {**dict.fromkeys(names.split(), False), "yes": True, "force": True, **options}
        account = Both(self.standby, self.primary)
        me = Operator(stack(), account, Terminal(), argparse.Namespace(**given))
        return failback(me, Dns(stack(), self.resolve), Time().clock)

    def resolve(self, name: str) -> list[str]:
        serving = "standby" if "standby-serves" in self.standby.contents else "primary"
        return [name if name.endswith(".balancer.example") else f"{serving}.balancer.example"]

    def changes(self) -> list[str]:
        """The changes besides lock, note and journal."""
        others = ("PutObject", "DeleteObject", "ListRuleNamesByTarget")
        return [each for each in self.standby.changes if each not in others]


@pytest.fixture
def world() -> World:
    return World()


def test_a_dry_run_and_a_primary_that_does_not_answer_change_nothing(world: World, capsys: Any) -> None:
    assert world.back(dry_run=True) == DONE
    assert "2. let 3 servers run in eu-west-1\n3. make the session store of eu-west-1" in capsys.readouterr().out
    assert world.back(force=False) == NOT_DONE
    assert "refused: the primary in eu-west-1 doesn't answer" in capsys.readouterr().out
    assert (world.changes(), world.primary.changes) == ([], [])
    assert set(world.standby.contents) == {"primary-seen", "standby-serves"}


def test_all_goes_back_and_the_automation_is_armed_again(world: World, capsys: Any) -> None:
    assert world.back() == DONE
    assert world.changes() == ["DisableRule", "SwitchoverGlobalCluster", "EnableRule"]
    assert (world.primary.session_role, world.standby.session_role, world.standby.writer) == (
        "PRIMARY",
        "SECONDARY",
        False,
    )
    assert (world.primary.desired, world.standby.rule) == (3, "ENABLED")
    assert not {"standby-serves", "failover-runs"} & set(world.standby.contents)
    printed = capsys.readouterr().out
    assert "www.example.com leads to the primary" in printed
    assert "--files-copied" in printed
    assert world.back(files_copied=True) == DONE
    assert (world.standby.kept, world.standby.rule) == ("DISABLED", "ENABLED")


def test_an_interruption_leaves_the_automation_stopped_and_the_next_run_arms_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Carrying, "_database", interrupted)
        assert world.back() == INTERRUPTED
    assert (world.standby.rule, world.primary.session_role) == ("DISABLED", "PRIMARY")
    assert "standby-serves" in world.standby.contents
    assert world.back() == DONE
    assert world.standby.rule == "ENABLED"
    assert world.primary.changes.count("FailoverGlobalReplicationGroup") == 1


def test_a_session_store_that_stands_alone_is_deleted_after_users_are_back(world: World, capsys: Any) -> None:
    world.standby.session_role, world.primary.session_role = "", "PRIMARY"
    assert world.back() == NOT_DONE
    assert "--give-up-sessions" in capsys.readouterr().out
    assert world.back(give_up_sessions=True) == DONE
    assert world.changes()[-2:] == ["DeleteReplicationGroup", "EnableRule"]
    capsys.readouterr()
    assert world.back() == DONE
    printed = capsys.readouterr().out
    assert "Nothing is left to do." in printed
    assert "`pulumi up --refresh`" in printed


def test_a_store_that_is_behind_is_not_made_the_primary(world: World, capsys: Any) -> None:
    world.primary.lags = (7.0,)
    assert world.back(force=False, dry_run=True) == NOT_DONE
    assert "the session store of eu-west-1 is 7 s behind" in capsys.readouterr().out


def test_the_policy_has_exactly_what_a_failback_calls(world: World, capsys: Any) -> None:
    world.standby.balanced = True
    assert world.back(files_copied=True) == DONE
    other = World()
    other.standby.session_role, other.primary.session_role = "", "PRIMARY"
    assert other.back(give_up_sessions=True) == DONE
    regions = (world.standby, world.primary, other.standby, other.primary)
    named = {
        "s3:HeadObject": "s3:GetObject",
        "lambda:GetFunctionConfiguration20150331": "lambda:GetFunctionConfiguration",
    }
    named |= {"monitoring:GetMetricData": "cloudwatch:GetMetricData"}
    used = {named.get(action, action) for region in regions for action in region.called}
    assert {actions_of(call)[0] for call in CALLS} == used
    capsys.readouterr()
    assert main(["--policy"]) == DONE
    assert "rds:SwitchoverGlobalCluster" in json.loads(capsys.readouterr().out)["Statement"][0]["Action"]
