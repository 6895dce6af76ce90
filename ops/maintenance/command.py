"""Let the load balancers answer with a page, in all regions: `maintenance on`, and `maintenance off`.

The page is a response of the balancer itself (status 503), so it stands whatever the servers do. Requests for the path
of the health checks still reach the servers, so that no check takes the page for an outage. The automation is stopped:
nothing fails over while people are at work. `off` puts back exactly what was before; `status` tells meanwhile.

A Network Load Balancer (protocols tls, tcp, udp) can't answer by itself. No balancer sends Retry-After.

Exit codes: 0 done, 1 not done or refused, 2 wrong usage, 3 it could not be asked, 4 somebody else is at work,
130 interrupted.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module

from ops.core.entry import command
from ops.core.errors import DOWN, OpsError
from ops.core.operate import add_options, operator
from ops.maintenance.calls import CALLS
from ops.maintenance.page import MOST_BYTES, page_of
from ops.maintenance.planning import MOST_PATHS, OFF, ON


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web maintenance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("action", nargs="?", choices=(ON, OFF), help="turn the page on, or off")
    add_options(options)
    options.add_argument(
        "--message",
        default="",
        metavar="FILE",
        help=f"the page: .html, .txt or .json, {MOST_BYTES} bytes at most; one that says `back soon` by default",
    )
    options.add_argument(
        "--keep", action="append", default=[], metavar="PATH", help="also let this path through to the servers"
    )
    options.add_argument("--force", action="store_true", help="off: also if no server is healthy")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return command(options, "Maintenance", CALLS, lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    if options.action is None:
        raise OpsError("say `maintenance on` or `maintenance off`", DOWN)
    for path in options.keep:
        if not path.startswith("/"):
            raise OpsError(f"--keep {path}: a path begins with /", DOWN)
    if len(options.keep) >= MOST_PATHS:
        raise OpsError(f"--keep: given {len(options.keep)} times; a rule has {MOST_PATHS} paths at most", DOWN)
    page_of(options.message)  # before anything is asked
    work = import_module("ops.maintenance.work")  # help and policy need no SDK of AWS
    return int(work.maintenance(operator(options)))
