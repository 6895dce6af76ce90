"""Generated names in a state of Pulumi: after an import they count as given by the program, which gives none.

The next preview would generate others and so replace what was imported (https://github.com/pulumi/pulumi/issues/12378).
What is listed in `__defaults` counts as generated, and is kept. No SDK here.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

DEFAULTS = "__defaults"


class Adopted(NamedTuple):
    """A name that counts as generated from now on."""

    resource: str
    """The resource's name in the program."""
    argument: str
    name: str


def adopt(state: Mapping[str, Any]) -> tuple[dict[str, Any], list[Adopted]]:
    """Return a state, as `pulumi stack export` prints it, in which generated names count as such, and these names."""
    found: list[Adopted] = []
    resources = []
    for resource in state["deployment"].get("resources", []):
        names = generated(resource)
        if not names:
            resources.append(resource)
            continue
        logical, inputs = logical_name(resource), resource["inputs"]
        found += [Adopted(logical, argument, inputs[argument]) for argument in names]
        defaults = sorted({*inputs.get(DEFAULTS, []), *names})
        resources.append({**resource, "inputs": {**inputs, DEFAULTS: defaults}})
    return {**state, "deployment": {**state["deployment"], "resources": resources}}, found


def generated(resource: Mapping[str, Any]) -> list[str]:
    """Return the arguments of a resource of AWS whose value Pulumi generated, and which don't count as that yet."""
    if not resource.get("custom") or not str(resource.get("type", "")).startswith("aws:"):
        return []
    # https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming: seven random hexadecimal digits
    pattern = re.compile(rf"{re.escape(logical_name(resource))}-[0-9a-f]{{7}}", re.IGNORECASE)
    inputs = resource.get("inputs", {})
    return [
        argument
        for argument, value in inputs.items()
        if isinstance(value, str) and pattern.fullmatch(value) and argument not in inputs.get(DEFAULTS, [])
    ]


def logical_name(resource: Mapping[str, Any]) -> str:
    """Return the name of a resource in the program."""
    return str(resource["urn"]).rpartition("::")[2]
