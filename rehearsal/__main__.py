"""The commands behind `make up`, `make preview`, `make review`, `make drift`, `make down` and others.

Exit codes: 0 done, 1 failed; those of `review` and `drift` are the report's (`python -m review --help`), that
of `run` is the command's.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from rehearsal import picture, review, summary, turns
from rehearsal.base_commit import Base
from rehearsal.drill import command as drill
from rehearsal.emulator import process
from rehearsal.engine import Engine, EngineError, TerminatedError
from rehearsal.home import CHECKOUT, Home
from rehearsal.live import command as live
from rehearsal.live import pace
from rehearsal.pulumi_cli import CliError, ensure
from rehearsal.terminal import say


def get_ready(root: Path, project: Path) -> Engine:
    """The CLI, the plugin and the emulated AWS; the last starts while the first is found or built."""
    started: list[process.Emulator] = []
    root.mkdir(parents=True, exist_ok=True)
    turns.check_state(root)
    starting = threading.Thread(target=lambda: started.append(process.start(root, outlives=True)))
    starting.start()
    home = Home(root, ensure())
    home.prepare()
    starting.join()
    if not started:
        raise RuntimeError(f"the emulated AWS did not start; {root / 'emulator.log'} says why")
    [emulator] = started
    say(f"Emulated AWS at {emulator.endpoint} ({'started' if emulator.fresh else 'running'}, process {emulator.pid})")
    engine = Engine(home, emulator, project)
    engine.select()
    return engine


def up(args: argparse.Namespace) -> None:
    """Deploy the stack and show what is deployed."""
    began = time.monotonic()
    engine = get_ready(args.home, args.project)
    engine.up()
    say(summary.text(engine))
    say(f"\nDone in {time.monotonic() - began:.0f} s. `make live` brings it to life, `make down` takes it all away.")
    if args.live:
        start_live(args)


def start_live(args: argparse.Namespace) -> None:
    """Bring what stands to life: servers, balancers, stores and DNS run on this machine until `down`."""
    began = time.monotonic()
    if process.running(args.home) is None:
        raise RuntimeError("nothing is deployed: `make up` puts the stack up")
    found = live.running(args.home)
    plane = found or live.start(args.home, args.speed)
    say(f"The site is alive{'' if found else f' after {time.monotonic() - began:.0f} s'} (process {plane.pid}):")
    say(f"  site     {plane.site}")
    say(f"  console  {plane.console}")
    say(f"  DNS      dig @127.0.0.1 -p {plane.dns} NAME")
    say("`make drill` breaks it, one thing after the other; `make down` ends it. What is simulated: docs/live.md")


def preview(args: argparse.Namespace) -> None:
    """Show what an edit would change, and what the policy pack says of it."""
    get_ready(args.home, args.project).preview(policy_packs=review.packs_of(args.project))


def report(args: argparse.Namespace) -> int:
    """Report what an edit would change, against a commit or what is deployed."""
    wanted = review.Report(report_folder(args), args.base, accept_state_loss=args.accept_state_loss)
    if args.base is None:
        review.standing(args.home)
        return review.review(get_ready(args.home, args.project), wanted)
    return review.review_from_base(Home(args.home, ensure()), args.project, args.commit, wanted)


def drift(args: argparse.Namespace) -> int:
    """Report what in the account differs from the stack's state."""
    review.standing(args.home)
    wanted = review.Report(report_folder(args), drift=True)
    return review.review(get_ready(args.home, args.project), wanted)


def report_folder(args: argparse.Namespace) -> Path:
    """The folder of a report: --out, or one in the home."""
    folder: Path = args.out or args.home / args.command
    return folder.resolve()


def status(args: argparse.Namespace) -> None:
    """Show what is deployed."""
    if process.running(args.home) is None:
        say("Nothing runs: `make up` puts the stack up.")
        return
    say(summary.text(get_ready(args.home, args.project)))


def down(args: argparse.Namespace) -> None:
    """Destroy the stack and stop the emulated AWS."""
    if process.running(args.home) is None and not (args.home / "state").exists():
        say("Nothing is deployed and nothing runs.")
        return
    live.stop(args.home)
    engine = get_ready(args.home, args.project)
    if engine.exists():
        say("Turning deletion protection off, then destroying, as on a real stack:")
        try:
            engine.destroy()
        except EngineError:
            say("AWS deletes no primary while another region follows it: where users are at the standby, go back first")
            say("(docs/runbooks/failback.md), or start over with `make reset`.")
            raise
    process.stop(args.home)
    say("The emulated AWS is stopped.")


def reset(args: argparse.Namespace) -> None:
    """Start over: stop the emulated AWS and put the stack's state aside, whatever is in it."""
    live.stop(args.home)
    process.stop(args.home)
    aside = turns.put_aside(args.home)
    say(f"{f'The state is kept in {aside}' if aside else 'There is no state'}; `make up` starts over.")


def draw(args: argparse.Namespace) -> None:
    """Draw the stack's state as a picture."""
    engine = get_ready(args.home, args.project)
    args.file.write_text(picture.svg(engine.resources(), engine.outputs()))
    say(f"Drawn: {args.file}")


def cli(args: argparse.Namespace) -> None:  # noqa: ARG001 (one signature for all commands)
    """Get the Pulumi CLI and say which."""
    found = ensure()
    say(f"pulumi {found.version} ({found.origin})")


def run(args: argparse.Namespace) -> int:
    """Run a command whose AWS clients ask the emulated AWS, which is started for it if none runs."""
    home = Home(args.home, ensure())
    emulator = process.start(args.home)
    try:
        return subprocess.run(args.words, env=home.environment(emulator), check=False).returncode
    finally:
        if emulator.fresh:
            process.stop(args.home)


COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "up": up,
    "live": start_live,
    "drill": drill.run,
    "preview": preview,
    "review": report,
    "drift": drift,
    "status": status,
    "down": down,
    "reset": reset,
    "picture": draw,
    "cli": cli,
    "run": run,
}


BESIDE_OTHERS = ("cli", "run", "live", "drill")
"""Commands that leave the stack alone, so that others may be at work."""


def end(*_: object) -> None:
    """Have a command that is ended, by a CI that is cancelled say, clean up as after Ctrl-C."""
    raise TerminatedError


def speed(text: str) -> float:
    """Read a pace before anything is made."""
    try:
        return pace.checked(float(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main() -> int:
    """Run one command; errors end it with one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    home = Path(os.environ.get("HA_WEB_REHEARSAL_HOME", CHECKOUT / ".rehearsal"))
    parser.add_argument("--home", type=Path, default=home, help="folder for state, plugin and emulator")
    parser.add_argument("--project", type=Path, default=CHECKOUT, help="folder of the Pulumi project")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=(function.__doc__ or "").splitlines()[0])
        if name == "run":
            command.add_argument("words", nargs=argparse.REMAINDER, help="the command and its arguments")
        if name in ("up", "live"):
            command.add_argument("--speed", type=speed, default=1.0, help="AWS's seconds in one of this machine; 1")
        if name == "drill":
            drill.add_arguments(command)
        if name == "up":
            command.add_argument("--live", action="store_true", help="bring it to life, too")
        if name == "picture":
            command.add_argument("file", type=Path, help="the SVG to write")
        if name in ("review", "drift"):
            command.add_argument("--out", type=Path, help="folder for the report and the engine's events")
        if name == "review":
            command.add_argument("--base", help="a commit to compare with; without it what `up` deployed")
            command.add_argument("--accept-state-loss", action="store_true", help="no failure for state that goes")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, end)
    try:
        if getattr(args, "base", None) is not None:
            args.commit = Base.find(args.project, args.base)  # an unknown one is refused before anything is made
        with nullcontext() if args.command in BESIDE_OTHERS else turns.turn(args.home, args.command):
            return COMMANDS[args.command](args) or 0
    except (CliError, EngineError, process.EmulatorError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
