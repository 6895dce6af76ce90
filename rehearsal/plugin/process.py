"""The process of a plugin: prints its port, and serves until the engine is gone."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any


def import_protocol_only() -> None:
    """Let `pulumi.runtime.proto` be imported without the packages around it, which take most of a second to load."""
    spec = importlib.util.find_spec("pulumi")
    if spec is None or spec.origin is None:
        return
    root = Path(spec.origin).parent
    for name, folder in (("pulumi", root), ("pulumi.runtime", root / "runtime")):
        module = types.ModuleType(name)
        module.__path__ = [str(folder)]
        sys.modules[name] = module


def run(serve: Callable[[], tuple[Any, int]]) -> None:
    """Serve one provider."""
    parent, stopped = os.getppid(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    server, port = serve()
    print(port, flush=True)
    while not stopped.wait(1) and os.getppid() == parent:
        pass
    server.stop(0)
