"""What the account is told and asked, beside the work: no failover waits for the emulated AWS's answer."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from rehearsal.live.account import Account
from rehearsal.live.events import Events


class Outbox:
    """Tells the account in the order in which things happened, and keeps what it last wished for."""

    def __init__(self, account: Account, events: Events, service: str) -> None:
        self._account, self._events, self._service = account, events, service
        self._waiting: deque[Callable[[], Awaitable[None]]] = deque()
        self._wishes: list[dict[str, Any]] = []
        self._granted: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    def primary(self, region: str, resource: str, node: str, shard: str = "0001") -> None:
        """Tell who takes the writes now."""
        self._waiting.append(lambda: self._account.report_primary(self._service, region, resource, node, shard))

    def nodes(self, region: str, states: dict[str, str]) -> None:
        """Tell which nodes are lost, and which are back."""
        self._waiting.append(lambda: self._account.report_nodes(self._service, region, states))

    def grant(self, number: int, **became: Any) -> None:
        """Tell that the data followed a wish."""
        self._granted.add(number)
        self._waiting.append(lambda: self._account.promoted(number, **became))

    @property
    def wishes(self) -> list[dict[str, Any]]:
        """What the account wishes for, as it said last, without what was granted."""
        return [each for each in self._wishes if int(each["number"]) not in self._granted]

    def turn(self) -> None:
        """Tell and ask, unless that is under way."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._turn())

    async def _turn(self) -> None:
        try:
            while self._waiting:
                await self._waiting[0]()
                self._waiting.popleft()
            found = await self._account.wishes()
            self._wishes = [each for each in found if each["service"] == self._service]
        except Exception as error:  # it is told again at the next turn
            self._events.note("trouble", f"{self._service}: {type(error).__name__}: {error}", subject=self._service)

    async def aclose(self) -> None:
        """Stop telling."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
