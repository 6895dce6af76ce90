"""Show which version each region serves, watch a release, end it, or go back to the version before.

`rollback` takes back the releases under way, with AWS's own rollback. Where none is, it lets each region serve what it
served before its last release: the standby first, then the primary, new servers before old ones go. It needs neither
Pulumi nor its state, and ends with the commands that keep Pulumi from releasing the bad version again.

Exit codes: 0 each region serves one version, or it is done; 1 a release is under way, has failed or left two versions,
or it was not done; 3 it could not be asked, 4 somebody else is at work, 130 interrupted: AWS goes on.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence

from ops.core.entry import command
from ops.core.errors import DONE, NOT_ASKED, NOT_DONE, OpsError
from ops.core.operate import Operator, add_options, operate, operator
from ops.core.policy import Call
from ops.release.carrying import CANCELS, EVERY, GOES_BACK, OPERATES, Carrying
from ops.release.facts import Facts
from ops.release.history import way_back
from ops.release.lines import document, history_lines, last, status_lines, under_way
from ops.release.look import LAUNCHES, READS, gone, look
from ops.release.planning import BOTH, Wish, asked, planned_cancel, planned_rollback

NEXT = 60.0
"""Seconds after a region's release in which the other's may begin."""


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    each = options.add_subparsers(dest="what", required=True, metavar="status|history|watch|cancel|rollback")
    status = each.add_parser("status", help="what each region serves, and whether a release is under way")
    history = each.add_parser("history", help="all that AWS remembers to have been served")
    watch = each.add_parser("watch", help="show how far the release is, until it ends")
    cancel = each.add_parser("cancel", help="end the release where it is; replaced servers stay")
    rollback = each.add_parser("rollback", help="go back to the version before")
    for parser in (status, history, watch):
        add_options(parser, changes=False)
    for parser in (cancel, rollback):
        add_options(parser)
        parser.add_argument("--only", choices=("primary", "standby", BOTH), default=BOTH, help="the region; both")
    for parser in (history, rollback):
        parser.add_argument("--back", type=int, default=1, help="how many releases to go back; 1 by default")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    calls, work = WORK[options.what]
    return command(options, f"Release{options.what.capitalize()}", calls, lambda: work(operator(options)))


def status(me: Operator) -> int:
    """Show what each region serves."""
    facts = look(me.stack, me.account, brief=True)
    return _shown(me, facts, [*status_lines(facts)])


def history(me: Operator) -> int:
    """Show what each region has served."""
    _check_back(me)
    facts = look(me.stack, me.account, brief=True)
    code = _shown(me, facts, [*history_lines(facts, me.options.back, me.options.stack)])
    return DONE if code == NOT_DONE else code


def _shown(me: Operator, facts: Facts, lines: Sequence[str]) -> int:
    if me.options.json:
        me.terminal.document(document(facts))
    else:
        me.terminal.say("\n".join(lines))
    if all(each.silent for each in facts.regions):
        return NOT_ASKED
    return DONE if all(each.is_whole for each in facts.regions) else NOT_DONE


def watch(me: Operator, sleep: Callable[[float], None] = time.sleep, patience: float = NEXT) -> int:
    """Show how far the release is, until no region has one under way."""
    seen: set[str] = set()
    waited = 0.0
    while True:
        facts = look(me.stack, me.account)
        busy = [each for each in facts.regions if each.refresh]
        if not busy and (not seen or len(seen) == len(facts.regions) or waited > patience):
            break
        waited = 0.0 if busy else waited + EVERY
        seen |= {each.role for each in busy}
        for each in busy:
            me.terminal.show(f"{each.region}: {under_way(each)}")
        sleep(EVERY)
    ended = [each for each in facts.regions if each.role in seen]
    if me.options.json:
        me.terminal.document(document(facts))
    for each in ended:
        me.terminal.say(f"{each.region}: {last(each)}; new servers start from version {each.number}")
    if not ended:
        me.terminal.say("No release is under way.")
    good = all((each.last or {}).get("Status") == "Successful" for each in ended)
    return DONE if good and not any(each.silent for each in facts.regions) else NOT_DONE


def cancel(me: Operator) -> int:
    """End the release where it is."""
    wish = Wish(only=me.options.only, stack=me.options.stack)
    return operate(me, lambda: planned_cancel(_heard(me, wish), wish), _carrying(me).do())


def rollback(me: Operator) -> int:
    """Go back."""
    _check_back(me)
    wish = Wish(me.options.back, me.options.only, me.options.stack)
    return operate(me, lambda: planned_rollback(_launchable(me, _heard(me, wish), wish), wish), _carrying(me).do())


def _carrying(me: Operator) -> Carrying:
    return Carrying(me.stack, me.account, me.terminal.show)


def _check_back(me: Operator) -> None:
    if me.options.back < 1:
        raise OpsError(f"--back is {me.options.back}; it counts from 1", NOT_ASKED)


def _heard(me: Operator, wish: Wish) -> Facts:
    """Return what is known. Raises OpsError where no region that is meant answers."""
    facts = look(me.stack, me.account)
    meant = asked(facts, wish)
    if not meant:
        raise OpsError(f"--only {wish.only}: the stack has no {wish.only}", NOT_ASKED)
    if all(each.silent for each in meant):
        raise OpsError("; ".join(f"{each.region}: {each.silent}" for each in meant), NOT_ASKED)
    return facts


def _launchable(me: Operator, facts: Facts, wish: Wish) -> Facts:
    """Add which of the versions to go back to can't be launched any more."""
    found: dict[str, str] = {}
    for each in asked(facts, wish):
        target = way_back(each.releases, wish.back)
        if each.is_whole and each.launches and target is not None:
            version = type(each.launches)(each.launches.template, str(target))
            if why := gone(me.account, each, version):
                found[f"{each.role} {target}"] = why
    return Facts(facts.regions, found)


WORK: Mapping[str, tuple[tuple[Call, ...], Callable[[Operator], int]]] = {
    "status": (READS, status),
    "history": (READS, history),
    "watch": (READS, watch),
    "cancel": ((*READS, *CANCELS, *OPERATES), cancel),
    "rollback": ((*READS, *LAUNCHES, *GOES_BACK, *OPERATES), rollback),
}
"""What each does, and the calls that it makes."""
