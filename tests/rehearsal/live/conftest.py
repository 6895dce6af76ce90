"""What tests of the live plane need: to run something inside namespaces of its own, as the daemon runs."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.live.door import NAMESPACES
from rehearsal.live.network.allowed import why_not

CHECKOUT = Path(__file__).resolve().parents[3]

Inside = Callable[..., Any]
"""`inside(SOURCE, NAME=value)` runs the body of an async function inside and returns what it returns."""

FRAME = """\
import asyncio, json, sys
from pathlib import Path
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.places import EDGE, Place
given = json.loads(sys.argv[1])
async def main():
    fabric = Fabric()
    try:
        return await test(fabric, **given)
    finally:
        await fabric.close()
{body}
print("\\n" + json.dumps(asyncio.run(main())))
"""


@pytest.fixture
def inside(tmp_path: Path) -> Inside:
    """Runs `async def test(fabric, ...)` in namespaces of its own, which end with it."""
    if reason := why_not():
        pytest.skip(reason)

    def run(source: str, **given: Any) -> Any:
        file = tmp_path / "inside.py"
        file.write_text(FRAME.format(body=textwrap.dedent(source)))
        done = subprocess.run(
            ["unshare", *NAMESPACES, sys.executable, str(file), json.dumps(given)],
            cwd=CHECKOUT,
            env={"PYTHONPATH": str(CHECKOUT), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
