"""The command on an emulated account: what it shows, starts, ends and refuses."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from ops.core.account import Account
from ops.core.errors import DONE, DOWN, NOT_ASKED, NOT_DONE, OpsError
from ops.core.operate import Operator
from ops.core.stack import Stack
from ops.core.terminal import Terminal
from ops.gameday import command
from ops.gameday.command import main, show, start, stop
from ops.gameday.look import running
from ops.gameday.planning import Facts
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
    file.write_text(json.dumps({"site": "www.example.com", "verdict": "missed", "why": "", "results": []}))
    assert main(["report", str(file)]) == NOT_DONE
    assert capsys.readouterr().out == "www.example.com: missed\n"
    assert main(["report", str(tmp_path / "none.json")]) == NOT_ASKED
    assert "No such file" in capsys.readouterr().err


def test_its_rights_are_of_what_it_calls(capsys: Any) -> None:
    rights = {}
    for does in (["list"], ["start", "zone"], ["stop"]):
        assert main([*does, "--policy"]) == DONE
        rights[does[0]] = set(json.loads(capsys.readouterr().out)["Statement"][0]["Action"])
    assert rights["list"] == {"fis:GetExperimentTemplate", "fis:ListExperiments"}
    assert "fis:StartExperiment" in rights["start"] - rights["stop"]
    assert "fis:StopExperiment" in rights["start"] & rights["stop"]
