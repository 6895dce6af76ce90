"""Run a function once: a process in a host of its Region, with its role's keys and Lambda's environment."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from rehearsal.live.functions import bootstrap
from rehearsal.live.functions.model import Function
from rehearsal.live.network.host import Host

INIT_SECONDS = 10.0
"""Seconds here for the start of the process and its imports, which aren't part of a function's time limit:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""

LOG_LINES = 200
"""Of an invocation, that are kept."""


@dataclass(frozen=True)
class Result:
    """What came of an invocation. `payload` is JSON; `seconds` are those at AWS."""

    ok: bool
    payload: str
    seconds: float
    log: tuple[str, ...] = ()
    request: str = ""

    @property
    def said(self) -> str:
        """In a few words: the answer, or the error's message."""
        try:
            found = json.loads(self.payload)
        except ValueError:
            found = self.payload
        if not self.ok and isinstance(found, dict):
            return f"{found.get('errorType', '')}: {found.get('errorMessage', '')}"[:300]
        return (found if isinstance(found, str) else json.dumps(found))[:300]


def environment(function: Function, keys: Mapping[str, str], endpoint: str, stream: str) -> dict[str, str]:
    """Return the environment of a function: Lambda's own variables, its role's keys, and what it was given.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    return {
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "_HANDLER": function.handler,
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/home/sbx_user1051",  # where no settings of ours are
        **function.environment,
        **keys,
        "AWS_ENDPOINT_URL": endpoint,
    }


@dataclass(frozen=True)
class Runner:
    """Runs functions.

    folder: where invocations are written. endpoint: the emulated AWS. bundle: the authorities that are trusted.
    """

    folder: Path
    endpoint: str
    bundle: Path

    async def run(
        self,
        host: Host,
        function: Function,
        code: Path,
        event: str,
        keys: Mapping[str, str],
        *,
        speed: float,
        broken: bool = False,
    ) -> Result:
        """Run a function with an event, and return what came of it. It is ended at its time limit."""
        request, stream = str(uuid4()), f"$LATEST/{uuid4().hex}"
        self.folder.mkdir(parents=True, exist_ok=True)
        spec, answer, log = (self.folder / f"{request}.{kind}" for kind in ("json", "answer", "log"))
        spec.write_text(
            json.dumps(
                {
                    **{"name": function.name, "arn": function.arn, "memory": function.memory},
                    **{"handler": function.handler, "timeout": function.timeout, "folder": str(code)},
                    **{"event": event, "request": request, "stream": stream, "answer": str(answer)},
                    **{"speed": speed, "broken": broken},
                }
            )
        )
        command = [sys.executable, "-I", str(Path(bootstrap.__file__)), str(spec)]
        env = {**environment(function, keys, self.endpoint, stream), "SSL_CERT_FILE": str(self.bundle)}
        try:
            process = await host.start(command, env=env, cwd=code, log=log)
            try:
                await asyncio.wait_for(process.wait(), function.timeout / speed + INIT_SECONDS)
            except TimeoutError:
                pass
            finally:
                process.kill()
            return _result(answer, log, function, request)
        finally:
            for file in (spec, answer, log):
                file.unlink(missing_ok=True)


def _result(answer: Path, log: Path, function: Function, request: str) -> Result:
    lines = tuple(log.read_text(errors="replace").splitlines()[-LOG_LINES:]) if log.is_file() else ()
    if not answer.is_file():
        message = f"Task timed out after {function.timeout:.2f} seconds"
        said = json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request} Error: {message}"})
        return Result(False, said, float(function.timeout), lines, request)
    found: dict[str, Any] = json.loads(answer.read_text())
    return Result(bool(found["ok"]), found["payload"], float(found["seconds"]), lines, request)
