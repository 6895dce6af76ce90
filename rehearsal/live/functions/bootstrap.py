"""What Lambda's runtime does: load the handler, call it with the event, and write down what came of it.

A program of its own, `python -I bootstrap.py SPEC`, in the function's environment. The function's code can't tell
that it isn't at AWS: nothing here is in its environment or on its path. Where AWS's time passes faster, so does the
clock of this process, and sleeping is shorter; time-outs of sockets and locks stay real.
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

import datetime
import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any


def hasten(speed: float) -> None:
    """Let this process's clock run so many times as fast."""
    clocks = {name: getattr(time, name) for name in ("time", "monotonic", "perf_counter")}
    starts = {name: read() for name, read in clocks.items()}
    sleep = time.sleep

    def replace(name: str) -> None:
        read, start = clocks[name], starts[name]
        setattr(time, name, lambda: start + (read() - start) * speed)
        setattr(time, f"{name}_ns", lambda: int((start + (read() - start) * speed) * 1e9))

    for name in clocks:
        replace(name)
    time.sleep = lambda seconds: sleep(seconds / speed)
    plain = datetime.datetime

    class Faster(plain):  # type: ignore[valid-type, misc] # the class that is replaced
        """datetime by the faster clock."""

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    datetime.datetime = Faster  # type: ignore[misc] # on purpose


class Context:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    function_version = "$LATEST"
    identity = client_context = None

    def __init__(self, spec: dict[str, Any]) -> None:
        self.function_name: str = spec["name"]
        self.invoked_function_arn: str = spec["arn"]
        self.memory_limit_in_mb: str = str(spec["memory"])
        self.aws_request_id: str = spec["request"]
        self.log_group_name: str = f"/aws/lambda/{spec['name']}"
        self.log_stream_name: str = spec["stream"]
        self._deadline = time.monotonic() + float(spec["timeout"])

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's time limit."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def run(spec: dict[str, Any]) -> dict[str, Any]:
    """Call the handler; return its answer, or its error as Lambda words it."""
    module, _, name = spec["handler"].rpartition(".")
    try:
        if spec.get("broken"):
            raise ImportError(f"Unable to import module '{module}'")
        handler = getattr(importlib.import_module(module.replace("/", ".")), name)
        answer = json.dumps(handler(json.loads(spec["event"]), Context(spec)))
    except BaseException as error:
        traceback.print_exc()
        said = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": spec["request"],
            "stackTrace": traceback.format_tb(error.__traceback__)[1:],
        }
        return {"ok": False, "payload": json.dumps(said)}
    return {"ok": True, "payload": answer}


def main() -> None:
    """Run what the file says, and write the answer beside it."""
    file = Path(sys.argv.pop())
    spec = json.loads(file.read_text())
    if spec["speed"] != 1:
        hasten(float(spec["speed"]))
    sys.path.insert(0, spec["folder"])
    os.chdir(spec["folder"])
    began = time.monotonic()
    answer = run(spec)
    sys.stdout.flush()
    written = Path(spec["answer"])
    written.with_suffix(".new").write_text(json.dumps({**answer, "seconds": time.monotonic() - began}))
    written.with_suffix(".new").rename(written)


if __name__ == "__main__":
    main()
    os._exit(0)  # at AWS the environment is frozen when the handler returns, threads and all
