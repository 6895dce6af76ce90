"""A planned move to the standby: servers first, the database without loss, and nothing while the primary is unwell."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ops.core.account import Account
from ops.core.errors import DONE, NOT_DONE
from ops.core.policy import actions_of
from ops.failover.arrival import Dns
from ops.failover.calls import CALLS
from ops.switchover.command import MORE, NEVER, main, switchover
from tests.components.standby import CLUSTER, REGION, Time, answering, closed_port, config
from tests.ops.failover.fakes import PRIMARY, Region, operator, stack


class Standby(Region):
    """The standby that follows."""

    lags: tuple[float, ...] = (0.2,)

    def GetMetricData(self, _params: dict[str, Any]) -> Any:
        return {"MetricDataResults": [{"Values": list(self.lags)}]}


class Primary(Region):
    """The primary's region: it has the writer, so it is asked for the switchover."""

    other: Standby

    def SwitchoverGlobalCluster(self, params: dict[str, Any]) -> None:
        assert params["TargetDbClusterIdentifier"] == CLUSTER
        assert self.other.running == 3  # servers run before anything is read-only
        self.other.changes.append("SwitchoverGlobalCluster")
        self.other.writer = True


class Both(Account):
    """Clients of both regions."""

    def __init__(self, regions: dict[str, Region]) -> None:
        super().__init__()
        self._regions = regions

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:  # noqa: ARG002 (Account's)
        return self._regions[region].clients(service)


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr("ha_web.failover.runtime.observe.look.__defaults__", (lambda _: ["192.0.2.1"],))
    with answering() as port:
        yield port


def switch(standby: Standby, primary: Primary | None = None, **options: Any) -> int:
    me = operator(standby, **options)
    primary = primary or Primary()
    primary.other = standby
    me.account = Both({REGION: standby, PRIMARY: primary})

    def resolver(name: str) -> list[str]:
        serving = "standby" if "standby-serves" in standby.contents else "primary"
        return [name if name.endswith(".balancer.example") else f"{serving}.balancer.example"]

    return switchover(me, Dns(stack(), resolver), Time().clock)


def made(port: int, **parts: Any) -> Standby:
    standby = Standby()
    standby.function = config(port, **{"storage": None, **parts})
    return standby


def changes(standby: Standby) -> list[str]:
    return [each for each in standby.changes if each not in ("PutObject", "DeleteObject")]


def test_servers_run_then_the_stores_move_without_loss_and_the_switch_last(alive: int, capsys: Any) -> None:
    standby = made(alive)
    assert switch(standby, dry_run=True) == DONE
    assert changes(standby) == []
    printed = capsys.readouterr().out
    assert "2. raise web-standby to 3 servers\n3. wait until 3 servers run in eu-central-1\n4. make" in printed
    assert "even if the last writes are lost" not in printed
    assert switch(standby) == DONE
    assert changes(standby) == [
        *("UpdateAutoScalingGroup", "FailoverGlobalReplicationGroup", "SwitchoverGlobalCluster", "Publish")
    ]
    assert "standby-serves" in standby.contents
    before = [*standby.changes]
    assert switch(standby) == DONE
    assert standby.changes == before


def test_a_notice_that_an_interruption_kept_back_is_sent_and_nothing_is_waited_for(alive: int, capsys: Any) -> None:
    standby = made(alive)
    standby.contents |= {"standby-serves": "", "notice-owed": "{}"}
    assert switch(standby) == DONE
    assert "1. keep the automation from acting beside this\n2. notify people\n3. check" in capsys.readouterr().out
    assert changes(standby) == ["Publish"]
    assert switch(standby) == DONE
    assert changes(standby) == ["Publish"]


def test_a_store_that_is_not_promoted_stays_in_its_pair_and_users_stay(alive: int, capsys: Any) -> None:
    standby = made(alive)
    standby.refuses["FailoverGlobalReplicationGroup"] = "InvalidParameterValue"
    assert switch(standby) == NOT_DONE
    assert standby.session_role == "SECONDARY"
    assert "standby-serves" not in standby.contents
    assert "sessions is secondary; 3 of 3 servers run; the same command goes on waiting" in capsys.readouterr().out


def test_a_store_that_fails_ends_it_before_the_next_one(alive: int) -> None:
    standby = made(alive)
    standby.refuses["FailoverGlobalReplicationGroup"] = "InternalFailure"
    assert switch(standby) == NOT_DONE
    assert not standby.writer


@pytest.mark.parametrize(
    ("lags", "parts", "reason"),
    [
        ((3.0,), {"database": None}, "the standby's sessions is 3 s behind"),
        ((), {"database": None}, "nobody measured how far the standby's sessions is behind"),
        ((0.1,), {"storage": {"source_id": "fs-1", "id": "fs-2"}}, "files that were written since EFS copied last"),
    ],
)
def test_what_would_lose_something_refuses_it(
    alive: int, lags: tuple[float, ...], parts: dict[str, Any], reason: str, capsys: Any
) -> None:
    standby = made(alive, **parts)
    standby.lags = lags
    assert switch(standby) == NOT_DONE
    assert reason in capsys.readouterr().out
    assert changes(standby) == []
    assert switch(standby, dry_run=True, force=True) == DONE


def test_a_primary_that_does_not_answer_is_for_failover(capsys: Any) -> None:
    assert switch(made(closed_port())) == NOT_DONE
    assert "refused: the primary doesn't answer, and `failover` is the way then" in capsys.readouterr().out


def test_its_policy_has_no_right_to_lose_anything_and_is_what_it_calls(alive: int, capsys: Any) -> None:
    standby, primary = made(alive, storage={"source_id": "fs-1", "id": "fs-2"}), Primary()
    standby.balanced = True
    assert switch(standby, primary, force=True) == DONE
    named = {
        "s3:HeadObject": "s3:GetObject",
        "lambda:GetFunctionConfiguration20150331": "lambda:GetFunctionConfiguration",
    }
    named |= {"monitoring:GetMetricData": "cloudwatch:GetMetricData"}
    used = {named.get(action, action) for region in (standby, primary) for action in region.called}
    assert used == {actions_of(call)[0] for call in (*CALLS, *MORE) if call not in NEVER}
    capsys.readouterr()
    assert main(["--policy"]) == DONE
    actions = json.loads(capsys.readouterr().out)["Statement"][0]["Action"]
    assert "rds:SwitchoverGlobalCluster" in actions
    assert "rds:FailoverGlobalCluster" not in actions
