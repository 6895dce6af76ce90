"""The folder that `pulumi plugin install resource aws v7.51.1 --file FOLDER` installs a plugin from."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def executable(plugin: str) -> str:
    """The file that the engine looks for in the folder of a resource plugin of this name."""
    return f"pulumi-resource-{plugin}"


def write_launcher(folder: Path, plugin: str) -> Path:
    """Write an executable into `folder` that starts a plugin of this checkout, with the Python that runs now."""
    checkout = Path(__file__).resolve().parents[2]
    lines = [
        "#!/bin/sh",
        f"# Written by the rehearsal: starts the emulated {plugin} plugin of a checkout.",
        f'PYTHONPATH={shlex.quote(str(checkout))}"${{PYTHONPATH:+:$PYTHONPATH}}"; export PYTHONPATH',
        f'exec {shlex.quote(sys.executable)} -m rehearsal.{plugin}_plugin "$@"',
    ]
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / executable(plugin)
    launcher.write_text("\n".join(lines) + "\n", encoding="utf-8")
    launcher.chmod(0o755)
    return launcher
