"""The next generation of AWS Resilience Hub, as far as a site is declared in it: no emulator has it.

Policies, services, input sources, assertions and their tags are kept as the API reference says. Not emulated: its
judgement. Assessments and tests can't be started here, and the lists of them are empty; nothing is discovered. Where
the reference names an error and not its case, the case that is refused here is said at the function.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.living import clock
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

SERVICE = "resiliencehubv2"
API = "https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_"
MOST_AT_ONCE = 100
"""Of a list, in one answer: https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_ListPolicies.html"""

POLICIES: dict[str, dict[str, Any]] = {}
"""By ARN."""

SERVICES: dict[str, dict[str, Any]] = {}
"""By ARN."""

SOURCES: dict[str, list[dict[str, Any]]] = {}
"""Input sources by ARN of the service."""

ASSERTIONS: dict[str, list[dict[str, Any]]] = {}
"""By ARN of the service."""


@on_reset
def forget() -> None:
    """Forget everything."""
    for kept in (POLICIES, SERVICES, SOURCES, ASSERTIONS):
        kept.clear()


def now() -> datetime:
    """The time of day at AWS."""
    return clock.wall() if clock.on() else datetime.now(UTC)


def new_arn(call: Call, kind: str, kept: Mapping[str, dict[str, Any]]) -> str:
    """Return the ARN of a new policy or service: `service/shop:1a2b3c`.

    Its name is one of a kind in the Region, which is the conflict that the reference means.
    """
    name = call.parameters["name"]
    if any(each["name"] == name for each in in_region(kept, call.region)):
        raise conflict(f"A {kind} {name} exists already.")
    return f"arn:aws:resiliencehub:{call.region}:{ACCOUNT}:{kind}/{name}:{uuid4().hex[:6]}"


def missing(what: str) -> AwsError:
    """The error for what isn't there."""
    return AwsError("ResourceNotFoundException", f"{what} does not exist.", 404)


def invalid(message: str) -> AwsError:
    """The error for what AWS can't take."""
    return AwsError("ValidationException", message)


def conflict(message: str) -> AwsError:
    """The error for what something else is in the way of."""
    return AwsError("ConflictException", message, 409)


def wanted(kept: Mapping[str, dict[str, Any]], region: str, arn: str) -> dict[str, Any]:
    """Return what an ARN names in a Region."""
    if arn not in kept or arn.split(":")[3] != region:
        raise missing(arn)
    return kept[arn]


def in_region(kept: Mapping[str, dict[str, Any]], region: str) -> list[dict[str, Any]]:
    """Return all of a Region."""
    return [each for arn, each in kept.items() if arn.split(":")[3] == region]


def page(call: Call, key: str, found: list[Any]) -> dict[str, Any]:
    """Return a list, or the part of it that is asked for, and where the next part begins."""
    given = call.parameters
    begin, most = int(given.get("nextToken", 0)), given.get("maxResults", MOST_AT_ONCE)
    rest = {"nextToken": str(begin + most)} if begin + most < len(found) else {}
    return {key: found[begin : begin + most], **rest}
