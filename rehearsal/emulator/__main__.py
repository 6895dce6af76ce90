"""`python -m rehearsal.emulator start|stop|status --home DIR`."""

import argparse
from pathlib import Path

from rehearsal.emulator import process


def main() -> int:
    """Do what the command line says; `status` ends with 1 where nothing runs."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.emulator", description="The emulated AWS.")
    parser.add_argument("action", choices=("start", "stop", "status"))
    parser.add_argument("--home", type=Path, required=True, help="the folder of its process id and log")
    options = parser.parse_args()
    home: Path = options.home.resolve()
    if options.action == "stop":
        process.stop(home)
        return 0
    found = process.start(home, outlives=True) if options.action == "start" else process.running(home)
    print(f"{found.endpoint} (process {found.pid})" if found else "not running")
    return 0 if found else 1


if __name__ == "__main__":
    raise SystemExit(main())
