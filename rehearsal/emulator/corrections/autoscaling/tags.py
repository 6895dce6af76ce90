"""Tags of groups: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.autoscaling.groups import group_named, groups_of
from rehearsal.emulator.wire import Call

API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"


def tags_by_key(tags: list[dict[str, Any]], group: str) -> dict[str, dict[str, Any]]:
    """Index tags as they are given by the form in which they are described."""
    return {
        tag["Key"]: {
            "ResourceId": group,
            "ResourceType": "auto-scaling-group",
            "Key": tag["Key"],
            "Value": tag.get("Value", ""),
            "PropagateAtLaunch": bool(tag.get("PropagateAtLaunch", False)),
        }
        for tag in tags
    }


@implements("autoscaling", "CreateOrUpdateTags", see=f"{API}CreateOrUpdateTags.html")
def create_or_update(call: Call) -> dict[str, Any]:
    """Tag groups; what runs already keeps its tags."""
    for tag in call.parameters["Tags"]:
        group = group_named(call.region, tag["ResourceId"])
        group.tags |= tags_by_key([tag], group.name)
    return {}


@implements("autoscaling", "DeleteTags", see=f"{API}DeleteTags.html")
def delete(call: Call) -> dict[str, Any]:
    """Take tags off groups."""
    for tag in call.parameters["Tags"]:
        group_named(call.region, tag["ResourceId"]).tags.pop(tag["Key"], None)
    return {}


@implements("autoscaling", "DescribeTags", see=f"{API}DescribeTags.html")
def describe(call: Call) -> dict[str, Any]:
    """List tags by the filters `auto-scaling-group`, `key`, `value` and `propagate-at-launch`."""
    fields = {"auto-scaling-group": "ResourceId", "key": "Key", "value": "Value"}
    found = [tag for group in groups_of(call.region) for tag in group.tags.values()]
    for wanted in call.parameters.get("Filters", []):
        if wanted["Name"] == "propagate-at-launch":
            found = [tag for tag in found if str(tag["PropagateAtLaunch"]).lower() in wanted["Values"]]
        else:
            found = [tag for tag in found if tag[fields[wanted["Name"]]] in wanted["Values"]]
    return {"Tags": found}
