"""Carrying plans out: nothing without agreement, one operator at a time, a journal in each region that answers."""

import argparse
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config

from ops.core.account import Account
from ops.core.errors import DONE, INTERRUPTED, LOCKED, NOT_DONE, OpsError
from ops.core.journal import Journal
from ops.core.lock import KEY, Lock
from ops.core.operate import Operator, operate
from ops.core.plan import Plan, Step
from ops.core.stack import Cluster, Stack
from ops.core.terminal import Terminal
from rehearsal.emulator import process

REGIONS = ("eu-west-1", "eu-central-1")


@pytest.fixture
def account(emulator: process.Emulator, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    return Account(boto3.Session(aws_access_key_id=emulator.key, aws_secret_access_key="rehearsal"))


@pytest.fixture
def buckets(aws: Any) -> dict[str, str]:
    import uuid

    made = {region: f"records-{region}-{uuid.uuid4().hex[:8]}" for region in REGIONS}
    for region, name in made.items():
        aws("s3", region).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    return made


def cluster(role: str, region: str) -> Cluster:
    return Cluster(role, region, "group", "tg", "lb", "lb.example", "store", ())


@pytest.fixture
def me(account: Account, buckets: dict[str, str]) -> Callable[..., Operator]:
    def make(**options: Any) -> Operator:
        given = {"json": False, "dry_run": False, "yes": True, "take_over": False, **options}
        clusters = {"primary": cluster("primary", REGIONS[0]), "standby": cluster("standby", REGIONS[1])}
        stack = Stack("www.example.com", clusters, records=buckets)
        return Operator(stack, account, Terminal(as_json=bool(given["json"])), argparse.Namespace(**given))

    return make


PLAN = Plan("failover", (Step("one", "do the one"), Step("two", "do the other")))


def entries(me: Operator, region: str) -> list[dict[str, Any]]:
    return list(Journal(me.account, me.stack.records).entries(region))


def test_a_plan_is_carried_out_in_order_and_is_in_the_journal_of_both_regions(me: Any, capsys: Any) -> None:
    done: list[str] = []

    def note(step: Step) -> str:
        done.append(step.kind)
        return ""

    do = dict.fromkeys(("one", "two"), note)
    operator = me()
    assert operate(operator, lambda: PLAN, do) == DONE
    assert done == ["one", "two"]
    for region in REGIONS:
        [entry] = entries(operator, region)
        assert (entry["operation"], entry["outcome"]) == ("failover", "done")
        assert [(step["kind"], step["outcome"]) for step in entry["steps"]] == [("one", "done"), ("two", "done")]
    assert "1. ok  do the one: done" in capsys.readouterr().out


def test_a_dry_run_and_a_refusal_change_nothing(me: Any, capsys: Any) -> None:
    assert operate(me(dry_run=True), lambda: PLAN, {}) == DONE
    assert "1. do the one" in capsys.readouterr().out
    operator = me()
    assert operate(operator, lambda: Plan("failover", PLAN.steps, refused=("the standby is down",)), {}) == NOT_DONE
    assert "refused: the standby is down" in capsys.readouterr().out
    assert entries(operator, REGIONS[0]) == []


def test_nothing_is_done_without_agreement(me: Any) -> None:
    with pytest.raises(OpsError, match="nobody agreed"):
        operate(me(yes=False), lambda: PLAN, {})


def test_a_step_that_fails_ends_it_and_says_why(me: Any, capsys: Any) -> None:
    def fail(_: Step) -> str:
        raise OpsError("the store is busy")

    operator = me()
    assert operate(operator, lambda: PLAN, {"one": fail}) == NOT_DONE
    assert "1. FAILED  do the one: failed: the store is busy" in capsys.readouterr().out
    [entry] = entries(operator, REGIONS[1])
    assert (entry["outcome"], len(entry["steps"])) == ("failed", 1)


def test_what_is_interrupted_is_in_the_journal_and_lets_the_lock_go(me: Any) -> None:
    def interrupted(_: Step) -> str:
        raise KeyboardInterrupt

    operator = me()
    assert operate(operator, lambda: PLAN, {"one": interrupted}) == INTERRUPTED
    assert entries(operator, REGIONS[0])[0]["outcome"] == "interrupted"
    assert Lock(operator.account, operator.stack.records, REGIONS).holder() is None


def test_two_operators_see_each_other(me: Any) -> None:
    first = me()
    lock = Lock(first.account, first.stack.records, REGIONS[::-1])
    with (
        lock.held("ada@desk", "failover"),
        pytest.raises(OpsError, match=r"ada@desk on .* runs `failover` since 20\d\d-.*--take-over") as raised,
    ):
        operate(me(), lambda: PLAN, {})
    assert raised.value.code == LOCKED
    assert lock.holder() is None


def test_the_lock_of_what_was_killed_can_be_taken_over(me: Any) -> None:
    operator = me(take_over=True)
    region, bucket = REGIONS[1], operator.stack.records[REGIONS[1]]
    left = {"who": "ada@desk", "operation": "failover", "since": 1.0, "machine": "elsewhere", "process": 1}
    operator.account.client("s3", region).put_object(Bucket=bucket, Key=KEY, Body=json.dumps(left).encode())
    with pytest.raises(OpsError, match="ada@desk"):
        operate(me(), lambda: PLAN, {})
    assert operate(operator, lambda: Plan("failover", PLAN.steps[:1]), {"one": lambda _: ""}) == DONE


def test_a_region_that_is_silent_stops_neither_lock_nor_journal(me: Any, capsys: Any) -> None:
    operator = me()
    dead = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x")
    silent = Config(connect_timeout=1, retries={"total_max_attempts": 1})
    for brief in (True, False):
        client = dead.client("s3", region_name=REGIONS[0], endpoint_url="http://127.0.0.1:1", config=silent)
        operator.account._clients["s3", REGIONS[0], brief] = client
    assert operate(operator, lambda: PLAN, {kind: lambda _: "" for kind in ("one", "two")}) == DONE
    assert "the journal in eu-west-1 could not be written" in capsys.readouterr().out
    assert entries(operator, REGIONS[1])[0]["outcome"] == "done"
