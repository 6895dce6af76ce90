"""`ha-web <operation>`, or `python -m ops <operation>`: one module an operation, loaded only when it is asked for."""

import sys
from collections.abc import Sequence
from importlib import import_module

OPERATIONS = {
    "preflight": "what the first `pulumi up` of a stack would run into in this account",
    "status": "whether a zone or a region may be lost now, and why not",
    "report": "one page on a stack: objectives beside what was measured, recovery points, operations and drills",
    "failover": "send users to the standby region, also with the primary's region lost",
    "failback": "send users back to the primary region, once its stores are in step",
    "switchover": "send users to the standby region while both are well, the database without loss",
    "release": "which version each region serves, how a release gets on, its end, and the way back",
    "backup": "how old recovery points are, against the objective; new ones and copies on demand",
    "restore": "backups on trial beside what runs, measured; and what to do after damage",
    "evidence": "one dated file for an auditor: objectives, what was measured, what is backed up and was restored",
    "zone": "keep users and new servers out of a zone that is unwell, or let them back",
    "maintenance": "let the load balancers answer with a page, and keep the automation still",
    "hub": "the objectives at AWS Resilience Hub, and its judgement beside ours",
    "gameday": "break something on purpose in the real account, and measure what users see",
    "adopt": "let Pulumi keep the generated names of what was imported into its state",
    "completion": "what a shell needs to complete these commands",
}
"""Each is `ops/<operation>/command.py` with a `main` that takes the arguments and returns the exit code, and a `parser`
that returns its options."""

ALIASES = {"releases": ("release", "history")}
"""Names that commands had before."""


def main(arguments: Sequence[str]) -> int:
    """Run one operation; without a known one, list them all."""
    name, *rest = arguments or [""]
    name, *further = ALIASES.get(name, (name,))
    if name not in OPERATIONS:
        lines = [f"  {operation:12}{text}" for operation, text in OPERATIONS.items()]
        print("\n".join(["usage: ha-web <operation> [options]; one of", *lines]))
        return 0 if name in ("-h", "--help") else 2
    return int(import_module(f"ops.{name}.command").main([*further, *rest]))


def entry() -> int:
    """Run the command `ha-web`."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(entry())
