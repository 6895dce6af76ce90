"""EC2 Image Builder: components, recipes, configurations, images and lifecycle policies, whole.

No emulator has any of it. What refers to something refers to what exists, and what is referred to can't be deleted, as
in AWS. An image is built, tested and distributed while it is looked at: each look moves it one state on. No command of
a component is executed; only `false` and `exit` with a number fail, so that a failed build or test can be rehearsed.
"""

import re
from datetime import UTC, datetime
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/"

KEPT: dict[str, dict[str, Any]] = {}
"""Everything, as it is described, by ARN."""


@on_reset
def forget() -> None:
    """Forget everything."""
    KEPT.clear()


def now() -> str:
    """The time, in the form in which Image Builder tells it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def arn_of(kind: str, region: str, name: str, *versions: str) -> str:
    """The ARN of a thing: its name in lower case, with hyphens for spaces and underscores."""
    plain = re.sub(r"[ _]", "-", name.lower())
    return f"arn:aws:imagebuilder:{region}:{ACCOUNT}:{'/'.join((kind, plain, *versions))}"


def keep(arn: str, thing: dict[str, Any], call: Call) -> str:
    """Keep a new thing under its ARN, with its tags."""
    if arn in KEPT:
        raise AwsError("ResourceInUseException", f"The following resource already exists: '{arn}'.", 409)
    KEPT[arn] = {**thing, "arn": arn, "dateCreated": now(), "tags": dict(call.parameters.get("tags") or {})}
    return arn


def wanted(arn: str) -> dict[str, Any]:
    """The thing with this ARN; the not-found error if there is none."""
    if arn not in KEPT:
        raise AwsError("ResourceNotFoundException", f"The resource with ARN '{arn}' does not exist.", 404)
    return KEPT[arn]


def of_kind(kind: str, region: str) -> list[dict[str, Any]]:
    """All of a kind in a region, oldest first."""
    start = f"arn:aws:imagebuilder:{region}:{ACCOUNT}:{kind}/"
    return [thing for arn, thing in KEPT.items() if arn.startswith(start)]


def drop(arn: str, users: list[str]) -> None:
    """Delete what nothing refers to any more."""
    wanted(arn)
    if users:
        message = f"Resource dependency error: The resource ARN '{arn}' has other resources depended on it."
        raise AwsError("ResourceDependencyException", message)
    del KEPT[arn]


def invalid(parameter: str, reason: str) -> AwsError:
    """The error for a value that cannot be."""
    return AwsError(
        "InvalidParameterValueException", f"The value supplied for parameter '{parameter}' is not valid. {reason}"
    )
