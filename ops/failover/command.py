"""Send users to the standby region: servers, promotions, wait, switch, notice, and then what DNS answers.

Each step is the failover function's own, and only what is left to do is done: after an interruption, or beside what the
automation or a person did, the same command goes on. While it works, the automation's runs do nothing. What wasn't
replicated yet is lost; while both regions are well, `switchover` is the way without loss.

With --region-lost nothing is asked of the primary region or us-east-1, and --outputs s3://REGION/BUCKET with the
standby's region and bucket needs no state of Pulumi either.

Exit codes: 0 users are at the standby, 1 not done or refused, 3 it could not be asked, 4 somebody else is at work,
130 interrupted.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from ha_web.failover.runtime.apply import Clock

from ops.core.entry import command
from ops.core.errors import NOT_ASKED, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.failover.arrival import Dns
from ops.failover.calls import CALLS, OF_PRIMARY
from ops.failover.carrying import Carrying
from ops.failover.look import clients_in, config_of, look, sized, standby_of
from ops.failover.only_region import OnlyRegion
from ops.failover.planning import planned


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web failover", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options)
    options.add_argument("--region-lost", action="store_true", help="ask nothing of the primary region and us-east-1")
    options.add_argument("--force", action="store_true", help="go on although a precondition refuses it")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    calls = CALLS if options.region_lost else (*CALLS, *OF_PRIMARY)
    return command(options, "Failover", calls, lambda: failover(_prepared(options)))


def _prepared(options: argparse.Namespace) -> Operator:
    if options.region_lost and not options.outputs:
        raise OpsError(
            "--region-lost: give --outputs, or set HA_WEB_OUTPUTS, to the copy in the standby's bucket (`aws s3 ls` "
            "shows it), for the state may be in the region that is lost",
            NOT_ASKED,
        )
    return operator(options)


def failover(me: Operator, dns: Dns | None = None, clock: Clock | None = None) -> int:
    """Plan, ask and do it; return the exit code. Raises OpsError."""
    region = standby_of(me.stack).region
    if me.options.region_lost:
        me.account = OnlyRegion(me.account, region)
        here = {each: bucket for each, bucket in me.stack.records.items() if each == region}
        me.stack = replace(me.stack, records=here)
    with me.terminal.clock("reading what the failover function knows"):
        config = sized(config_of(me.stack, me.account), me.stack, me.account, region_lost=me.options.region_lost)
    dns = dns or Dns.of(me.stack, me.account, region)
    clients, show = clients_in(me.account, region), me.terminal.show
    over = me.options.take_over
    with Carrying(config, clients, dns, show, clock or Clock(), take_over=over) as carrying:
        return operate(me, lambda: planned(look(me, config, dns), force=me.options.force), carrying.do())
