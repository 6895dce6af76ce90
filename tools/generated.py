"""A page that a tool writes: anew, or, asked with --check, only whether it is stale."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from rehearsal.home import CHECKOUT


def write(page: Path, text: Callable[[], str], arguments: Sequence[str] | None) -> int:
    """Write a page if it isn't as it should be; with --check only say so. Return the exit code: 1 is stale."""
    parser = argparse.ArgumentParser(description=f"Writes {page.relative_to(CHECKOUT)}.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is stale")
    check = parser.parse_args(arguments).check
    wanted = text()
    if page.exists() and page.read_text() == wanted:
        return 0
    if not check:
        page.write_text(wanted)
    print(f"{page.relative_to(CHECKOUT)} {'is stale: run make tables' if check else 'written'}")
    return int(check)
