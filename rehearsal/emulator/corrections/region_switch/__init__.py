"""Region switch of Amazon Application Recovery Controller, whole: no emulator has it.

A plan is kept in all its Regions, evaluated, and executed: steps in order, parallel ones at once, under the plan's own
role. These blocks are carried out: EC2 Auto Scaling, custom action Lambda, Aurora global database, manual approval,
parallel steps. A step with another block fails and says so; the evaluation warns of it. Not emulated: triggers and
alarms (an execution is over when its steps are), reports, plans of other accounts, workflows after a recovery.

In the living mode an execution takes AWS's time, and a Region that is cut off answers nothing. Else it is over within
the call that starts it, and functions aren't run: `Invoke` answers as it does to everybody then.

https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
"""

from datetime import UTC, datetime
from typing import Any

from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError, Call

SERVICE = "arc-region-switch"
PRINCIPAL = "arc-region-switch.amazonaws.com"
"""Whom a plan's role has to trust: https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch.html"""

API = "https://docs.aws.amazon.com/arc-region-switch/latest/api/API_"
GUIDE = "https://docs.aws.amazon.com/r53recovery/latest/dg/"
MOST_AT_ONCE = 100
"""Of a list, in one answer: https://docs.aws.amazon.com/arc-region-switch/latest/api/API_ListPlans.html"""


def now() -> datetime:
    """The time of day at AWS."""
    return clock.wall() if clock.on() else datetime.now(UTC)


def missing(what: str) -> AwsError:
    """The error for what isn't there."""
    return AwsError("ResourceNotFoundException", f"{what} does not exist.", 404)


def invalid(message: str) -> AwsError:
    """The error for a plan that AWS can't take."""
    return AwsError("ValidationException", message)


def illegal_argument(message: str) -> AwsError:
    """The error for an execution that the plan doesn't have."""
    return AwsError("IllegalArgumentException", message)


def illegal_state(message: str) -> AwsError:
    """The error for what can't be done now."""
    return AwsError("IllegalStateException", message)


def page(call: Call, key: str, found: list[Any]) -> dict[str, Any]:
    """Return a list, or the part of it that is asked for, and where the next part begins."""
    given = call.parameters
    token = str(given.get("nextToken", "0"))
    if not token.isdigit():
        raise invalid(f"nextToken {token} is none that was answered")
    begin, most = int(token), given.get("maxResults", MOST_AT_ONCE)
    rest = {"nextToken": str(begin + most)} if begin + most < len(found) else {}
    return {key: found[begin : begin + most], **rest}
