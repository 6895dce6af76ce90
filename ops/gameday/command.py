"""Break the primary on purpose, in the real account, and measure what users see beside what is promised.

list            shows the experiments of the stack, and what is expected of each
start SCENARIO  computes what is expected, refuses while that can't be lost, asks, starts the experiment of AWS Fault
                Injection Service, and asks the site until all is answered again. It ends an experiment that takes
                longer than twice what is promised and a minute; an alarm ends most of them before. What was measured
                is written to --out, as a drill writes it: `ha-web report --drill FILE` shows it.
stop            ends the experiments that run
report FILE     shows what a game day, or a drill, has left

A stack has experiments with the setting gameDay. After an interruption `start` goes on with the experiment that runs.

Exit codes: 0 done, 1 not done, refused, or what is promised was not kept, 2 wrong usage, 3 it could not be asked,
4 somebody else is at work, 130 interrupted.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ops.core.entry import command
from ops.core.errors import DONE, DOWN, NOT_ASKED, NOT_DONE, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.policy import calls
from ops.gameday.carrying import Carrying, ending
from ops.gameday.document import MISSED, VOID, lines
from ops.gameday.look import LOOKING, breaks, game_day_of, look, running, template_of
from ops.gameday.measuring import Asker
from ops.gameday.planning import expected, planned, stopping, told
from ops.report.sources import drill
from ops.status.readings.every import CALLS

EVERY, FASTEST = 0.5, 0.05
STOPPING = calls({"fis": "list_experiments stop_experiment", "s3": "get_object put_object delete_object"})
STARTING = (*CALLS, *LOOKING, *calls({"fis": "start_experiment get_experiment tag_resource"}), *STOPPING)


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web gameday", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    does = options.add_subparsers(dest="does", required=True, metavar="list|start|stop|report")
    one = does.add_parser("list", help="show the experiments, and what is expected of each")
    add_options(one, changes=False)
    one = does.add_parser("start", help="start an experiment, and measure")
    one.add_argument("scenario", metavar="SCENARIO", help="what to break; `list` names them")
    add_options(one)
    one.add_argument("--url", default="", help="what to ask; https://SITE/ by default")
    one.add_argument("--every", type=float, default=EVERY, help=f"seconds between two requests; {EVERY} by default")
    one.add_argument("--out", default="", help="the file; gameday-SCENARIO-TIME.json by default")
    one.add_argument("--force", action="store_true", help="break it although the site isn't well")
    one = does.add_parser("stop", help="end the experiments that run")
    add_options(one)
    one = does.add_parser("report", help="show what a game day has left")
    one.add_argument("files", nargs="+", metavar="FILE", help="what `start` wrote")
    one.add_argument("--json", action="store_true", help="print the documents as they are")
    one.set_defaults(policy=False)
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    rights, work = {
        "list": (LOOKING, lambda: show(operator(options))),
        "start": (STARTING, lambda: start(operator(options))),
        "stop": (STOPPING, lambda: stop(operator(options))),
        "report": ((), lambda: report(options)),
    }[options.does]
    return command(options, "GameDay", rights, work)


def show(me: Operator) -> int:
    """Show the experiments. Raises OpsError."""
    known, under_way = game_day_of(me), running(me)
    found = {
        name: {
            "template": template,
            "breaks": breaks(me, name),
            "expected": told(expected(me.stack, name)),
            "running": under_way.get(name),
        }
        for name, template in sorted(known["templates"].items())
    }
    if me.options.json:
        me.terminal.document({"region": known["region"], "zone": known["zone"], "experiments": found})
        return DONE
    me.terminal.say(f"Experiments in {known['region']}; the zone is {known['zone']}.")
    for name, each in found.items():
        state = f" It runs: {each['running']}." if each["running"] else ""
        me.terminal.say(f"{name}: {each['breaks'] or 'its template is gone: `pulumi up` makes it again.'}{state}")
        me.terminal.say(f"  expected: {each['expected']}")
    return DONE


def start(me: Operator, asker: Asker | None = None, **parts: Any) -> int:
    """Plan, ask and do it; return the exit code. Raises OpsError."""
    options = me.options
    if options.every < FASTEST:
        raise OpsError(f"--every is {options.every:g}; it must be {FASTEST:g} or more, this is no test of load", DOWN)
    template_of(me, options.scenario)
    out = Path(options.out or f"gameday-{options.scenario}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.json")
    if not out.parent.is_dir():
        raise OpsError(f"--out {out}: there is no folder {out.parent}", NOT_ASKED)

    def write(found: dict[str, Any]) -> str:
        try:
            out.write_text(json.dumps(found, indent=1) + "\n")
        except OSError as error:
            me.terminal.document(found)  # nobody shall have broken something for nothing
            raise OpsError(f"--out {out}: {error.strerror}; what was measured is above") from None
        return f"{out} has what was measured"

    facts = look(me, options.scenario)
    asker = asker or Asker(options.url or f"https://{me.stack.site}/", options.every)
    carrying = Carrying(
        *(me, options.scenario, expected(me.stack, options.scenario), facts.breaks, write, asker),
        experiment=facts.running.get(options.scenario, ""),
        **parts,
    )
    do = carrying.do()
    if options.dry_run:
        return operate(me, lambda: planned(options.scenario, me.stack, facts, force=options.force), do)
    with asker:
        return operate(me, lambda: planned(options.scenario, me.stack, facts, force=options.force), do)


def stop(me: Operator) -> int:
    """End what runs. Raises OpsError."""
    game_day_of(me)
    return operate(me, lambda: stopping(running(me, ending=False)), ending(me))


def report(options: argparse.Namespace) -> int:
    """Show documents; 1 if one of them missed what is promised. Raises OpsError."""
    found = [drill(Path(each), "FILE") for each in options.files]
    if options.json:
        print(json.dumps(found if len(found) > 1 else found[0], indent=1))
    else:
        print("\n".join(line for file, each in zip(options.files, found, strict=True) for line in _lines(file, each)))
    return NOT_DONE if any(each["verdict"] in (MISSED, VOID) for each in found) else DONE


def _lines(file: str, found: Any) -> list[str]:
    try:
        return lines(found)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise OpsError(f"FILE {file}: can't be shown, it has no {error}", NOT_ASKED) from None
