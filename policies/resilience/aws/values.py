"""Numbers and switches, which some programs write as strings."""

from resilience.resource import Resource, whole


def amount(resource: Resource, path: str, default: float = 0) -> float:
    """The number at a path, also where it is a string of digits; the default where none is set.

    Raises:
        UnknownValueError: it is known only after the deployment.
    """
    value = resource.get(path, default)
    number: float = whole(float(value)) if isinstance(value, str) else value
    return number


def is_on(resource: Resource, path: str, default: bool = False) -> bool:
    """Return whether a switch is on; the default is AWS's where the program doesn't set it.

    Raises:
        UnknownValueError: it is known only after the deployment.
    """
    return str(resource.get(path, default)).lower() == "true"
