"""A failover that a person starts: each step is the function's, nothing is asked of a region that is lost."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from ha_web.failover.runtime.apply import ACTIONS
from ha_web.failover.runtime.config import LOCK_KEY, NOTICE_KEY, SEEN_KEY, SWITCH_KEY
from ha_web.failover.runtime.plan import Kind

from ops.core.errors import DONE, INTERRUPTED, LOCKED, NOT_ASKED, NOT_DONE, OpsError
from ops.core.lock import KEY
from ops.core.operate import Operator
from ops.core.policy import actions_of
from ops.failover import carrying, command
from ops.failover.arrival import Dns
from ops.failover.calls import CALLS
from ops.failover.command import main
from tests.components.standby import Time, answering, closed_port, config
from tests.ops.failover.fakes import OneRegion, Region, operator, stack

ALL = ["UpdateAutoScalingGroup", "FailoverGlobalReplicationGroup", "FailoverGlobalCluster"]
ALL += ["DeleteReplicationConfiguration", "PutObject", "Publish"]


@pytest.fixture
def standby(monkeypatch: pytest.MonkeyPatch) -> Region:
    monkeypatch.setattr("ha_web.failover.runtime.observe.resolve", lambda _: ["192.0.2.2"])
    made = Region()
    made.function = config(closed_port())
    return made


def failover(me: Operator, dns: Dns) -> int:
    """On a clock on which only sleeping takes time."""
    return command.failover(me, dns, Time().clock)


def dns(standby: Region) -> Dns:
    """The site's name follows the switch."""

    def resolver(name: str) -> list[str]:
        serving = "standby" if "standby-serves" in standby.contents else "primary"
        return [name if name.endswith(".balancer.example") else f"{serving}.balancer.example"]

    return Dns(stack(), resolver)


def moved(standby: Region) -> list[str]:
    """The changes to the site; lock and journal are objects, too."""
    return [change for change in standby.changes if change not in ("PutObject", "DeleteObject")]


def entry(standby: Region) -> dict[str, Any]:
    [newest] = sorted(key for key in standby.contents if key.startswith("journal/"))[-1:]
    found: dict[str, Any] = json.loads(standby.contents[newest])
    return found


def test_a_dry_run_shows_the_functions_steps_and_changes_nothing(standby: Region, capsys: Any) -> None:
    assert failover(operator(standby, dry_run=True), dns(standby)) == DONE
    printed = capsys.readouterr().out
    assert "1. keep the automation from acting beside this\n2. raise web-standby to 3 servers\n3. make the session" in (
        printed
    )
    assert "check that DNS leads users to eu-central-1" in printed
    assert "what sessions and database and storage did not replicate yet is lost" in printed
    assert standby.changes == []


def test_users_are_sent_once_all_is_ready_and_are_seen_to_arrive(standby: Region, capsys: Any) -> None:
    standby.contents[SEEN_KEY] = json.dumps({"primary": "127.0.0.1", "servers": 5})
    assert failover(operator(standby), dns(standby)) == DONE
    assert moved(standby) == [change for change in ALL if change != "PutObject"]
    assert (standby.session_role, standby.writer, standby.replicating) == ("PRIMARY", True, False)
    assert (standby.minimum, standby.desired) == (5, 5)  # as many as the primary ran
    assert "users are sent" in standby.messages[0]["Subject"]
    assert "www.example.com leads to the standby" in capsys.readouterr().out
    assert not {LOCK_KEY, KEY} & set(standby.contents)
    assert entry(standby)["outcome"] == "done"
    before = [*standby.changes]
    assert failover(operator(standby), dns(standby)) == DONE
    assert "Nothing is left to do." in capsys.readouterr().out
    assert standby.changes == before


def test_a_person_who_thinks_for_long_takes_no_time_from_the_stores(
    standby: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time()
    me = operator(standby, yes=False)
    monkeypatch.setattr(me.terminal, "agreed", lambda _: time.sleep(2000) or True)  # type: ignore[func-returns-value]
    assert command.failover(me, dns(standby), time.clock) == DONE


def test_with_the_region_lost_nothing_is_asked_of_another_one(standby: Region) -> None:
    me = operator(standby, region_lost=True)
    dead = me.account
    assert isinstance(dead, OneRegion)
    assert failover(me, dns(standby)) == DONE
    assert dead.asked == []
    assert "standby-serves" in standby.contents


def test_a_primary_that_is_silent_stops_nothing_but_its_copy_of_the_journal(standby: Region, capsys: Any) -> None:
    me = operator(standby)
    dead = me.account
    assert isinstance(dead, OneRegion)
    assert failover(me, dns(standby)) == DONE
    assert dead.asked == ["s3.eu-west-1.put_object"]
    assert "the journal in eu-west-1 could not be written" in capsys.readouterr().out


def test_what_was_interrupted_goes_on_from_there(standby: Region, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "ACTIONS", {**ACTIONS, Kind.SESSIONS: interrupted})
        assert failover(operator(standby), dns(standby)) == INTERRUPTED
    assert moved(standby) == ["UpdateAutoScalingGroup"]
    assert not {LOCK_KEY, KEY} & set(standby.contents)
    capsys.readouterr()
    assert failover(operator(standby), dns(standby)) == DONE
    assert "raise web-standby" not in capsys.readouterr().out
    assert moved(standby) == [change for change in ALL if change != "PutObject"]


def test_a_notice_that_an_interruption_kept_back_is_sent_once_by_the_same_command(
    standby: Region, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "notify", interrupted)
        assert failover(operator(standby), dns(standby)) == INTERRUPTED
    assert "standby-serves" in standby.contents
    assert standby.messages == []
    capsys.readouterr()
    assert failover(operator(standby), dns(standby)) == DONE
    assert "\n2. notify people\n3. check that DNS leads users to eu-central-1" in capsys.readouterr().out
    [message] = standby.messages
    assert "users are sent" in message["Subject"]
    assert [*json.loads(message["Message"])["done"]][:2] == ["capacity", "sessions"]
    assert failover(operator(standby), dns(standby)) == DONE
    assert "Nothing is left to do." in capsys.readouterr().out
    assert len(standby.messages) == 1
    assert NOTICE_KEY not in standby.contents


def test_a_notice_that_a_run_of_the_automation_still_sends_is_left_to_it(standby: Region, capsys: Any) -> None:
    standby.contents |= {SWITCH_KEY: "", NOTICE_KEY: "{}"}
    standby.contents[LOCK_KEY] = json.dumps({"since": time.time(), "until": time.time() + 600})
    assert failover(operator(standby), dns(standby)) == DONE
    assert "Nothing is left to do." in capsys.readouterr().out
    assert standby.messages == []


def test_a_store_that_fails_stops_users_not_the_other_stores(standby: Region, capsys: Any) -> None:
    standby.refuses["FailoverGlobalCluster"] = "InternalFailure"
    assert failover(operator(standby), dns(standby)) == NOT_DONE
    assert (standby.session_role, standby.replicating) == ("PRIMARY", False)
    assert "standby-serves" not in standby.contents
    assert "STOPPED" in standby.messages[0]["Subject"]
    assert "users are not sent, for something failed: database:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda s: s.refuses.update(DescribeReplicationGroups="InternalFailure"), "eu-central-1: sessions: "),
        (lambda s: setattr(s, "maximum", 0), "the Auto Scaling group's maximum is 0"),
    ],
)
def test_a_precondition_refuses_and_a_person_may_force_it(
    standby: Region, spoil: Callable[[Region], None], reason: str, capsys: Any
) -> None:
    spoil(standby)
    assert failover(operator(standby, dry_run=True), dns(standby)) == NOT_DONE
    assert f"refused: {reason}" in capsys.readouterr().out.replace("refused: eu-central-1: the", "refused: the")
    assert failover(operator(standby, dry_run=True, force=True), dns(standby)) == DONE


def test_a_primary_that_answers_is_not_failed_over_from(
    standby: Region, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("ha_web.failover.runtime.observe.probe.__defaults__", (lambda host: [host],))
    with answering() as port:
        standby.function = config(port)
        monkeypatch.setattr("ha_web.failover.runtime.observe.look.__defaults__", (lambda _: ["192.0.2.1"],))
        assert failover(operator(standby), dns(standby)) == NOT_DONE
    assert "the primary answers, and a failover loses what is not replicated yet; --force" in capsys.readouterr().out
    assert standby.changes == []


def test_the_automation_that_acts_is_not_fought_unless_it_was_killed(standby: Region, capsys: Any) -> None:
    standby.contents[LOCK_KEY] = json.dumps({"since": time.time(), "until": time.time() + 600})
    assert failover(operator(standby), dns(standby)) == NOT_DONE
    assert "refused: the automation fails over already, until" in capsys.readouterr().out
    assert standby.changes == []
    assert failover(operator(standby, take_over=True), dns(standby)) == DONE


def test_two_operators_see_each_other(standby: Region) -> None:
    standby.contents[KEY] = json.dumps({"who": "ada@desk", "operation": "failover", "since": 1.0, "machine": "other"})
    with pytest.raises(OpsError, match="ada@desk on other runs `failover`") as raised:
        failover(operator(standby), dns(standby))
    assert raised.value.code == LOCKED
    assert moved(standby) == []


def test_users_who_do_not_arrive_are_told(standby: Region, capsys: Any) -> None:
    stuck = Dns(stack(), lambda name: [name if name.endswith(".example") else "", "primary.balancer.example"])
    assert failover(operator(standby), stuck) == NOT_DONE
    assert "not to the standby, 150 s after the switch moved" in capsys.readouterr().out


@pytest.mark.parametrize("changed", [{"function": ""}, {"clusters": {"primary": stack().primary}}])
def test_without_a_standby_that_takes_over_it_says_what_helps(standby: Region, changed: dict[str, Any]) -> None:
    with pytest.raises(OpsError, match="no region takes over"):
        failover(operator(standby, of=stack(**changed)), dns(standby))


def test_the_policy_has_exactly_what_a_failover_calls(standby: Region, capsys: Any) -> None:
    standby.balanced = True
    standby.refuses["FailoverGlobalReplicationGroup"] = "InvalidParameterValue"  # so that it disassociates
    assert failover(operator(standby, region_lost=True), dns(standby)) == DONE
    named = {
        "s3:HeadObject": "s3:GetObject",
        "lambda:GetFunctionConfiguration20150331": "lambda:GetFunctionConfiguration",
    }
    used = {named.get(action, action) for action in standby.called}
    allowed = {action for call in CALLS for action in actions_of(call)}
    assert used <= allowed
    assert {actions_of(call)[0] for call in CALLS} == used
    capsys.readouterr()
    assert main(["--policy", "--region-lost"]) == DONE
    assert "rds:FailoverGlobalCluster" in json.loads(capsys.readouterr().out)["Statement"][0]["Action"]


def test_with_the_region_lost_no_state_is_read(capsys: Any) -> None:
    assert main(["--region-lost"]) == NOT_ASKED
    assert "error: --region-lost: give --outputs" in capsys.readouterr().err
