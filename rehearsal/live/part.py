"""What each service's data plane is: a part that is kept in step with the account."""

from typing import Any, Protocol


class Part(Protocol):
    """The data plane of a service or a few."""

    name: str
    """As in `lab.part("servers")`."""
    reads: frozenset[str]
    """Services whose changes in the account make it read anew, by botocore's names."""

    async def reconcile(self) -> None:
        """Read the account by its API and bring what runs into step with it. It may be called at any time."""

    async def observe(self) -> None:
        """Measure what runs, and tell the account."""

    def describe(self) -> dict[str, Any]:
        """Plain data for the console and the drill."""
        ...

    async def aclose(self) -> None:
        """End what runs."""
