"""Waits for jobs of AWS Backup, and shows how far they are. AWS does the work: who stops waiting stops nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ha_web.failover.runtime.apply import Clock

from ops.core.errors import OpsError
from ops.core.waiting import wait_until

EVERY = 10
"""Seconds between two questions."""

PATIENCE = 24 * 3600
"""Seconds after which nobody waits any longer; a large restore takes hours."""

ENDED = ("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL")


@dataclass(frozen=True)
class Waiting:
    """How to wait."""

    show: Callable[[str], None]
    clock: Clock

    def until_ended(self, what: str, ask: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Wait until a job has ended, and return it. Raises OpsError if it failed.

        Args:
            what: `backup of site-db`.
            ask: asks for the job.
        """
        until = self.clock.now() + PATIENCE
        while (state := state_of(job := ask())) not in ENDED:
            percent = str(job.get("PercentDone") or "").rstrip("%")
            self.show(f"{what}: {state.lower()}{f', {float(percent):.0f} %' if percent else ''}")
            if self.clock.now() + EVERY > until:
                raise OpsError(f"{what}: {state.lower()} after {PATIENCE} s; the same command goes on waiting")
            self.clock.sleep(EVERY)
        if state != "COMPLETED":
            raise OpsError(f"{what}: {state.lower()}: {job.get('StatusMessage') or 'AWS Backup gives no reason'}")
        return job

    def until(self, what: str, true: Callable[[], bool]) -> None:
        """Wait until something is so. Raises OpsError if it isn't in time."""
        wait_until(true, what, self.clock, self.show, every=EVERY, patience=PATIENCE)


def state_of(job: Mapping[str, Any]) -> str:
    """Return the state of a job of any kind."""
    return str(job.get("State") or job.get("Status") or "CREATED")


def took(job: Mapping[str, Any]) -> float:
    """Return the seconds that a job took, by AWS Backup's own clock."""
    if not job.get("CompletionDate"):
        return 0.0
    return float((job["CompletionDate"] - job["CreationDate"]).total_seconds())
