"""The status of a whole stack that the real engine has put up, before and after what should change it."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

from ops.core.account import Account
from ops.core.stack import Stack, parse
from ops.status.command import main
from ops.status.facts import PRIMARY, STANDBY, Facts
from ops.status.look import look
from ops.status.verdict import judge
from rehearsal.home import CHECKOUT
from tests.engine.conftest import Site

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.timeout(900)]
LONG = 120.0
"""Seconds: the machine may be busy."""


@pytest.fixture
def stack(site: Site, monkeypatch: pytest.MonkeyPatch) -> Stack:
    emulator = site.engine.emulator
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
    return parse(site.engine.outputs(), "the stack local")


def looked(stack: Stack) -> Facts:
    return look(stack, Account(boto3.Session()), patience=LONG, brief=False)


def test_everything_of_a_stack_is_read(stack: Stack) -> None:
    facts = looked(stack)
    assert facts.unread == {}
    assert {role: dict(region.unread) for role, region in facts.regions.items()} == {PRIMARY: {}, STANDBY: {}}
    primary, standby = facts.regions[PRIMARY], facts.regions[STANDBY]
    assert primary.fleet is not None
    assert set(primary.fleet.serving) == set(stack.primary.zones)
    for part in ("sessions", "database"):
        assert (getattr(primary, part).role, getattr(standby, part).role) == ("primary", "secondary")
        assert len(getattr(primary, part).zones) > 1
    assert (facts.switched, facts.needed) == (False, 2)
    assert facts.automation is not None
    assert (facts.automation.works, facts.automation.acts) == (True, True)
    assert standby.quota is not None
    assert primary.certificates
    assert primary.topics
    assert (facts.lag_objective, facts.age_objectives) == (60.0, {"primary": 7200.0})


def test_a_stack_that_stands_may_lose_a_zone_and_a_region(stack: Stack) -> None:
    verdict = judge(looked(stack))
    assert (verdict.zone, verdict.region, verdict.down) == ((), (), ())


def test_a_schedule_that_somebody_has_stopped_is_a_reason(stack: Stack, site: Site) -> None:
    events = site.account.client("events", stack.regions[1])
    function = site.account.client("lambda", stack.regions[1]).get_function(FunctionName=stack.function)
    [rule] = events.list_rule_names_by_target(TargetArn=function["Configuration"]["FunctionArn"])["RuleNames"]
    events.disable_rule(Name=rule)
    try:
        [reason] = judge(looked(stack)).region
    finally:
        events.enable_rule(Name=rule)
    assert reason == "the failover function isn't started: its schedule is DISABLED"


def test_the_command_works_from_the_copy_in_the_standbys_bucket(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    region = stack.regions[1]
    code = main(["--outputs", f"s3://{region}/{stack.records[region]}", "--json", "--patience", str(LONG)])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code == (0 if told["state"] == "healthy" else 1)
    assert told["site"] == stack.site
    assert told["zone"]["may_be_lost"]
    assert told["region"]["may_be_lost"]


@pytest.mark.usefixtures("stack")
def test_a_look_fits_on_a_screen_and_costs_less_than_two_seconds(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(site.engine.outputs()))
    command = [sys.executable, "-m", "ops", "status", "--outputs", str(file), "--patience", str(LONG)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = sum(getattr(after, part) - getattr(before, part) for part in ("ru_utime", "ru_stime"))
    print(done.stdout, f"{took:.2f} s, {used:.2f} s of a processor", sep="\n")
    assert done.stderr == ""
    assert done.stdout.startswith("May I lose a zone now? yes.  A region? yes.\n")
    assert len(done.stdout.splitlines()) <= 50
    assert used < 2.0  # a busy machine takes longer by the clock
