"""The tags that a team wants on everything."""

from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.tags import TAGGABLE, default_tags
from resilience.aws.types import GROUP
from resilience.reference import well_architected
from resilience.remedies import raw
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()


def missing_tags(resource: Resource, required: Mapping[str, str]) -> dict[str, str]:
    """The required tags that a resource lacks, with what they should be if nobody says otherwise."""
    if not required:
        return {}
    if resource.type == GROUP:  # has a list of tags, and the provider's default tags don't reach it
        present = {resource.get(f"tags.{number}.key") for number in range(resource.count("tags"))}
    else:
        present = {*(resource.get("tags") or {}), *default_tags(resource.provider)}
    return {tag: value for tag, value in required.items() if tag not in present}


def add_tags(resource: Resource, config: Config) -> Mapping[str, Any] | None:
    """The missing tags that have a default value."""
    added = {tag: value for tag, value in missing_tags(resource, config["required"]).items() if value}
    if not added:
        return None
    props = raw(resource.props)
    if resource.type == GROUP:
        listed = [{"key": tag, "value": value, "propagateAtLaunch": True} for tag, value in added.items()]
        return {**props, "tags": [*(props.get("tags") or []), *listed]}
    return {**props, "tags": {**(props.get("tags") or {}), **added}}


@RULES.rule(
    "resource-has-required-tags",
    "A resource has the tags that the team requires.",
    Severity.LOW,
    well_architected("OPS02-BP01", "ops_ops_model_def_resource_owners"),
    *TAGGABLE,
    remedy=add_tags,
    required=Setting(
        {},
        "the tags, each with the value that a remedy gives it; an empty one must be set by the program",
        {"additionalProperties": {"type": "string"}},
    ),
)
def has_required_tags(resource: Resource, config: Config) -> Iterator[str]:
    """Nothing is required by default."""
    for tag in missing_tags(resource, config["required"]):
        yield f"tags lacks `{tag}`"
