"""Send users to the standby region while both are well, the database without loss; `failback` is the way back.

Servers run first; then the session store moves, the database by Aurora's switchover, which waits for the last write,
and the switch last. It refuses while the primary doesn't answer, while a store is behind or its lag isn't measured, and
with files, which EFS copies every few minutes: stop what writes them, wait, then --force.

Exit codes: 0 users are at the standby, 1 not done or refused, 3 it could not be asked, 4 somebody else is at work,
130 interrupted.
"""

import argparse
from collections.abc import Sequence

from ha_web.failover.runtime.apply import Clock
from ha_web.failover.runtime.config import Config
from ha_web.failover.runtime.plan import Role

from ops.core.entry import command
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.policy import Call
from ops.failover.arrival import Dns
from ops.failover.calls import CALLS, OF_PRIMARY
from ops.failover.look import clients_in, config_of, look, sized
from ops.status.reading import Ask
from ops.status.readings.data import DATABASE_LAG, SESSIONS_LAG, lag
from ops.switchover.carrying import Moving
from ops.switchover.planning import Facts, planned

MORE = (Call("rds", "switchover_global_cluster"), Call("cloudwatch", "get_metric_data"))
NEVER = (Call("rds", "failover_global_cluster"), Call("elasticache", "disassociate_global_replication_group"))
"""What loses writes, or a pair of stores: a switchover has no right to it."""


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web switchover", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options)
    options.add_argument("--force", action="store_true", help="go on although a precondition refuses it")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    calls = [call for call in (*CALLS, *OF_PRIMARY, *MORE) if call not in NEVER]
    return command(options, "Switchover", calls, lambda: switchover(operator(options)))


def switchover(me: Operator, dns: Dns | None = None, clock: Clock | None = None) -> int:
    """Plan, ask and do it; return the exit code. Raises OpsError."""
    me.options.region_lost = False
    with me.terminal.clock("reading what the failover function knows"):
        config = sized(config_of(me.stack, me.account), me.stack, me.account, region_lost=False)
    dns = dns or Dns.of(me.stack, me.account, config.region)
    moving = Moving(
        *(config, clients_in(me.account, config.region), dns, me.terminal.show, clock or Clock()),
        take_over=me.options.take_over,
        primary=lambda: clients_in(me.account, me.stack.primary.region),
    )
    with moving:
        return operate(me, lambda: planned(_facts(me, config, dns), force=me.options.force), moving.do())


def _facts(me: Operator, config: Config, dns: Dns) -> Facts:
    known = look(me, config, dns)
    ask = Ask({"cloudwatch": me.account.client("cloudwatch", config.region)}, (Call("cloudwatch", "get_metric_data"),))
    measured = {"sessions": SESSIONS_LAG, "database": DATABASE_LAG}
    following = [store for store in measured if known.state.roles.get(store) is Role.SECONDARY]
    return Facts(known, {store: lag(ask, *measured[store]) for store in following})
