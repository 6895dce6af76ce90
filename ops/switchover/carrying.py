"""Carries a switchover out: the failover's actions, but for the database, which moves without loss."""

from collections.abc import Callable
from dataclasses import dataclass

from ha_web.failover.runtime.apply import missing
from ha_web.failover.runtime.clients import Clients
from ha_web.failover.runtime.observe import group_of, observe
from ha_web.failover.runtime.plan import Kind, needed_for, ready

from ops.core.errors import OpsError
from ops.core.operate import Do
from ops.core.plan import Step
from ops.core.waiting import wait_while
from ops.failback.carrying import unless_under_way
from ops.failover.carrying import PATIENCE, Carrying
from ops.switchover.planning import SERVERS

EVERY = 5


@dataclass
class Moving(Carrying):
    """A switchover under way."""

    primary: Callable[[], Clients] | None = None
    """Makes clients of the primary's region, which has the writer now."""

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        own: dict[str, Do] = {
            SERVERS: self._servers,
            str(Kind.DATABASE): self._database,
            str(Kind.WAIT): self._wait,
        }
        return {**super().do(), **own}

    def _act(self, step: Step) -> str:
        """Do a step of the failover's; here, one that fails ends it: the primary serves, so that nothing is urgent."""
        text = super()._act(step)
        if step.kind in self.outcome.failed:
            raise OpsError(f"{self.outcome.failed[Kind(step.kind)]}; the same command goes on, `failback` goes back")
        return text

    def _wait(self, _step: Step) -> str:
        """Wait for all stores. A failover takes a session store that isn't promoted out of its pair: not here."""

        def lacks() -> str:
            state = observe(self.config, self.clients)
            return "" if ready(state, self.config) else missing(state, self.config, PATIENCE)

        self._while(lacks, f"after {PATIENCE} s: {{}}; the same command goes on waiting, `failback` goes back")
        self.outcome.switched = self.config.switch is None
        return ""

    def _servers(self, _step: Step) -> str:
        assert self.config.capacity is not None
        part, wanted = self.config.capacity, needed_for(observe(self.config, self.clients), self.config)

        def lacks() -> str:
            group = group_of(part, self.clients)
            running = group.in_service if group else 0
            return "" if running >= wanted else f"{running} of {wanted} servers run"

        self._while(lacks, f"{{}} after {PATIENCE} s; no store was moved")
        return f"{wanted} run"

    def _while(self, lacks: Callable[[], str], late: str) -> None:
        wait_while(lacks, self.clock, self.show, every=EVERY, patience=PATIENCE, late=late.format)

    def _database(self, _step: Step) -> str:
        """Ask the region that has the writer: Aurora stops writes, waits for the last one, and exchanges the roles."""
        assert self.config.database is not None
        assert self.primary is not None
        with unless_under_way():
            self.primary()("rds").switchover_global_cluster(
                GlobalClusterIdentifier=self.config.database["global_id"],
                TargetDbClusterIdentifier=self.config.database["arn"],
            )
        return ""
