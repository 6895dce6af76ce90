"""`make drill`: reads its arguments, runs a drill on the live plane of a home, writes the report.

Exit codes: 0 every promise was kept, 1 one was missed, 2 the drill is void or could not run.
"""

import argparse
import asyncio
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rehearsal.drill import change, measured
from rehearsal.drill.drill import Director, Settings
from rehearsal.drill.plane import BREAKS, SHOWN_BY, SOCKET, Plane, PlaneError
from rehearsal.drill.report.page import page
from rehearsal.drill.report.shape import Drill
from rehearsal.drill.report.table import table
from rehearsal.drill.scenarios.catalogue import BY_NAME, CONTROL, SCENARIOS, UnknownScenarioError, chosen
from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Cloud
from rehearsal.drill.users import Users
from rehearsal.emulator import process
from rehearsal.engine import Engine
from rehearsal.home import Home
from rehearsal.pulumi_cli import ensure
from rehearsal.terminal import say

KEPT, MISSED, VOID = 0, 1, 2
RATE = 60.0
"""Visits a second: enough for a short failure to be seen, and a quarter of a core for the whole site."""
MOST_RATE = 2000.0
"""Visits a second that one process can make."""
USERS = 150
NOTHING = "nothing to break: `make up` and `make live` first"
CODES = {"met": KEPT, "missed": MISSED, "void": VOID}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the drill's arguments."""
    parser.add_argument("--list", action="store_true", help="name the scenarios and what each breaks")
    parser.add_argument(
        "--scenario", action="append", default=[], help="only this one and the control; may be repeated"
    )
    parser.add_argument("--seed", type=int, help="chooses targets and moments; without it a new one, which is printed")
    parser.add_argument("--rate", type=float, default=RATE, help=f"visits a second ({RATE:g})")
    parser.add_argument("--fastest", type=float, default=float("inf"), help="the fastest pace, for a busy machine")
    parser.add_argument("--break", dest="mistakes", action="append", default=[], choices=sorted(BREAKS))
    parser.add_argument("--out", type=Path, help="folder for drill.json and drill.html; without it `drill` of the home")
    parser.add_argument("--pull-request", metavar="BASE", help="put this commit up, then the working tree under load")
    parser.add_argument("--accept", action="store_true", help="write what was measured into measured.json")


def run(args: argparse.Namespace) -> int:
    """Run a drill; return the exit code."""
    if args.list:
        say(listing())
        return KEPT
    if args.mistakes and not args.scenario:
        args.scenario = [name for mistake in args.mistakes for name in SHOWN_BY[mistake]]
    if wrong := _wrong(args):
        say(f"error: {wrong}")
        return VOID
    try:
        scenarios = chosen(args.scenario)
    except UnknownScenarioError as error:
        say(f"error: {error}")
        return VOID
    emulator = process.running(args.home)
    if emulator is None or not (args.home / SOCKET).exists():
        say(f"error: {NOTHING}")
        return VOID
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(10_000)
    folder = (args.out or args.home / "drill").resolve()
    engine = Engine(Home(args.home, ensure()), emulator, args.project)
    if args.pull_request:
        base = change.put_up_base(engine, args.pull_request, say)
        scenarios = [BY_NAME[CONTROL], change.scenario(engine, base)]
    outputs = engine.outputs()
    say(f"Seed {seed}, {args.rate:g} visits a second, {len(scenarios)} scenarios (SEED={seed} runs them again)")
    try:
        settings = Settings(seed, args.rate, args.fastest, args.mistakes)
        drill = asyncio.run(_run(args, outputs, settings, emulator, scenarios))
    except PlaneError as error:
        say(f"error: {error}")
        return VOID
    write(folder, drill)
    say(f"\n{table(drill)}\n\nReport: {folder / 'drill.html'}, {folder / 'drill.json'}")
    if args.accept:
        say(measured.accept(args.project / measured.FILE, drill))
    return CODES[drill["verdict"]]


def _wrong(args: argparse.Namespace) -> str:
    """Say which number can't be; nothing if all can."""
    if not 0 < args.rate <= MOST_RATE:
        return f"--rate {args.rate:g}: not above 0 and up to {MOST_RATE:g} visits a second"
    if not args.fastest > 0:
        return f"--fastest {args.fastest:g}: not above 0 seconds at AWS in one here"
    return ""


async def _run(
    args: argparse.Namespace,
    outputs: dict[str, Any],
    settings: Settings,
    emulator: process.Emulator,
    scenarios: Sequence[Scenario],
) -> Drill:
    if "site" not in outputs:
        raise PlaneError(f"{NOTHING}: the stack has no resources")
    plane = Plane(args.home)
    folder = (args.home / "live").resolve()
    users = Users(plane, folder, str(outputs["site"]), folder / "authority" / "bundle.pem", settings.seed, USERS)
    try:
        return await Director(plane, users, Cloud(emulator), outputs, settings, say).run(scenarios)
    finally:
        await plane.aclose()


def write(folder: Path, drill: Drill) -> None:
    """Write the report's files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "drill.json").write_text(json.dumps(drill, indent=1) + "\n")
    (folder / "drill.html").write_text(page(drill))


def listing() -> str:
    """All scenarios and all mistakes, with what each is."""
    width = max(len(each.name) for each in SCENARIOS)
    lines = [f"  {each.name:<{width}}  {each.breaks}" for each in SCENARIOS]
    mistakes = [f"  {name:<{width}}  {text}" for name, text in BREAKS.items()]
    return "\n".join(["Scenarios", *lines, "", "Mistakes (--break), whose damage the report shows", *mistakes])
