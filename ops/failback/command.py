"""Send users back to the primary region: its servers, its stores in step and primary again, then the switch.

It stops the automation before and starts it after. What is back already, by hand or by a run that was interrupted, is
left out. Both regions and us-east-1 must be well. What no call can do is said as a note for a person.

Exit codes: 0 users are at the primary, 1 not done or refused, 3 it could not be asked, 4 somebody else is at work,
130 interrupted.
"""

import argparse
from collections.abc import Sequence

from ha_web.failover.runtime.apply import Clock

from ops.core.entry import command
from ops.core.operate import Operator, add_options, operate, operator
from ops.failback.calls import CALLS
from ops.failback.carrying import Carrying
from ops.failback.look import Places, look
from ops.failback.planning import Options, planned
from ops.failover.arrival import Dns
from ops.failover.look import config_of


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web failback", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(options)
    options.add_argument("--force", action="store_true", help="go on although a precondition refuses it")
    options.add_argument(
        "--give-up-sessions", action="store_true", help="delete the standby's session store if it stands alone"
    )
    options.add_argument(
        "--files-copied", action="store_true", help="let the standby's files be overwritten: they are copied back"
    )
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return command(options, "Failback", CALLS, lambda: failback(operator(options)))


def failback(me: Operator, dns: Dns | None = None, clock: Clock | None = None) -> int:
    """Plan, ask and do it; return the exit code. Raises OpsError."""
    with me.terminal.clock("reading what the failover function knows"):
        config = config_of(me.stack, me.account)
        places = Places.of(me, config)
        found = places.standby("lambda").get_function_configuration(FunctionName=me.stack.function)
    function, dns = str(found["FunctionArn"]), dns or Dns.of(me.stack, me.account, config.region)
    given = me.options
    decided = Options(given.force, given.give_up_sessions, given.files_copied)
    with Carrying(places, function, dns, me.terminal.show, clock or Clock(), given.take_over) as carrying:
        return operate(me, lambda: planned(look(places, function, dns), decided), carrying.do())
