"""What `zone` does: looks, plans, asks, and carries it out. Apart from the command, whose help needs no SDK of AWS."""

import time
from collections.abc import Sequence
from dataclasses import asdict

from ha_web.failover.runtime.apply import Clock

from ops.core.errors import DONE, NOT_ASKED, OpsError
from ops.core.operate import Operator, operate
from ops.core.stack import Cluster
from ops.zone.carrying import Carrying
from ops.zone.facts import Facts
from ops.zone.look import look, place_of
from ops.zone.planning import AWAY, BACK, away, back, shown


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
