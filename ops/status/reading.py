"""What one reading of AWS is: which calls it makes, and what they are turned into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.core.policy import Call
from ops.core.stack import Cluster, Stack


class Ask:
    """Asks AWS in one region, only what the reading has declared: the policy is made from the same list."""

    def __init__(self, clients: Mapping[str, Any], calls: tuple[Call, ...]) -> None:
        self._clients, self._calls = clients, calls

    def __call__(self, service: str, operation: str, **given: Any) -> Any:
        """Return the answer. Raises what AWS raises."""
        if Call(service, operation) not in self._calls:
            raise LookupError(f"{service} {operation} is not among the calls of this reading")
        return getattr(self._clients[service], operation)(**given)


@dataclass(frozen=True)
class Reading:
    """One part of what is known, which can fail by itself."""

    part: str
    """The field that it fills."""
    calls: tuple[Call, ...]
    read: Callable[[Ask, Stack, Cluster], Any]
    concerns: Callable[[Stack, Cluster], bool] = lambda _stack, _cluster: True
    """Whether there is anything to read."""

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it asks."""
        return tuple(dict.fromkeys(call.service for call in self.calls))


def calls(**operations: str) -> tuple[Call, ...]:
    """Return calls: `calls(elbv2="describe_listeners", acm="describe_certificate")`; several with blanks between."""
    return tuple(
        Call(service.replace("_", "-").rstrip("-"), operation)
        for service, names in operations.items()
        for operation in names.split()
    )
