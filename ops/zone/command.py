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
import time
from collections.abc import Sequence
from dataclasses import asdict

from ha_web.failover.runtime.apply import Clock

from ops.core.entry import command
from ops.core.errors import DONE, DOWN, NOT_ASKED, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.stack import Cluster
from ops.zone.calls import CHANGING, LOOKING
from ops.zone.carrying import Carrying
from ops.zone.facts import Facts
from ops.zone.look import look, place_of
from ops.zone.planning import DEFAULT_FOR, LONGEST_HOURS, away, back, seconds_of, shown

AWAY, BACK, SHOW = "away", "back", "show"


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
    return zone(operator(options))


def zone(me: Operator, clock: Clock | None = None) -> int:
    """Plan, ask and do it; return the exit code. Raises OpsError."""
    options, clusters, identifier = me.options, [*me.stack.clusters.values()], ""
    if options.zone:
        cluster, identifier = place_of(me.stack, options.zone, me.account)
        clusters = [cluster]
    carrying = Carrying(me, clusters[0], clock or Clock())
    if options.action == AWAY:
        given = {"lasting": options.lasting, "who": me.who, "force": options.force}
        return operate(me, lambda: away(carrying.look(), identifier, now=time.time(), **given), carrying.do())
    if options.action == BACK:
        return operate(me, lambda: back(*known(me, clusters), identifier, others=options.all), carrying.do())
    return _show(me, *known(me, clusters))


def known(me: Operator, clusters: Sequence[Cluster]) -> tuple[list[Facts], list[str]]:
    """Return what is known of each region, and what couldn't be asked. Raises OpsError if none answers."""
    found, silent = [], []
    for cluster in clusters:
        try:
            found.append(look(me.stack, me.account, cluster))
        except OpsError as error:
            silent.append(str(error))
    if not found:
        raise OpsError("; ".join(dict.fromkeys(silent)), NOT_ASKED)
    return found, silent


def _show(me: Operator, found: Sequence[Facts], silent: Sequence[str]) -> int:
    if me.options.json:
        me.terminal.document({"regions": [asdict(each) for each in found], "silent": [*silent]})
        return DONE
    for facts in found:
        me.terminal.say("\n  ".join([facts.region, *shown(facts)]))
    for line in silent:
        me.terminal.say(line)
    return DONE
