"""A node: a machine whose Valkey may be ended and started anew, with the log or without."""

from __future__ import annotations

from rehearsal.live.stores.engine import Engine

CONTROL = "memorydb"
"""The user of the control plane and of replication; the account knows nothing of it."""


class Node(Engine):
    """A node. `logs`: its Valkey writes the log."""

    user = CONTROL
    logs = False
    _held = False

    @property
    def ended(self) -> bool:
        """Whether its machine is there, and no Valkey runs on it."""
        runs = self.valkey is not None and self.valkey.returncode is None
        return self.host is not None and not self.lost and not self.frozen and not runs

    async def end(self) -> None:
        """End its Valkey at once, whatever it is at: it may not write the log any more."""
        if self.valkey is not None and self.valkey.returncode is None:
            self.valkey.kill()
            await self.valkey.wait()
        self.logs = self._held = False

    def hold(self, *, isolated: bool) -> None:
        """Let it wait for the log while its zone is isolated: nothing is answered that the log hasn't got."""
        if isolated == self._held or self.valkey is None or self.frozen or self.lost:
            return
        self._held = isolated
        (self.valkey.freeze if isolated else self.valkey.thaw)()
