"""The account as the live plane asks it and tells it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator import process
from rehearsal.emulator.process import EmulatorError
from rehearsal.live.account import Account

pytestmark = pytest.mark.xdist_group("live-account")

REGION = "eu-west-1"

Use = Callable[[Account], Coroutine[Any, Any, Any]]


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.Emulator]:
    home = tmp_path_factory.mktemp("account")
    yield process.start(home)
    process.stop(home)


@pytest.fixture
def used(emulated: process.Emulator, tmp_path: Path) -> Iterator[Callable[[Use], Any]]:
    """Run something with an account that lives, and end both."""

    def run(use: Use) -> Any:
        async def within() -> Any:
            account = Account(emulated, tmp_path)
            try:
                await account.live(50)
                return await use(account)
            finally:
                await account.rest()
                await account.aclose()

        return asyncio.run(within())

    yield run
    emulated.reset()


def test_lists_are_read_to_their_end_and_flattened(used: Callable[[Use], Any]) -> None:
    async def use(account: Account) -> tuple[int, set[str]]:
        for number in range(12):
            await account.ask("iam", "us-east-1", "create_user", UserName=f"user-{number}")
        users = await account.ask_all("iam", "us-east-1", "list_users", "Users", PaginationConfig={"PageSize": 5})
        image = (await account.ask_all("ec2", REGION, "describe_images", "Images", Owners=["amazon"]))[0]["ImageId"]
        given = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 2, "MaxCount": 2}
        await account.ask("ec2", REGION, "run_instances", **given)
        found = await account.ask_all("ec2", REGION, "describe_instances", "Reservations[].Instances")
        return len(users), {instance["State"]["Name"] for instance in found}

    assert used(use) == (12, {"running"})


def test_changes_are_counted_and_notices_listed(used: Callable[[Use], Any]) -> None:
    async def use(account: Account) -> tuple[int, list[str], list[Any]]:
        before = await account.changes()
        topic = (await account.ask("sns", REGION, "create_topic", Name="told"))["TopicArn"]
        last = max((each["n"] for each in await account.notices()), default=0)
        await account.ask("sns", REGION, "publish", TopicArn=topic, Subject="s", Message="m")
        counted = (await account.changes())["sns"] - before.get("sns", 0)
        return counted, [each["subject"] for each in await account.notices(last)], await account.wishes()

    assert used(use) == (1, ["s"], [])


def test_errors_of_aws_and_of_reports_are_told_apart(used: Callable[[Use], Any]) -> None:
    async def use(account: Account) -> None:
        with pytest.raises(ClientError, match="NoSuchEntity"):
            await account.ask("iam", "us-east-1", "get_user", UserName="nobody")
        with pytest.raises(EmulatorError, match="state ill"):
            await account.report_instances(REGION, {"i-1": "ill"})
        with pytest.raises(EmulatorError, match="there is no role"):
            await account.credentials("arn:aws:iam::123456789012:role/none", "lambda.amazonaws.com")

    used(use)


def test_every_report_is_taken(used: Callable[[Use], Any]) -> None:
    """The shapes of this client are those that the server knows; what becomes of them is tested there."""

    async def use(account: Account) -> float:
        group = f"arn:aws:elasticloadbalancing:{REGION}:123456789012:targetgroup/web/1"
        await account.report_targets({group: {"i-1": ("unhealthy", "Target.Timeout", "Request timed out")}})
        await account.report_instances(REGION, {"i-1": "running", "i-2": "gone"})
        await account.report_checks({"check": [("us-east-1", "15.177.0.1", "Failure: none")]})
        await account.report_primary("elasticache", REGION, "group", "group-002")
        await account.report_nodes("memorydb", REGION, {"cluster-0001-001": "lost"})
        await account.report_cut(["eu-west-1a"])
        await account.promoted(0, primary="group-002")
        await account.report_metrics(REGION, "AWS/EC2", [{"MetricName": "CPUUtilization", "Value": 5.0}])
        first = await account.now()
        await asyncio.sleep(0.1)
        return await account.now() - first

    assert used(use) >= 0.1 * 50


def test_calls_run_side_by_side_and_never_block_the_loop(used: Callable[[Use], Any]) -> None:
    async def use(account: Account) -> int:
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        turning = asyncio.create_task(turn())
        await asyncio.gather(*(account.ask("ec2", REGION, "describe_vpcs") for _ in range(8)))
        turning.cancel()
        return turns

    assert used(use) > 8
