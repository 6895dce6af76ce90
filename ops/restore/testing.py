"""Carries a restore test out. As a context manager it removes what it made, however it ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.backup.validation.handler import NotReady, look

from ops.backup.facts import short
from ops.backup.jobs import took
from ops.core.errors import OpsError, explained
from ops.core.operate import Do
from ops.core.plan import Step
from ops.restore import planning
from ops.restore.making import Making
from ops.restore.measured import said


@dataclass
class Testing:
    """A restore test under way."""

    making: Making
    role: str
    say: Callable[[str], None]
    now: Callable[[], float] = time.time
    _jobs: dict[str, str] = field(default_factory=dict)
    """Ids of jobs, by name."""
    _took: dict[str, float] = field(default_factory=dict)
    """Seconds until it was usable, by name: AWS Backup's own of the job, and ours of what came then. Others that are
    restored at the same time aren't in it."""
    _created: dict[str, str] = field(default_factory=dict)
    """ARNs of what was restored, by name."""

    def __enter__(self) -> Self:
        """Nothing is made yet."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Remove what wasn't: after a step that failed, or an interruption."""
        for name in list(self._jobs):
            self.say(f"removing {name}")
            try:
                self.making.remove(name, wait=False)
            except OpsError as error:
                self.say(f"note: {error}")
            except (ClientError, BotoCoreError) as error:
                self.say(f"note: {name} is still there: {explained(error)}; `restore test --remove` removes it")

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {
            planning.REMOVE_LEFT: lambda step: self.making.remove(step.about["name"]),
            planning.START: self._start,
            planning.RESTORED: self._restored,
            planning.INSTANCE: self._instance,
            planning.CHECK: self._check,
            planning.REMOVE: self._remove,
        }

    def _start(self, step: Step) -> str:
        name = step.about["name"]
        self._jobs[name] = self.making.start(step.about, self.role)
        return f"job {self._jobs[name]}"

    def _restored(self, step: Step) -> str:
        name = step.about["name"]
        ask, job = self.making.place.client("backup").describe_restore_job, self._jobs[name]
        done = self.making.waiting.until_ended(f"restore of {name}", lambda: ask(RestoreJobId=job))
        self._created[name] = str(done.get("CreatedResourceArn", ""))
        self._took[name] = took(done)
        return f"after {took(done):.0f} s at AWS"

    def _instance(self, step: Step) -> str:
        name, began = step.about["name"], self.now()
        kind = self.making.instance(name, short(step.about["arn"]))
        self._took[name] += self.now() - began
        return kind

    def _check(self, step: Step) -> str:
        """Look at it as the weekly restore tests do. Raises OpsError if it doesn't answer for its kind."""
        name, began, verdict = step.about["name"], self.now(), None

        def ready() -> bool:
            nonlocal verdict
            try:
                verdict = look(step.about["kind"], self._created[name], self.making.place.client, self._size(name))
            except NotReady as error:
                self.making.waiting.show(str(error))
                return False
            return True

        self.making.waiting.until(f"{name} can be looked at", ready)
        assert verdict is not None
        if not verdict.successful:
            raise OpsError(f"it is not usable: {verdict.facts}")
        return said(self._took[name] + self.now() - began, verdict.facts)

    def _size(self, name: str) -> int | None:
        """Return the bytes that were restored; None where AWS Backup doesn't say."""
        job: dict[str, Any] = self.making.place.client("backup").describe_restore_job(RestoreJobId=self._jobs[name])
        return job.get("BackupSizeInBytes")

    def _remove(self, step: Step) -> str:
        gone = self.making.remove(step.about["name"])
        del self._jobs[step.about["name"]]
        return gone
