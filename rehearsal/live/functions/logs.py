"""A function's log in CloudWatch Logs, under its role's own group."""

import contextlib
import time
from collections.abc import Sequence

from botocore.exceptions import ClientError

from rehearsal.live.account import Account
from rehearsal.live.functions.model import Function


async def write_log(account: Account, function: Function, request: str, lines: Sequence[str]) -> None:
    """Write an invocation's lines to a stream of its own, if the function's group is there.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    if not lines:
        return
    group, stream = f"/aws/lambda/{function.name}", f"{time.strftime('%Y/%m/%d')}/[$LATEST]{request.replace('-', '')}"
    now = int(time.time() * 1000)
    with contextlib.suppress(ClientError):
        await account.ask("logs", function.region, "create_log_stream", logGroupName=group, logStreamName=stream)
        events = [{"timestamp": now, "message": line or " "} for line in lines]
        await account.ask(
            "logs", function.region, "put_log_events", logGroupName=group, logStreamName=stream, logEvents=events
        )
