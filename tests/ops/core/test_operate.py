"""Carrying plans out: nothing without agreement, one operator at a time, a journal in each region that answers."""

import argparse
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

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


def test_of_two_that_begin_at_once_one_works_and_the_other_is_told(me: Any) -> None:
    began, refused, codes, told = threading.Barrier(2), threading.Event(), list[int](), list[OpsError]()

    def wait(_: Step) -> str:
        refused.wait(60)
        return ""

    def work(operator: Operator) -> None:
        planned: list[Plan] = []

        def planner() -> Plan:
            if not planned:
                began.wait(60)  # both have seen that nobody is at work
            planned.append(PLAN)
            return PLAN

        try:
            codes.append(operate(operator, planner, {"one": wait, "two": wait}))
        except OpsError as error:
            told.append(error)
            refused.set()

    both = [threading.Thread(target=work, args=(me(),)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert codes == [DONE]
    assert [error.code for error in told] == [LOCKED]
    assert "runs `failover` since" in str(told[0])


class LosesAnswers(Account):
    """Each object is written, and the answer is lost: boto3 asks again then, and S3 refuses the second time."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self._account = account

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:
        client = self._account.client(service, region, brief=brief)

        class Twice:
            def put_object(self, **given: Any) -> Any:
                client.put_object(**given)
                return client.put_object(**given)

            def __getattr__(self, name: str) -> Any:
                return getattr(client, name)

        return Twice()


def test_a_lock_whose_answer_was_lost_is_ones_own(me: Any) -> None:
    operator = me()
    lock = Lock(LosesAnswers(operator.account), operator.stack.records, REGIONS)
    with lock.held("ada@desk", "failover"):
        holder = lock.holder()
        assert holder is not None
        assert holder.who == "ada@desk"
    assert (lock.holder(), lock.left) == (None, "")


def test_a_lock_that_can_not_be_let_go_of_leaves_what_was_done_done(
    me: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://s3")

    monkeypatch.setattr(Lock, "_remove", silent)
    assert operate(me(), lambda: PLAN, {kind: lambda _: "" for kind in ("one", "two")}) == DONE
    assert "note: the lock stays, for it could not be deleted (eu-central-1: doesn't" in capsys.readouterr().out


def test_a_mistake_of_ours_in_a_step_is_in_the_journal_too(me: Any) -> None:
    def mistaken(_: Step) -> str:
        return str(json.loads("{}")["Instances"])

    operator = me()
    assert operate(operator, lambda: PLAN, {"one": mistaken}) == NOT_DONE
    [entry] = entries(operator, REGIONS[0])
    assert entry["steps"][0]["outcome"].startswith("failed: KeyError: 'Instances'")


def test_outputs_without_buckets_are_told(me: Any, capsys: Any) -> None:
    operator = me()
    operator.stack = replace(operator.stack, records={})
    assert operate(operator, lambda: PLAN, {kind: lambda _: "" for kind in ("one", "two")}) == DONE
    assert "nobody sees that this runs, and no journal is kept" in capsys.readouterr().out


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
