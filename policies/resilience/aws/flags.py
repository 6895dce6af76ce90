"""Switches. Some of AWS's are strings in Pulumi: a launch template's `encrypted` is "true"."""

from resilience.resource import Resource


def is_on(resource: Resource, path: str, default: bool = False) -> bool:
    """Whether a switch is on; the default is AWS's where the program doesn't set it.

    Raises:
        UnknownValueError: it is known only after the deployment.
    """
    return str(resource.get(path, default)).lower() == "true"
