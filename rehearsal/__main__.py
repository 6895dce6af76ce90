"""The commands behind `make up`, `make preview`, `make down`, `make status`, `make picture`."""

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rehearsal import picture, summary
from rehearsal.emulator import process
from rehearsal.engine import Engine, EngineError
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import CliError, ensure


def say(line: str) -> None:
    """One line of progress."""
    print(line, flush=True)


def get_ready(root: Path, project: Path) -> Engine:
    """The CLI, the plugin and the emulated AWS; the last starts while the first is found or built."""
    started: list[process.Emulator] = []
    root.mkdir(parents=True, exist_ok=True)
    starting = threading.Thread(target=lambda: started.append(process.start(root)))
    starting.start()
    home = Home(root, ensure(say))
    home.prepare()
    starting.join()
    if not started:
        raise RuntimeError(f"the emulated AWS did not start; {root / 'emulator.log'} tells why")
    [emulator] = started
    say(f"Emulated AWS at {emulator.endpoint} ({'started' if emulator.fresh else 'running'}, process {emulator.pid})")
    engine = Engine(home, emulator, project)
    engine.select()
    return engine


def up(args: argparse.Namespace) -> None:
    """Put the stack up and show what stands."""
    began = time.monotonic()
    engine = get_ready(args.home, args.project)
    engine.up()
    print(summary.text(engine))
    say(f"\nDone in {time.monotonic() - began:.0f} s. `make preview` shows edits, `make down` takes it all away.")


def preview(args: argparse.Namespace) -> None:
    """Show what an edit would change."""
    get_ready(args.home, args.project).preview()


def status(args: argparse.Namespace) -> None:
    """Show what stands."""
    if process.running(args.home) is None:
        say("Nothing runs: `make up` puts the stack up.")
        return
    print(summary.text(get_ready(args.home, args.project)))


def down(args: argparse.Namespace) -> None:
    """Destroy the stack and stop the emulated AWS."""
    if process.running(args.home) is None and not (args.home / "state").exists():
        say("Nothing stands and nothing runs.")
        return
    engine = get_ready(args.home, args.project)
    if engine.exists():
        say("Turning deletion protection off, then destroying, as on a real stack:")
        engine.destroy()
    process.stop(args.home)
    say("The emulated AWS is stopped.")


def draw(args: argparse.Namespace) -> None:
    """Draw the stack's state as a picture."""
    engine = get_ready(args.home, args.project)
    args.file.write_text(picture.svg(engine.resources(), engine.outputs()))
    say(f"Drawn: {args.file}")


def cli(args: argparse.Namespace) -> None:  # noqa: ARG001 (one signature for all commands)
    """Get the Pulumi CLI and say which."""
    found = ensure(say)
    say(f"pulumi {found.version} ({found.origin})")


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "up": up,
    "preview": preview,
    "status": status,
    "down": down,
    "picture": draw,
    "cli": cli,
}


def main() -> int:
    """Run one command; errors end it with one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    home = Path(os.environ.get("HA_WEB_REHEARSAL_HOME", CHECKOUT / ".rehearsal"))
    parser.add_argument("--home", type=Path, default=home, help="folder for state, plugin and emulator")
    parser.add_argument("--project", type=Path, default=CHECKOUT, help="folder of the Pulumi project")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=(function.__doc__ or "").splitlines()[0])
        if name == "picture":
            command.add_argument("file", type=Path, help="the SVG to write")
    args = parser.parse_args()
    try:
        COMMANDS[args.command](args)
    except (CliError, EngineError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
