"""The objectives at AWS Resilience Hub: the same declaration, a second judge.

show     what the hub judges of each objective beside what is computed from the settings, and where they differ; of
         each of the hub's own tests the newest run, with the time until all of its alarms were well again
declare  makes or changes the hub's policy and service of the site from the stack's objectives, with an assertion for
         each failure; what others have made there stays. It finds the resources by the tag ha-web:stack (--tag). With
         the setting resilienceHub an `up` does all that, and nothing is left to do here.
assess   has the hub judge the site anew; AWS charges for that, and the plan says what it estimates

The hub knows whole minutes: an objective is rounded up. It is asked in the primary's Region. A run of its tests
measures a whole recovery, as coarsely as alarms do; measured.json has single steps that recoveries are added up from.
So no run is written there: a drill measures the steps.

Exit codes: 0 done, or the judges agree; 1 not done or refused, or they differ, 2 wrong usage, 3 it could not be asked,
4 somebody else is at work, 130 interrupted.
"""

import argparse
from collections.abc import Sequence

from ops.core.entry import command
from ops.core.errors import DONE, NOT_DONE
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.plan import Plan, Step
from ops.hub.carrying import ASSESSING, DECLARING, Carrying
from ops.hub.comparing import document, lines
from ops.hub.declared import declared
from ops.hub.look import LOOKING, look
from ops.hub.planning import ASSESS, Known, planned


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web hub", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    does = options.add_subparsers(dest="does", required=True, metavar="show|declare|assess")
    add_options(does.add_parser("show", help="show both judgements, and where they differ"), changes=False)
    one = does.add_parser("declare", help="tell the hub what the stack declares")
    add_options(one)
    one.add_argument("--role", default="", help="name of the IAM role that the hub looks with, for a new service")
    one.add_argument("--tag", default="", help="value of the tag ha-web:stack; the stack's name by default")
    add_options(does.add_parser("assess", help="have the hub judge the site anew"))
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    rights, work = {
        "show": ((), show),
        "declare": (DECLARING, declare),
        "assess": (ASSESSING, assess),
    }[options.does]
    return command(options, "Hub", (*LOOKING, *rights), lambda: work(operator(options)))


def show(me: Operator) -> int:
    """Show both judgements; 1 if they differ. Raises OpsError."""
    known = look(me, declared(me.stack).name)
    found = document(me.stack, known.service, known.assessment, known.runs)
    if me.options.json:
        me.terminal.document(found)
    else:
        for line in lines(found):
            me.terminal.say(line)
    return NOT_DONE if any(row["difference"] for row in (*found["objectives"], *found["tests"])) else DONE


def declare(me: Operator) -> int:
    """Plan, ask and declare; return the exit code. Raises OpsError."""
    wanted, tag, role = declared(me.stack), me.options.tag or me.options.stack, me.options.role
    carrying = Carrying(me, wanted, look(me, wanted.name), tag, role)
    return operate(me, lambda: planned(wanted, carrying.known, tag, role), carrying.do())


def assess(me: Operator) -> int:
    """Plan, ask and have it judged; return the exit code. Raises OpsError."""
    wanted = declared(me.stack)
    known = look(me, wanted.name)
    return operate(me, lambda: assessing(known, wanted.name), Carrying(me, wanted, known, "", "").do())


def assessing(known: Known, name: str) -> Plan:
    """Return the plan of an assessment."""
    if not known.service:
        return Plan("hub assess", refused=(f"the hub has no service {name}: `ha-web hub declare` first",))
    if known.service.get("assessmentStatus") in ("PENDING", "IN_PROGRESS"):
        return Plan("hub assess", notes=("an assessment is under way",))
    cost = known.service.get("estimatedAssessmentCost") or {}
    notes = [f"the hub estimates {cost['amount']:g} {cost.get('currency', 'USD')}"] if "amount" in cost else []
    return Plan("hub assess", (Step(ASSESS, f"have Resilience Hub judge {name}"),), tuple(notes))
