"""Tags of everything in MemoryDB."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.memorydb import API, TAGS
from rehearsal.emulator.wire import AwsError, Call


def _tags(call: Call) -> dict[str, str]:
    arn = call.parameters["ResourceArn"]
    if arn not in TAGS:
        raise AwsError("InvalidARNFault", f"There is no resource {arn}.")
    return TAGS[arn]


def _listed(tags: dict[str, str]) -> dict[str, Any]:
    return {"TagList": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}


@implements("memorydb", "ListTags", see=f"{API}ListTags.html")
def listed(call: Call) -> dict[str, Any]:
    """List the tags of a resource."""
    return _listed(_tags(call))


@implements("memorydb", "TagResource", see=f"{API}TagResource.html")
def tag(call: Call) -> dict[str, Any]:
    """Set tags."""
    tags = _tags(call)
    tags |= {one["Key"]: one.get("Value", "") for one in call.parameters["Tags"]}
    return _listed(tags)


@implements("memorydb", "UntagResource", see=f"{API}UntagResource.html")
def untag(call: Call) -> dict[str, Any]:
    """Remove tags."""
    tags = _tags(call)
    for key in call.parameters["TagKeys"]:
        if key not in tags:
            raise AwsError("TagNotFoundFault", f"The resource has no tag {key}.")
        del tags[key]
    return _listed(tags)
