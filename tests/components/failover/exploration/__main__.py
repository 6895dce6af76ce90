"""Explores the failover function as it is, and tells how many states there are: `--states 10000000 --runs 3`."""

import argparse
import json
import sys
from dataclasses import asdict
from time import process_time

from tests.components.failover.exploration.copies import copy_of_the_code
from tests.components.failover.exploration.runs import Runs
from tests.components.failover.exploration.states import Bounds, Explorer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.components.failover.exploration", description=__doc__)
    parser.add_argument("--states", type=int, default=10_000_000, help="end with so many")
    parser.add_argument("--runs", type=int, default=2, help="that the schedule starts; two live at once")
    parser.add_argument("--faults", type=int, default=1)
    parser.add_argument("--turns", type=int, default=2, help="of the primary, between healthy and dead")
    parser.add_argument("--hands", type=int, default=1, help="acts of an operator")
    parser.add_argument(
        "--trace", action="store_true", help="tell how a broken invariant is reached; needs more memory"
    )
    parser.add_argument("--without", nargs="*", default=[], choices=["capacity", "sessions", "database", "storage"])
    args = parser.parse_args()
    bounds = Bounds(starts=args.runs, at_once=2, faults=args.faults, turns=args.turns, hands=args.hands)
    with copy_of_the_code() as code:
        found = Explorer(Runs(code, **dict.fromkeys(args.without)), bounds).explore(args.states, traced=args.trace)
    told = {key: value for key, value in asdict(found).items() if key != "ends"}
    print(json.dumps({**told, "processor": process_time(), "ends": sorted(found.ends)}, indent=2))
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
