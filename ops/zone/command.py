"""Keep users and new servers out of a zone that is unwell, or let them back: `zone away ZONE`, `zone back`.

The load balancer and the Auto Scaling group leave together, by zonal shifts of Application Recovery Controller. Before,
it checks that the other zones carry the load, and starts the servers that they lack, as far as the group's maximum and
the quota allow. Nothing is torn down: servers in the zone stay, and the shift ends by itself after --for.

`zone back` ends what this command started; what AWS (autoshift, practice runs) or somebody else has started is shown,
and stays. `zone`, without more, shows where shifts are in effect. ZONE is an id (euw1-az1) or a name (eu-west-1a).

Exit codes: 0 done, 1 not done or refused, 2 wrong usage, 3 it could not be asked, 4 somebody else is at work,
130 interrupted.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module

from ops.core.entry import command
from ops.core.errors import DOWN, OpsError
from ops.core.operate import add_options, operator
from ops.zone.calls import CHANGING, LOOKING
from ops.zone.planning import AWAY, BACK, DEFAULT_FOR, LONGEST_HOURS, SHOW, seconds_of


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web zone", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("action", nargs="?", choices=(AWAY, BACK, SHOW), default=SHOW, help="show by default")
    options.add_argument("zone", nargs="?", default="", metavar="ZONE", help="the zone, by id or by name")
    add_options(options)
    options.add_argument(
        "--for",
        dest="lasting",
        default="",
        metavar="TIME",
        help=f"how long, like 90m or 3h, {LONGEST_HOURS}h at most; {DEFAULT_FOR} by default",
    )
    options.add_argument("--force", action="store_true", help="leave although the other zones don't carry the load")
    options.add_argument("--all", action="store_true", help="back: also end what somebody else has started")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    calls = LOOKING if options.action == SHOW else (*LOOKING, *CHANGING)
    return command(options, "Zone", calls, lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    if options.action == AWAY and not options.zone:
        raise OpsError("ZONE is missing: which zone is to be left? `zone show` lists them", DOWN)
    if options.lasting and seconds_of(options.lasting) is None:
        longest = f"{LONGEST_HOURS}h at most, AWS takes no longer at once"
        raise OpsError(f"--for {options.lasting}: write it like 90m or 3h, {longest}", DOWN)
    work = import_module("ops.zone.work")  # help and policy need no SDK of AWS
    return int(work.zone(operator(options)))
