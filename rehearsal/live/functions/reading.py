"""Read a Region's functions and schedules from the account."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.live.account import Account
from rehearsal.live.functions.model import Function, Start, function, starts


async def functions(account: Account, region: str) -> list[Function]:
    """Return the functions of a Region."""
    found = await account.ask_all("lambda", region, "list_functions", "Functions")
    return [await _function(account, region, each) for each in found]


async def schedules(account: Account, region: str) -> list[Start]:
    """Return what the schedules of a Region start."""
    made: list[Start] = []
    for rule in await account.ask_all("events", region, "list_rules", "Rules"):
        if rule.get("ScheduleExpression"):
            targets = await account.ask_all("events", region, "list_targets_by_rule", "Targets", Rule=rule["Name"])
            made += starts(region, rule, targets)
    return made


async def _function(account: Account, region: str, given: dict[str, Any]) -> Function:
    name = given["FunctionName"]
    concurrency = await _maybe(account, region, "get_function_concurrency", name)
    config = await _maybe(account, region, "get_function_event_invoke_config", name)
    policy = await _maybe(account, region, "get_policy", name)
    return function(
        region,
        given,
        concurrency=concurrency.get("ReservedConcurrentExecutions"),
        asynchronous=config,
        policy=policy.get("Policy", "{}"),
    )


async def _maybe(account: Account, region: str, operation: str, name: str) -> dict[str, Any]:
    try:
        return await account.ask("lambda", region, operation, FunctionName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return {}
