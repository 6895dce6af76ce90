"""The command: `python -m review EVENTS.jsonl --stack prod --output report.md`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from review.assess.components import kind
from review.assess.cost import Cost
from review.assess.verdict import Code
from review.page.report import Options, Review, headline, review_of, whole, within
from review.plan.build import plan_of
from review.plan.dependencies import dependencies_in
from review.plan.events import UnreadableError, read
from review.plan.model import Operation, Plan

LEAST = 30_000
"""Characters that always hold the headline and the part to review first."""

EPILOG = """\
exit codes, the first that holds:
  1  the preview failed (the report shows why), or the input can't be read
  4  with --drift: the account differs from the program
  3  something that holds state is replaced, deleted or forgotten, without --accept-state-loss
  2  a mandatory policy is violated
  0  fine to merge

EVENTS is what `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json` prints. Without the variable the engine
prints one document without policies; that works too, and the report says what is missing.
"""


class Parser(argparse.ArgumentParser):
    """Ends with the code of a failure on wrong arguments: argparse's own, 2, means a violated policy here."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments."""
        self.exit(Code.FAILED, f"{self.prog}: {message}\n")


def parser() -> Parser:
    """The command's arguments."""
    made = Parser(
        "python -m review", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("events", metavar="EVENTS", help="file with the engine's events; - reads standard input")
    made.add_argument(
        "--stack", metavar="NAME", help="the stack's name, for the title and the marker; from the events by default"
    )
    made.add_argument(
        "--base", metavar="NAME", default="", help="name of what the preview compares with, for the title"
    )
    made.add_argument("--output", metavar="FILE", type=Path, help="file for the report; standard output by default")
    made.add_argument(
        "--limit",
        metavar="N",
        type=int,
        default=60_000,
        help=f"most characters of the report, at least {LEAST}; 60000 by default",
    )
    made.add_argument("--full", metavar="FILE", type=Path, help="file for the uncut report")
    made.add_argument("--full-url", metavar="URL", default="", help="where readers find the full report")
    made.add_argument("--accept-state-loss", action="store_true", help="report loss of state, but don't stop for it")
    made.add_argument(
        "--drift", action="store_true", help="for a preview with --refresh: exit code 4 if anything differs"
    )
    made.add_argument("--plan", metavar="FILE", type=Path, help="file of --save-plan: more arrows in the picture")
    made.add_argument("--json", metavar="FILE", type=Path, help="file for the numbers and the verdict as JSON")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Read, review, write; return the exit code."""
    command = parser()
    given = command.parse_args(arguments)
    if given.limit < LEAST:
        command.error(f"--limit {given.limit}: the headline and the part to review first need {LEAST} characters")
    try:
        review = reviewed(given)
    except (UnreadableError, OSError, UnicodeDecodeError) as error:
        print(f"review: {given.events}: {error}", file=sys.stderr)
        return Code.FAILED
    write(given, review)
    return review.verdict.code


def reviewed(given: argparse.Namespace) -> Review:
    """The review of the events that the arguments name."""
    text = sys.stdin.read() if given.events == "-" else Path(given.events).read_text(encoding="utf-8")
    try:
        plan = plan_of(read(text), dependencies_in(given.plan))
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"an event isn't in the engine's shape ({type(error).__name__}: {error})") from error
    options = Options(given.stack or stack_of(plan), given.base, given.accept_state_loss, given.drift)
    return review_of(plan, options)


def stack_of(plan: Plan) -> str:
    """The stack's name, which every URN has."""
    return plan.steps[0].urn.split("::")[0].removeprefix("urn:pulumi:") if plan.steps else "unknown"


def write(given: argparse.Namespace, review: Review) -> None:
    """Write the files that the arguments ask for, and print the report or its headline."""
    report = within(review, given.limit, pointer(given))
    if given.output:
        given.output.write_text(report, encoding="utf-8")
        print(headline(review))
    else:
        print(report, end="")
    if given.full:
        given.full.write_text(whole(review), encoding="utf-8")
    if given.json:
        given.json.write_text(json.dumps(summary(review), indent=2) + "\n", encoding="utf-8")


def pointer(given: argparse.Namespace) -> str:
    """Sentence that says where the full report is."""
    if given.full_url:
        return f"[The full report]({given.full_url})."
    return f"The full report is in the artifact `{given.full.name}`." if given.full else "`--full` writes all of it."


def summary(review: Review) -> dict[str, Any]:
    """Numbers and verdict for a pipeline."""
    counts = review.plan.counts()
    return {
        "stack": review.options.stack,
        "exit_code": int(review.verdict.code),
        "verdict": review.verdict.words,
        "headline": headline(review),
        "counts": {str(each): counts[each] for each in Operation},
        "state_lost": [
            {"urn": x.step.urn, "operation": x.step.operation, "kind": kind(x.step.type)} for x in review.losses
        ],
        "interruptions": [each.step.urn for each in review.interruptions],
        "openings": [{"urn": x.step.urn, "from": x.rule.source, "to": x.rule.ports} for x in review.openings],
        "drifted": [step.urn for step in review.plan.drifted],
        "mandatory": len(review.findings.mandatory),
        "advisory": len(review.findings.touched) + len(review.findings.standing),
        "monthly_cost": costs(review.cost),
    }


def costs(cost: Cost) -> dict[str, float | None]:
    """The two sums."""
    return {"before": cost.before, "after": cost.after}


if __name__ == "__main__":
    sys.exit(main())
