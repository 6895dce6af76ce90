"""The load as a process: `python -m rehearsal.drill.load --site www.example.com --out FILE`."""

import argparse
import asyncio
import gc
import signal
from pathlib import Path

from rehearsal.drill.load.runner import Load, Options, run


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(prog="python -m rehearsal.drill.load", description=__doc__)
    made.add_argument("--site", required=True, help="the site's name")
    made.add_argument("--port", type=int, default=443)
    made.add_argument("--out", type=Path, required=True, help="the file that outcomes are appended to")
    made.add_argument("--control", type=Path, help="the Unix socket that takes orders")
    made.add_argument("--resolver", default="169.254.169.253:53", help="address and port of the DNS resolver")
    made.add_argument("--rate", type=float, default=100, help="visits a second")
    made.add_argument("--writes", type=float, default=0, help="orders a second")
    made.add_argument("--users", type=int, default=200)
    made.add_argument("--patience", type=float, default=30, help="seconds after which a user gives up")
    made.add_argument("--ignoring", type=float, default=0, help="share of users whose resolver ignores TTLs")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--even", action="store_true", help="even arrivals instead of a Poisson process")
    made.add_argument("--plain", action="store_true", help="HTTP without TLS")
    made.add_argument("--ca", type=Path, help="the authorities to trust (PEM)")
    return made


def options_of(words: list[str] | None = None) -> Options:
    """Options from arguments."""
    args = parser().parse_args(words)
    address, _, port = args.resolver.rpartition(":")
    return Options(
        args.site,
        args.port,
        args.out,
        args.control,
        (address, int(port)),
        args.rate,
        args.writes,
        args.users,
        args.patience,
        args.ignoring,
        args.seed,
        args.even,
        not args.plain,
        args.ca,
    )


def main() -> None:
    """Run until SIGTERM or an order to stop."""
    gc.freeze()

    def ready(load: Load) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, load.stop)

    run(options_of(), ready)


if __name__ == "__main__":
    main()
