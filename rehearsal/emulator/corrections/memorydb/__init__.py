"""Amazon MemoryDB, whole.

moto has clusters of Redis OSS 7.1 only, whose nodes are in zones drawn by lot, and neither access control lists nor
parameter groups nor multi-Region clusters; it doesn't look at what a cluster names. Here all of these refer to one
another as AWS demands. What takes AWS minutes happens within the call. There is no data in any cluster: the live
plane has it (`rehearsal/live/durable_stores/`), and tells of nodes that are lost.
"""

from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/memorydb/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/memorydb/latest/devguide/"
ANYWHERE = ""
"""The region of what has none: multi-Region clusters."""

KEPT: dict[tuple[str, str, str], dict[str, Any]] = {}
"""Everything, as it is described: by kind, region and name."""
TAGS: dict[str, dict[str, str]] = {}
"""By ARN."""


@on_reset
def forget() -> None:
    """Forget everything."""
    KEPT.clear()
    TAGS.clear()


def of_kind(kind: str, region: str) -> list[dict[str, Any]]:
    """All of a kind in a region."""
    return [thing for (k, r, _), thing in KEPT.items() if (k, r) == (kind, region)]


def wanted(kind: str, region: str, name: str) -> dict[str, Any]:
    """The thing with this name; its not-found error if there is none."""
    if (kind, region, name) not in KEPT:
        raise AwsError(f"{kind}NotFoundFault", f"{kind} {name} not found.")
    return KEPT[kind, region, name]


def found(kind: str, region: str, name: str | None) -> list[dict[str, Any]]:
    """Return one thing by name, or all, for an operation that describes."""
    return [wanted(kind, region, name)] if name else of_kind(kind, region)


def keep(kind: str, region: str, name: str, thing: dict[str, Any], call: Call) -> dict[str, Any]:
    """Keep a new thing under its name, with the ARN and the tags that it was made with."""
    if (kind, region, name) in KEPT:
        raise AwsError(f"{kind}AlreadyExistsFault", f"{kind} {name} already exists.")
    thing["ARN"] = f"arn:aws:memorydb:{region}:{ACCOUNT}:{kind.lower()}/{name}"
    KEPT[kind, region, name] = thing
    TAGS[thing["ARN"]] = {tag["Key"]: tag.get("Value", "") for tag in call.parameters.get("Tags", [])}
    return thing


def drop(kind: str, region: str, name: str) -> dict[str, Any]:
    """Delete the thing with this name."""
    thing = wanted(kind, region, name)
    del KEPT[kind, region, name]
    TAGS.pop(thing["ARN"], None)
    return thing


def invalid(message: str) -> AwsError:
    """The error for a value that cannot be."""
    return AwsError("InvalidParameterValueException", message)


def impossible(message: str) -> AwsError:
    """The error for values that cannot be together."""
    return AwsError("InvalidParameterCombinationException", message)
