"""Carries a failover out with the function's own actions, while a note of its own keeps the automation's runs away."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.failover.runtime.apply import ACTIONS, Clock, NotReadyError, Outcome, missing, notify, tell_late
from ha_web.failover.runtime.clients import Clients
from ha_web.failover.runtime.config import Config
from ha_web.failover.runtime.notes import owe_notice, owed_notice
from ha_web.failover.runtime.observe import observe
from ha_web.failover.runtime.plan import Kind

from ops.core.errors import LOCKED, OpsError, explained
from ops.core.operate import Do
from ops.core.plan import Step
from ops.failover.arrival import Dns
from ops.failover.holding import Holding
from ops.failover.planning import ARRIVAL, HOLD

PATIENCE = 900
"""Seconds for promotions and servers; as long, the note keeps the automation away if this is killed."""


@dataclass
class Carrying(Holding):
    """A failover under way. As a context manager it lets the automation act again at its end."""

    config: Config
    clients: Clients
    dns: Dns
    show: Callable[[str], None]
    clock: Clock
    take_over: bool = False
    outcome: Outcome = field(default_factory=Outcome)
    _deadline: float | None = None
    """On the clock, from the first step on."""
    _held: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Let waits show what is missing."""
        self._waiting = replace(self.clock, sleep=self._sleep)

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        actions: dict[str, Do] = {str(kind): self._act for kind in ACTIONS}
        return {**actions, HOLD: self._hold, str(Kind.NOTIFY): self._notify, ARRIVAL: self._arrival}

    def _hold(self, _step: Step) -> str:
        if not self._keep_away(self.config, self.clients, PATIENCE):
            raise OpsError("the automation has begun to fail over; look at `status`, it may do all of this", LOCKED)
        return ""

    def _act(self, step: Step) -> str:
        """Do one step. A store that fails doesn't stop the others; what would send users is not done then."""
        kind, optional = Kind(step.kind), (*self.config.optional, Kind.CAPACITY)
        sends = kind in (Kind.PREPARED, Kind.WAIT, Kind.SWITCH) or (kind is Kind.SESSIONS and not self.config.switch)
        blocked = {each: why for each, why in self.outcome.failed.items() if each not in optional}
        if sends and blocked:
            reasons = "; ".join(f"{each}: {why}" for each, why in blocked.items())
            raise self._stopped(f"users are not sent, for something failed: {reasons}")
        if self._deadline is None:
            self._deadline = self.clock.now() + PATIENCE
        if kind is Kind.SWITCH:
            owe_notice(self.config, self.clients, self.outcome.as_dict())
        try:
            ACTIONS[kind](self.config, self.clients, self._deadline, self._waiting)
        except (ClientError, BotoCoreError, NotReadyError) as error:
            reason = str(error) if isinstance(error, NotReadyError) else explained(error, self.config.region)
            self.outcome.failed[kind] = reason
            if sends:
                raise self._stopped(reason) from error
            return f"FAILED, and the other stores go on: {reason}"
        self.outcome.done.append(kind)
        self.outcome.switched = kind is Kind.SWITCH or (kind is Kind.WAIT and self.config.switch is None)
        return ""

    def _stopped(self, reason: str) -> OpsError:
        if self.config.topic_arn:
            notify(self.config, self.clients, self.outcome)
        return OpsError(reason)

    def _notify(self, _step: Step) -> str:
        if self.config.switch is not None and not self.outcome.switched:  # users were sent before this began
            self.outcome = tell_late(self.config, self.clients, owed_notice(self.config, self.clients) or {})
        else:
            if self.config.switch is None:
                self.outcome.switched = not self.outcome.failed.keys() - {*self.config.optional, Kind.CAPACITY}
            notify(self.config, self.clients, self.outcome)
        failed = self.outcome.failed.get(Kind.NOTIFY)
        return f"FAILED, tell them yourself: {failed}" if failed else ""

    def _arrival(self, _step: Step) -> str:
        return self.dns.arrive("standby", self._waiting, self.show)

    def _sleep(self, seconds: float) -> None:
        if not self.outcome.switched:
            self.show(missing(observe(self.config, self.clients), self.config, PATIENCE) or "nearly ready")
        self.clock.sleep(seconds)
