"""Which functions run when: a lab with an account that is asked, and a runner that answers."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.live.functions.model import Function
from rehearsal.live.functions.runner import Result
from rehearsal.live.functions.system import Functions, ThrottledError
from rehearsal.live.pace import Pace

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:failover"
RULE = "arn:aws:events:eu-central-1:123456789012:rule/every"

FUNCTION = {
    "FunctionName": "failover",
    "FunctionArn": ARN,
    "Role": "role",
    "Handler": "h.run",
    "Runtime": "python3.13",
    "CodeSha256": "x",
}

POLICY = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "lambda:InvokeFunction",
            "Resource": ARN,
            "Principal": {"Service": "events.amazonaws.com"},
        }
    ]
}


class Account:
    def __init__(self) -> None:
        self.emulator = SimpleNamespace(endpoint="http://127.0.0.1:1")
        self.policy, self.retries = json.dumps(POLICY), 2
        self.waiting: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []

    async def ask_all(self, _service: str, _region: str, operation: str, _key: str, **_: Any) -> list[Any]:
        rule = {"Name": "every", "Arn": RULE, "State": "ENABLED", "ScheduleExpression": "rate(1 minute)"}
        target = {"Id": "1", "Arn": ARN, "Input": '{"action": "watch"}'}
        return {"list_functions": [FUNCTION], "list_rules": [rule], "list_targets_by_rule": [target]}[operation]

    async def ask(self, _service: str, _region: str, operation: str, **_: Any) -> dict[str, Any]:
        known: dict[str, dict[str, Any]] = {
            "get_policy": {"Policy": self.policy},
            "get_function_concurrency": {"ReservedConcurrentExecutions": 1},
            "get_function_event_invoke_config": {"MaximumRetryAttempts": self.retries},
            "get_function": {"Code": {"Location": "data:,"}},
        }
        if operation not in known:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, operation)
        return known[operation]

    async def credentials(self, role: str, _service: str) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": role}

    async def wishes(self) -> list[dict[str, Any]]:
        return self.waiting

    async def promoted(self, number: int, **became: Any) -> None:
        self.answers.append({"number": number, **became})


class Runner:
    def __init__(self) -> None:
        self.runs: list[tuple[str, str, bool]] = []
        self.ok, self.seconds = True, 0.0

    async def run(
        self, _host: Any, _function: Function, _code: Path, event: str, keys: dict[str, str], **more: Any
    ) -> Result:
        self.runs.append((event, keys["AWS_ACCESS_KEY_ID"], more["broken"]))
        await asyncio.sleep(self.seconds)
        return Result(self.ok and not more["broken"], '{"result": 1}', 2.0)


class Site:
    def __init__(self, tmp_path: Path) -> None:
        self.account, self.runner, self.now = Account(), Runner(), 0.0
        self.noted: list[str] = []

        async def add_host(*_: Any) -> None:
            return None

        lab: Any = SimpleNamespace(
            pace=Pace(1000),
            account=self.account,
            folder=tmp_path,
            authority=SimpleNamespace(bundle=tmp_path / "bundle"),
            fabric=SimpleNamespace(add_host=add_host),
            events=SimpleNamespace(note=lambda kind, text, **_: self.noted.append(f"{kind} {text}")),
            outline=SimpleNamespace(regions=(SimpleNamespace(name="eu-central-1"),)),
            part=lambda _name: SimpleNamespace(settled=lambda: self.why),
        )
        self.why: list[str] = []
        self.functions = Functions(lab)
        self.functions._runner = self.runner  # type: ignore[assignment] # answers without a process
        self.functions.clock.read = lambda: self.now
        self.functions._opened = 0.0

        async def code(function: Function) -> Path:
            assert function.name == "failover"
            return tmp_path

        self.functions._code = code  # type: ignore[method-assign] # nothing to unpack

    async def minutes(self, count: int) -> None:
        """Let minutes at AWS pass: a second here is a thousand there."""
        for _ in range(count * 6):
            self.now += 0.01
            await self.functions.observe()
            await asyncio.sleep(0)
        await self.rest()

    async def rest(self) -> None:
        while self.functions._tasks:
            await asyncio.sleep(0.01)

    def metrics(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for datum in self.functions.drain():
            found[f"{datum.namespace} {datum.name}"] = found.get(f"{datum.namespace} {datum.name}", 0) + datum.value
        return found


def test_a_schedule_runs_its_function_each_minute_under_its_role(tmp_path: Path) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        await site.functions.reconcile()
        await site.minutes(10)
        assert 9 <= len(site.runner.runs) <= 10
        assert site.runner.runs[0] == ('{"action": "watch"}', "role", False)
        found = site.metrics()
        assert found["AWS/Lambda Invocations"] == found["AWS/Events Invocations"] == len(site.runner.runs)
        assert site.noted == ['function failover: {"result": 1}']

    asyncio.run(work())


def test_schedules_wait_until_the_site_stands(tmp_path: Path) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        site.why = ["starting"]
        await site.functions.reconcile()
        await site.minutes(3)
        assert site.runner.runs == []
        site.now = 91.0
        await site.minutes(3)
        assert site.runner.runs

    asyncio.run(work())


def test_a_rule_that_the_function_does_not_let_in_starts_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        site.account.policy = "{}"
        await site.functions.reconcile()
        await site.minutes(3)
        assert site.runner.runs == []
        assert site.metrics()["AWS/Events FailedInvocations"] >= 2

    asyncio.run(work())


@pytest.mark.parametrize("retries", [0, 2])
def test_an_event_that_fails_is_tried_again_as_often_as_the_function_allows(tmp_path: Path, retries: int) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        site.account.retries = retries
        await site.functions.reconcile()
        site.runner.ok = False
        await site.functions._later(site.functions.functions[ARN], "{}")
        assert len(site.runner.runs) == retries + 1
        assert site.metrics()["AWS/Lambda Errors"] == retries + 1

    asyncio.run(work())


def test_no_more_run_at_once_than_the_function_has_reserved(tmp_path: Path) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        await site.functions.reconcile()
        site.runner.seconds = 0.2
        first = asyncio.ensure_future(site.functions.invoke("failover"))
        await asyncio.sleep(0.05)
        with pytest.raises(ThrottledError):
            await site.functions.invoke("failover")
        assert (await first).ok
        assert site.metrics()["AWS/Lambda Throttles"] == 1

    asyncio.run(work())


def test_what_is_invoked_by_the_api_is_run_and_answered_once(tmp_path: Path) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        details = {"payload": '{"action": "plan"}', "asynchronous": False}
        site.account.waiting = [
            {"number": 7, "service": "lambda", "resource": "failover", "details": details},
            {"number": 8, "service": "rds", "resource": "failover", "details": {}},
        ]
        await site.functions.reconcile()
        await site.functions.reconcile()
        await site.rest()
        assert [event for event, _, _ in site.runner.runs] == ['{"action": "plan"}']
        assert site.account.answers == [{"number": 7, "ok": True, "payload": '{"result": 1}'}]

    asyncio.run(work())


def test_a_function_that_is_broken_on_purpose_fails_until_it_is_mended(tmp_path: Path) -> None:
    async def work() -> None:
        site = Site(tmp_path)
        await site.functions.reconcile()
        assert await site.functions.fail(region="eu-central-1") == "failover"
        assert not (await site.functions.invoke("failover")).ok
        await site.functions.mend()
        assert (await site.functions.invoke("failover")).ok
        with pytest.raises(LookupError):
            await site.functions.fail(region="eu-west-1")

    asyncio.run(work())
