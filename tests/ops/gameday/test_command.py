"""The command on an emulated account: what it shows, starts, ends and refuses."""

import argparse
import itertools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ops.core.account import Account
from ops.core.errors import DONE, DOWN, NOT_ASKED, NOT_DONE, OpsError
from ops.core.operate import Operator
from ops.core.plan import Step
from ops.core.policy import Call, document
from ops.core.stack import Stack
from ops.core.terminal import Terminal
from ops.gameday import command
from ops.gameday.carrying import Carrying
from ops.gameday.command import STARTING, STOPPING, main, show, start, stop
from ops.gameday.look import LOOKING, running
from ops.gameday.measuring import Asker
from ops.gameday.planning import START, WRITE, Facts, expected
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.ops.gameday.told import with_experiments

ROLE = "arn:aws:iam::123456789012:role/game-day"
Make = Callable[..., Operator]


@pytest.fixture
def stack(aws: Client, unique: str) -> Stack:
    def made(what: str) -> str:
        action = {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}}
        stops = [{"source": "none"}]
        found = aws("fis").create_experiment_template(
            clientToken=f"{what}-{unique}",
            description=f"{what} is broken.",
            stopConditions=stops,
            actions={"wait": action},
            roleArn=ROLE,
        )
        return str(found["experimentTemplate"]["id"])

    known = with_experiments(records={})
    return with_experiments(
        records={}, game_day={**known.game_day, "templates": {"zone": made("zone"), "region": "EXTgone"}}
    )


TRUST = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def only(aws: Client, unique: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterable[Call]], None]:
    """Become somebody who may make these calls, and no more; IAM's policies are evaluated."""
    numbers = itertools.count()

    def become(calls: Iterable[Call]) -> None:
        iam, name = aws("iam"), f"{unique}-{next(numbers)}"
        trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document("GameDay", calls)))
        keys = aws("sts").assume_role(RoleArn=arn, RoleSessionName="operator")["Credentials"]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
        monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])

    return become


@pytest.fixture
def operating(emulator: Emulator, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")

    def make(of: Stack | None = None, **options: Any) -> Operator:
        given = {"json": False, "dry_run": False, "yes": True, "take_over": False, "force": False, "policy": False}
        more = {"scenario": "zone", "url": "", "every": 0.5, "out": ""}
        namespace = argparse.Namespace(**{**given, **more, **options})
        return Operator(of or stack, Account(boto3.Session()), Terminal(as_json=namespace.json), namespace)

    return make


def test_the_experiments_are_shown_with_what_is_expected(operating: Make, capsys: Any) -> None:
    assert show(operating()) == DONE
    printed = capsys.readouterr().out
    assert "zone: zone is broken.\n  expected: all users are served again within 90s computed" in printed
    assert "region: its template is gone: `pulumi up` makes it again." in printed
    assert show(operating(json=True)) == DONE
    assert json.loads(capsys.readouterr().out)["experiments"]["zone"]["breaks"] == "zone is broken."


def test_a_dry_run_starts_nothing(
    operating: Make, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "look", lambda *_: Facts("A zone.", {}))
    assert start(operating(dry_run=True, out=str(tmp_path / "day.json"))) == DONE
    assert "2. start the experiment zone in eu-west-1: A zone." in capsys.readouterr().out
    assert running(operating()) == {}
    assert list(tmp_path.iterdir()) == []


def test_what_was_measured_is_not_lost_with_a_file_that_can_not_be_written(
    operating: Make, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    kept: list[Any] = []

    def operate(_me: Operator, _planner: object, do: Any) -> int:
        kept.append(do[WRITE].__self__.write)
        return DONE

    monkeypatch.setattr(command, "look", lambda *_: Facts("A zone.", {}))
    monkeypatch.setattr(command, "operate", operate)
    assert start(operating(dry_run=True, out=str(tmp_path))) == DONE
    with pytest.raises(OpsError, match="Is a directory; what was measured is above"):
        kept[0]({"verdict": "met"})
    assert json.loads(capsys.readouterr().out) == {"verdict": "met"}


def test_what_runs_is_found_and_ended(operating: Make, stack: Stack, aws: Client, unique: str, capsys: Any) -> None:
    made = aws("fis").start_experiment(clientToken=unique, experimentTemplateId=stack.game_day["templates"]["zone"])
    assert running(operating()) == {"zone": made["experiment"]["id"]}
    assert stop(operating(dry_run=True)) == DONE
    assert running(operating())
    assert stop(operating()) == DONE
    assert "end the experiment zone" in capsys.readouterr().out
    assert running(operating(), ending=False) == {}
    capsys.readouterr()
    assert stop(operating()) == DONE
    assert "Nothing is left to do." in capsys.readouterr().out


def test_each_command_works_with_exactly_the_rights_that_it_prints(
    operating: Make, stack: Stack, only: Callable[[Iterable[Call]], None]
) -> None:
    only(LOOKING)
    assert show(operating()) == DONE
    only(STARTING)
    me = operating()
    asker = Asker("http://127.0.0.1:1/", 1.0)
    carrying = Carrying(me, "zone", expected(stack, "zone"), "", lambda _: "", asker)
    experiment = carrying.do()[START](Step(START, ""))
    assert carrying._state("") in ("pending", "initiating", "running", "completed")
    assert running(me) == {"zone": experiment}
    only(STOPPING)
    assert stop(operating()) == DONE
    only([Call("fis", "list_experiments")])
    with pytest.raises(ClientError, match="AccessDenied"):
        show(operating())


@pytest.mark.parametrize(
    ("options", "reason", "code"),
    [
        ({"scenario": "meteor"}, "SCENARIO is meteor; the stack has region, zone", DOWN),
        ({"every": 0.001}, "--every is 0.001; it must be 0.05 or more", DOWN),
        ({"out": "/nowhere/day.json"}, "--out /nowhere/day.json: there is no folder /nowhere", NOT_ASKED),
    ],
)
def test_what_can_not_be_is_refused(operating: Make, options: dict[str, Any], reason: str, code: int) -> None:
    with pytest.raises(OpsError) as error:
        start(operating(**options))
    assert str(error.value).startswith(reason)
    assert error.value.code == code


def test_a_stack_without_experiments_says_how_to_get_them(operating: Make) -> None:
    with pytest.raises(OpsError, match=r"set ha-web:gameDay to \{\} and run `pulumi up`"):
        show(operating(with_experiments(game_day={})))


def test_a_document_is_shown_and_one_that_missed_fails(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "day.json"
    file.write_text(json.dumps({"site": "www.example.com", "at": 1, "verdict": "missed", "why": "", "results": []}))
    assert main(["report", str(file)]) == NOT_DONE
    assert capsys.readouterr().out == "www.example.com: missed\n"
    assert main(["report", str(tmp_path / "none.json")]) == NOT_ASKED
    assert "No such file" in capsys.readouterr().err


def test_its_rights_are_of_what_it_calls(capsys: Any) -> None:
    rights = {}
    for does in (["list"], ["start", "zone"], ["stop"]):
        assert main([*does, "--policy"]) == DONE
        rights[does[0]] = set(json.loads(capsys.readouterr().out)["Statement"][0]["Action"])
    looks = {"fis:GetExperimentTemplate", "fis:ListExperiments"}
    assert rights["list"] == {*looks, "s3:GetObject", "s3:ListBucket"}  # the copy of the outputs
    assert "fis:StartExperiment" in rights["start"] - rights["stop"]
    assert "fis:StopExperiment" in rights["start"] & rights["stop"]
