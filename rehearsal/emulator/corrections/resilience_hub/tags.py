"""Tags of policies and services."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.resilience_hub import API, POLICIES, SERVICE, SERVICES, wanted
from rehearsal.emulator.wire import Call


@implements(SERVICE, "TagResource", see=f"{API}TagResource.html")
def tag(call: Call) -> dict[str, Any]:
    """Set tags."""
    thing = _tagged(call)
    thing["tags"] = {**thing.get("tags", {}), **call.parameters["tags"]}
    return {}


@implements(SERVICE, "UntagResource", see=f"{API}UntagResource.html")
def untag(call: Call) -> dict[str, Any]:
    """Remove tags."""
    thing, keys = _tagged(call), call.parameters["tagKeys"]
    thing["tags"] = {key: value for key, value in thing.get("tags", {}).items() if key not in keys}
    return {}


@implements(SERVICE, "ListTagsForResource", see=f"{API}ListTagsForResource.html")
def listed(call: Call) -> dict[str, Any]:
    """List tags."""
    return {"tags": _tagged(call).get("tags", {})}


def _tagged(call: Call) -> dict[str, Any]:
    arn = call.parameters["resourceArn"]
    return wanted(SERVICES if arn in SERVICES else POLICIES, call.region, arn)
