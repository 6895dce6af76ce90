"""Whether a property can be read already. For rules that have another way where it can't; others just read it."""

from pulumi_policy.proxy import UnknownValueError

from resilience.resource import Resource


def is_known(resource: Resource, path: str) -> bool:
    """Whether something is set there whose value does not wait for the deployment."""
    try:
        return resource.get(path) is not None
    except UnknownValueError:
        return False
