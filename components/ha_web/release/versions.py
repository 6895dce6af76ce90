"""What servers start from: a version of a launch template, and the instance types that may run it. No SDK here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOVING = ("$Latest", "$Default")


@dataclass(frozen=True)
class Version:
    """A numbered version of a launch template; `instance_types` where it is run by several, the preferred first."""

    template: str
    number: str
    instance_types: tuple[str, ...] = ()

    @property
    def configuration(self) -> dict[str, Any]:
        """As a group, or a refresh as its desired configuration, has it."""
        named = {"LaunchTemplateId": self.template, "Version": self.number}
        if not self.instance_types:
            return {"LaunchTemplate": named}
        return {"MixedInstancesPolicy": mixed_policy(named, self.instance_types)}

    def has(self, instance: Mapping[str, Any]) -> bool:
        """Return whether an instance of a group, as described, was launched from this."""
        named = instance.get("LaunchTemplate", {})
        same = (named.get("LaunchTemplateId"), named.get("Version")) == (self.template, self.number)
        return same and (not self.instance_types or instance.get("InstanceType") in self.instance_types)


def mixed_policy(template: Mapping[str, str], instance_types: Sequence[str]) -> dict[str, Any]:
    """Return a policy of On-Demand servers only: the first type that a zone has, in the order given.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
    """
    return {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": dict(template),
            "Overrides": [{"InstanceType": each} for each in instance_types],
        },
        "InstancesDistribution": {
            "OnDemandAllocationStrategy": "prioritized",
            "OnDemandPercentageAboveBaseCapacity": 100,
        },
    }


def version_of(described: Mapping[str, Any]) -> Version | None:
    """Return what a group, or a refresh's desired configuration, launches; None for a launch configuration."""
    mixed = described.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    named = mixed.get("LaunchTemplateSpecification") or described.get("LaunchTemplate")
    if not named:
        return None
    types = tuple(each["InstanceType"] for each in mixed.get("Overrides", []) if "InstanceType" in each)
    return Version(named["LaunchTemplateId"], named.get("Version") or "$Default", types)


def value_of(group: str, version: Version) -> str:
    """Return what the parameter of a release holds: JSON for people and programs."""
    held = {"group": group, "launchTemplate": version.template, "version": int(version.number)}
    return json.dumps({**held, **({"instanceTypes": [*version.instance_types]} if version.instance_types else {})})


def parsed(value: str) -> tuple[str, Version]:
    """Return group and version that a parameter's value names."""
    held = json.loads(value)
    types = tuple(held.get("instanceTypes", []))
    return held["group"], Version(held["launchTemplate"], str(held["version"]), types)
