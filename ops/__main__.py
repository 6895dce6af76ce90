"""`python -m ops <operation>`: one module an operation, loaded only when it is asked for."""

import sys
from importlib import import_module

OPERATIONS = {
    "preflight": "what the first `pulumi up` of a stack would run into in this account",
    "status": "whether a zone or a region may be lost now, and why not",
    "report": "one page on a stack: objectives beside what was measured, recovery points, operations and drills",
    "failover": "send users to the standby region, also with the primary's region lost",
    "failback": "send users back to the primary region, once its stores are in step",
    "switchover": "send users to the standby region while both are well, without loss",
    "releases": "which versions of its servers each region has served, and the way back",
}
"""Each is `ops/<operation>/command.py` with a `main` that takes the arguments and returns the exit code."""


def main(arguments: list[str]) -> int:
    """Run one operation; without a known one, list them all."""
    name = arguments[0] if arguments else ""
    if name not in OPERATIONS:
        lines = [f"  {operation:12}{text}" for operation, text in OPERATIONS.items()]
        print("\n".join(["usage: python -m ops <operation> [options]; one of", *lines]))
        return 0 if name in ("-h", "--help") else 2
    return int(import_module(f"ops.{name}.command").main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
