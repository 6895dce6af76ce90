"""`make bench`: ratios of one run. Times of one machine at one moment mean little, so no number stands alone."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import peers, previews, projects, ratios, report, startup, state
from bench.report import Row, say
from bench.rig import Rig, rig
from rehearsal.engine import EngineError

STARTUP_PAIRS = 3
IMPORTS_TARGET = 1.10
"""Our own code, its settings and what else it imports may cost a tenth of the SDK's classes that it registers."""


def startup_rows(site: Path, types: set[str]) -> Iterator[Row]:
    """Imports, settings and arguments of the program, against the SDK alone."""
    code, classes = startup.whole(site / "__main__.py", projects.site_values(site)), startup.sdk_of(types)
    floors = {
        "import pulumi_aws": ("start-up of the program", code, startup.BARE, None),
        "its SDK classes": ("start-up, its SDK classes loaded", f"{code}\n{classes}", classes, IMPORTS_TARGET),
    }
    for name, (what, ours, floor, target) in floors.items():
        say(f"Starting the program and `{name}`, {STARTUP_PAIRS} times each ...")
        pairs = ratios.measure(partial(startup.spent, ours, site), partial(startup.spent, floor, site), STARTUP_PAIRS)
        yield report.row_of(what, pairs, name, target)


def rows_of(rig: Rig, cdk: peers.Cdk | None) -> tuple[list[Row], str, list[str]]:
    """Everything that is measured: rows, where a preview goes, and what a reader must know of it."""
    say("Writing prod flat and comparing both plans ...")
    both, types = previews.site(rig)
    site = both.ours.engine.project
    fleets, busy = previews.fleet_rows(rig)
    ours = [previews.site_row(both), previews.parts_row(rig, both.ours), previews.policies_row(both.ours)]
    profile = report.profile_table(*previews.profile(both.ours))
    rows = [*ours, *startup_rows(site, types), *fleets]
    notes = [
        *busy,
        "flat: the same resources, one constructor call each, with the same references and options; both plans were "
        "compared, input by input",
        f"other: a preview plans {both.ours.created} resources of prod with its components, {both.flat.created} flat, "
        "the stack included; all of them on the emulated aws plugin with an empty stack",
    ]
    if cdk:
        row, note = peers.row(cdk, both.ours, both.resources)
        rows.append(row)
        notes.append(note)
    rows.append(previews.warm_row(rig))
    return rows, profile, notes


def main() -> int:
    """Measure, print, and tell by the exit code only whether it could be measured: a target missed is no error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--peers", action="store_true", help="also compare with the AWS CDK, which is installed for it")
    parser.add_argument("--state", action="store_true", help="only measure what it costs to keep the state in S3")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all numbers into this file")
    args = parser.parse_args()
    began = time.monotonic()
    try:
        cdk = peers.ready() if args.peers else None
        with rig() as where:
            if args.state:
                rows, notes = state.rows(where)
                profile = ""
            else:
                rows, profile, notes = rows_of(where, cdk)
    except EngineError as error:
        print(f"error: {error}\n{error.output[-3000:]}", file=sys.stderr)
        return 1
    except (RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join(["", report.table(rows), "", profile, "", *notes, report.machine_line()]))
    say(f"Measured in {time.monotonic() - began:.0f} s.")
    if args.json:
        args.json.write_text(json.dumps(report.as_json(rows, notes), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
