"""The folder that `pulumi plugin install resource aws v7.51.1 --file FOLDER` installs the plugin from."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

EXECUTABLE = "pulumi-resource-aws"
"""What the engine looks for in the folder of a resource plugin of this name."""


def write_launcher(folder: Path) -> None:
    """Write an executable into `folder` that starts the plugin of this checkout, with the Python that runs now."""
    checkout = Path(__file__).resolve().parents[2]
    lines = [
        "#!/bin/sh",
        "# Written by the rehearsal: starts the emulated aws plugin of a checkout.",
        f'PYTHONPATH={shlex.quote(str(checkout))}"${{PYTHONPATH:+:$PYTHONPATH}}"; export PYTHONPATH',
        f'exec {shlex.quote(sys.executable)} -m rehearsal.aws_plugin "$@"',
    ]
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / EXECUTABLE
    launcher.write_text("\n".join(lines) + "\n", encoding="utf-8")
    launcher.chmod(0o755)
