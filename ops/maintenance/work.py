"""What `maintenance` does: looks, plans, asks, and carries it out. Apart from the command, whose help needs no SDK."""

from ops.core.operate import Operator, operate
from ops.maintenance.carrying import Carrying
from ops.maintenance.look import look
from ops.maintenance.page import page_of
from ops.maintenance.planning import ON, off, on


def maintenance(me: Operator) -> int:
    """Plan, ask and do it; return the exit code. Raises OpsError."""
    options = me.options
    page = page_of(options.message)
    if options.action == ON:
        return operate(me, lambda: on(look(me.stack, me.account, options.keep), page), Carrying(me).do())
    return operate(me, lambda: off(look(me.stack, me.account), force=options.force), Carrying(me).do())
