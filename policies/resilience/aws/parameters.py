"""Parameters of a database's parameter group."""

from resilience.resource import Resource


def parameter(group: Resource, name: str) -> str | None:
    """The value of a parameter in small letters; None where the group leaves it at the engine's default."""
    for number in range(group.count("parameters")):
        if group.get(f"parameters.{number}.name") == name:
            return str(group.get(f"parameters.{number}.value")).lower()
    return None
