"""Why a release failed: what AWS says of it, which alarm, which check, and the last lines of a server's log."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ha_web.release.api import Api
from ha_web.release.view import Server

LINES = 12
"""Lines of a server's log that are shown. Ours: a traceback's end."""


class ReleaseError(Exception):
    """A release that did not reach its end. The text is for the person who ran `pulumi up`."""


def verdict(failed: Sequence[Server]) -> str:
    """Return a sentence about servers that did not pass their checks."""
    named = ", ".join(server.id for server in failed)
    reasons = "; ".join(dict.fromkeys(server.reason for server in failed if server.reason))
    count = "1 new server" if len(failed) == 1 else f"{len(failed)} new servers"
    return f"{count} failed the health checks ({named}{f': {reasons}' if reasons else ''})"


def reason_of(refresh: Mapping[str, Any]) -> str:
    """Return what AWS says of a refresh that failed."""
    said = refresh.get("RollbackDetails", {}).get("RollbackReason") or refresh.get("StatusReason") or ""
    return str(said).strip().rstrip(".")


async def ringing(api: Api, names: Sequence[str]) -> dict[str, str]:
    """Return the alarms that are on, with the reason that CloudWatch gives."""
    if not names:
        return {}
    found = await api.call("cloudwatch", "describe_alarms", AlarmNames=[*names], StateValue="ALARM")
    alarms = [*found.get("MetricAlarms", []), *found.get("CompositeAlarms", [])]
    return {
        each["AlarmName"]: str(each.get("StateReason", "")).strip()
        for each in alarms
        if each.get("StateValue") == "ALARM"
    }


async def log_of(api: Api, server: str, log_group: str | None) -> list[str]:
    """Return the last lines that a server has logged: in CloudWatch Logs, or else on its console."""
    lines = await _from_logs(api, server, log_group) if log_group else []
    return (lines or await _from_console(api, server))[-LINES:]


async def _from_logs(api: Api, server: str, log_group: str) -> list[str]:
    try:
        found = await api.call(
            "logs", "get_log_events", logGroupName=log_group, logStreamName=server, limit=LINES, startFromHead=False
        )
    except (BotoCoreError, ClientError):  # a server that has not come so far; its console has more
        return []
    return [str(event["message"]).rstrip() for event in found["events"]]


async def _from_console(api: Api, server: str) -> list[str]:
    try:
        found = await api.call("ec2", "get_console_output", InstanceId=server)
    except (BotoCoreError, ClientError):  # a log that can't be had must not hide the reason
        return []
    return [line.rstrip() for line in str(found.get("Output", "")).splitlines() if line.strip()]  # botocore decodes it


def with_log(reason: str, server: str, lines: Sequence[str]) -> str:
    """Return a reason with the end of a server's log below."""
    if not lines:
        return reason
    return "\n".join([f"{reason}. The last lines that {server} logged:", *(f"    {line}" for line in lines)])
