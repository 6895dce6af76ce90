"""Let Pulumi keep the generated names of what was imported: without it the next `up` would replace all of that.

`pulumi import` can't know that a name was generated, and takes it for one that the program gives. FILE is what
`pulumi stack export --file FILE` writes; it is changed in place, and `pulumi stack import --file FILE` takes it back.
Only that file is read and written.

Exit codes: 0 done, or nothing to do; 3 the file can't be read.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from ops.adopt.names import adopt
from ops.core.entry import guarded
from ops.core.errors import DONE, NOT_ASKED, OpsError
from ops.core.terminal import Terminal


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web adopt", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("file", metavar="FILE", type=Path, help="the exported state")
    options.add_argument("--dry-run", action="store_true", help="only show which names")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    file: Path = options.file
    try:
        state, found = adopt(json.loads(file.read_text()))
    except OSError as error:
        raise OpsError(f"{file}: {error.strerror}", NOT_ASKED) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise OpsError(f"{file}: is no state as `pulumi stack export` writes it", NOT_ASKED) from None
    if found and not options.dry_run:
        try:
            file.write_text(json.dumps(state, indent=4))
        except OSError as error:
            raise OpsError(f"{file}: can't be written ({error.strerror})", NOT_ASKED) from None
    terminal = Terminal(as_json=options.json)
    if options.json:
        terminal.document([each._asdict() for each in found])
    for each in found:
        terminal.say(f"{each.resource}: {each.argument} {each.name} counts as generated")
    if not found:
        terminal.say("Nothing is left to do.")
    return DONE
