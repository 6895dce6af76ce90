"""The note that keeps the automation's runs away while an operator moves the site."""

from contextlib import ExitStack, suppress
from typing import Self

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.failover.runtime.apply import Clock
from ha_web.failover.runtime.clients import Clients
from ha_web.failover.runtime.config import LOCK_KEY, Config
from ha_web.failover.runtime.notes import only_run


class Holding:
    """Holds the note from the step on that takes it. As a context manager it lets go at the end."""

    clock: Clock
    take_over: bool
    _held: ExitStack

    def __enter__(self) -> Self:
        """Begin; nothing is held yet, and no time runs: a person is asked first."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the automation act again; without an answer the note ends by itself."""
        with suppress(ClientError, BotoCoreError):
            self._held.close()

    def _keep_away(self, config: Config, clients: Clients, patience: float) -> bool:
        """Take the note; return False if a run of the automation has it. It ends by itself after `patience` seconds."""
        if self.take_over and config.switch is not None:
            clients("s3").delete_object(Bucket=config.switch["bucket"], Key=LOCK_KEY)
        now = self.clock.epoch()
        return self._held.enter_context(only_run(config, clients, now, now + patience)) is None
