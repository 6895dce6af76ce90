"""Faults: what a person or the drill breaks, and healing."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.network.places import Place


class FaultError(ValueError):
    """There is no such fault, or nothing to break."""


def chosen(candidates: Sequence[str], pick: float, what: str) -> str:
    """Choose by a number from 0 to 1, the same for the same candidates. Raises FaultError if there are none."""
    if not candidates:
        raise FaultError(f"there is no {what}")
    ordered = sorted(candidates)
    return ordered[min(int(pick * len(ordered)), len(ordered) - 1)]


class Faults:
    """Breaks things in the parts and in the network, and notes what it breaks."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._table: dict[str, Callable[..., Awaitable[str]]] = {
            "kill-server": self._server("lose"),
            "end-process": self._server("end_process"),
            "freeze-server": self._server("freeze"),
            "leak-server": self._server("leak"),
            "thaw-server": self._server("thaw"),
            "kill-session-primary": self._of_part("stores", "lose_primary"),
            "freeze-session-primary": self._of_part("stores", "freeze_primary"),
            "lag-sessions": self._of_part("stores", "lag"),
            "fill-sessions": self._of_part("stores", "fill"),
            "kill-node": self._node("lose"),
            "freeze-node": self._node("freeze"),
            "kill-database-writer": self._of_part("databases", "lose_writer"),
            "cut-zone": self._cut_zone,
            "slow-zone": self._slow_zone,
            "cut-region": self._cut_region,
            "expire-certificate": self._of_part("balancers", "expire_certificate"),
            "break-function": self._of_part("functions", "fail"),
        }

    async def do(self, what: str, **fields: Any) -> str:
        """Break something; return what it was. Raises FaultError."""
        if what not in self._table:
            raise FaultError(f"{what}: no such fault; there are {', '.join(sorted(self._table))}")
        # Noted first: what follows from it comes after it.
        event = self._lab.events.note("fault", what.replace("-", " "), what=what, **fields)
        try:
            target = await self._table[what](**fields)
        except FaultError as error:
            event["text"] = f"{what}: {error}"
            raise
        event |= {"text": f"{what.replace('-', ' ')}: {target}", "subject": target}
        return target

    async def heal(self) -> None:
        """Undo all faults."""
        self._lab.events.note("fault", "healed", what="heal")
        self._lab.fabric.heal()
        await self._tell_cuts()
        for part in self._lab.parts.values():
            if mend := getattr(part, "mend", None):
                await mend()
        self._lab.again()

    async def mistake(self, what: str, *, on: bool) -> None:
        """Make a deliberate mistake in whichever part knows it, or no longer. Raises FaultError if none does."""
        known = [part for part in self._lab.parts.values() if what in getattr(part, "MISTAKES", ())]
        if not known:
            raise FaultError(f"{what}: no such mistake")
        for part in known:
            mistakes: set[str] = getattr(part, "mistakes")  # noqa: B009 (only some parts have it)
            (mistakes.add if on else mistakes.discard)(what)
            if follow := getattr(part, "follow_mistakes", None):
                await follow()
        self._lab.again()

    def _server(self, method: str) -> Callable[..., Awaitable[str]]:
        async def do(region: str, instance: str = "", pick: float = 0.0) -> str:
            servers = self._lab.part("servers")
            which = instance or chosen(servers.serving(region), pick, f"server in {region}")
            await getattr(servers, method)(which)
            return which

        return do

    def _node(self, method: str) -> Callable[..., Awaitable[str]]:
        async def do(region: str, node: str) -> str:
            for part in (self._lab.part("stores"), self._lab.part("databases")):
                if node in part.nodes(region):
                    await getattr(part, method)(node)
                    return node
            raise FaultError(f"there is no node {node} in {region}")

        return do

    def _of_part(self, part: str, method: str) -> Callable[..., Awaitable[str]]:
        async def do(**fields: Any) -> str:
            try:
                return str(await getattr(self._lab.part(part), method)(**fields))
            except LookupError as error:
                raise FaultError(str(error)) from error

        return do

    def zones(self, region: str) -> list[str]:
        """The zones of a region that have a host."""
        return sorted({h.place.zone for h in self._lab.fabric.hosts.values() if h.place.region == region} - {""})

    async def _cut_zone(self, region: str, zone: str = "", pick: float = 0.0) -> str:
        which = zone or chosen(self.zones(region), pick, f"zone in {region}")
        self._lab.fabric.cut(Place(region, which))
        await self._tell_cuts()
        return which

    async def _slow_zone(self, region: str, seconds: float, zone: str = "", pick: float = 0.0) -> str:
        which = zone or chosen(self.zones(region), pick, f"zone in {region}")
        self._lab.fabric.slow(Place(region, which), seconds)
        return which

    async def _cut_region(self, region: str) -> str:
        self._lab.fabric.cut(Place(region))
        await self._tell_cuts()
        return region

    async def _tell_cuts(self) -> None:
        """Tell the account which zones and Regions nobody reaches."""
        await self._lab.account.report_cut([place.name for place in self._lab.fabric.cuts])
