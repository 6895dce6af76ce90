"""Writes docs/ha-web.md from what each command of operations prints with --help."""

import os
import sys
from collections.abc import Iterator, Mapping
from unittest.mock import patch

from ops.__main__ import OPERATIONS
from ops.core.errors import EXIT_CODES
from ops.tree import commands
from rehearsal.home import CHECKOUT
from tools.generated import write

PAGE = CHECKOUT / "docs" / "ha-web.md"

HEAD = """\
# The command `ha-web`

<!-- Written by `make tables` from what the commands print with --help. -->

`make setup` installs it into `.venv` (`source .venv/bin/activate`); `python -m ops` is the same. It reads the outputs
of a stack: from the engine, from a file, or from the copy that each `up` leaves in the bucket `operations_buckets` of
each region. Set this once, and no command needs the state of Pulumi or the primary's region for it:

```sh
export HA_WEB_OUTPUTS=s3://eu-central-1/BUCKET    # the standby's region, and its bucket
```

Commands that change something print their plan with `--dry-run`, ask before they do it (not with `--yes`), hold a lock
that others see, write what they did to a journal in both regions, and go on where an interruption left them. `--policy`
prints the rights that a command needs. What to do when: [the runbooks](runbooks/README.md).
"""

ENVIRONMENT = {"COLUMNS": "110", "HA_WEB_STACK": "prod", "HA_WEB_OUTPUTS": ""}
"""Under which texts are printed, so that they are the same everywhere."""


def page(operations: Mapping[str, str] = OPERATIONS) -> str:
    """Return the page."""
    return "\n".join([HEAD, *_table(operations), "", *_exit_codes(), *_commands(operations)])


def _table(operations: Mapping[str, str]) -> Iterator[str]:
    yield "| `ha-web` … | |\n|---|---|"
    yield from (f"| [`{name}`](#ha-web-{name}) | {text} |" for name, text in operations.items())


def _exit_codes() -> Iterator[str]:
    yield "| Exit code | |\n|---|---|"
    yield from (f"| {code} | {text} |" for code, text in EXIT_CODES.items())


def _commands(operations: Mapping[str, str]) -> Iterator[str]:
    with patch.dict(os.environ, ENVIRONMENT):
        for each in commands(operations):
            level = "#" * (1 + len(each.path))
            yield f"\n{level} ha-web {' '.join(each.path)}\n\n```text\n{each.help.strip()}\n```"


def main(arguments: list[str] | None = None) -> int:
    """Write the page; with --check only say whether it is stale, by exit code 1."""
    return write(PAGE, lambda: page() + "\n", arguments)


if __name__ == "__main__":
    sys.exit(main())
