"""`python -m bench.exploration`: ten million states of the failover function, in a Python of their own.

The explorer belongs to the tests: it is started, not imported. Times are of the processor, because others share it.
"""

import json
import subprocess
import sys

from bench.report import machine_line
from rehearsal.home import CHECKOUT

STATES = 10_000_000
EXPLORER = "tests.components.failover.exploration"
PLACES = ("", "components", "policies")
"""From where the tests import."""


def main() -> int:
    """Explore, and print the numbers; fails if an invariant is broken."""
    path = ":".join(str(CHECKOUT / place) for place in PLACES)
    command = [sys.executable, "-m", EXPLORER, "--states", str(STATES), *sys.argv[1:]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env={"PYTHONPATH": path}, check=False)
    if not done.stdout:
        print(done.stderr, file=sys.stderr)
        return done.returncode
    found = json.loads(done.stdout)
    print(
        f"{found['states']:,} states, {found['depth']} steps deep, in {found['processor']:.0f} s of the processor "
        f"({found['seconds']:.0f} s by the clock); {found['worlds']:,} worlds, {found['places']:,} places of a run, "
        f"{found['executed']:,} executions of the code; "
        + ("all that there are" if found["complete"] else "more are left")
    )
    print(machine_line())
    print("\n".join([f"BROKEN: {found['broken']}", *found["trace"]]) if found["broken"] else "no invariant is broken")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
