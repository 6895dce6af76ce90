"""A process of a host. It leads a group, so that what it starts is ended and frozen with it."""

import asyncio
import contextlib
import os
import signal


class Process:
    """A process; its group gets the signals."""

    def __init__(self, process: asyncio.subprocess.Process, command: str) -> None:
        self._process, self.command = process, command
        self.frozen = False

    @property
    def pid(self) -> int:
        """The process id, inside."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.returncode

    def send(self, number: int) -> None:
        """Send a signal to the group; one that is gone gets none."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send(signal.SIGTERM)

    def freeze(self) -> None:
        """Stop it where it is: it holds its connections and answers nothing."""
        self.frozen = True
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.frozen = False
        self.send(signal.SIGCONT)

    async def wait(self) -> int:
        """Wait for its end; return its exit code, negative for a signal."""
        return await self._process.wait()

    async def end(self, seconds: float) -> None:
        """Ask it to end, and end it after so many seconds."""
        self.terminate()
        try:
            await asyncio.wait_for(self.wait(), seconds)
        except TimeoutError:
            self.kill()
            await self.wait()
