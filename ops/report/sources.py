"""What pages are made from besides the account: documents of drills, and the journal of operations."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.errors import NOT_ASKED, OpsError
from ops.core.journal import Journal
from ops.core.operate import Operator
from ops.core.policy import Call

JOURNAL = (Call("s3", "list_objects_v2"), Call("s3", "get_object"))


def drill(file: Path, given: str = "--drill") -> Any:
    """Return what a drill or a game day has left. Raises OpsError that names the file, and as what it was given."""
    try:
        found = json.loads(file.read_text())
    except OSError as error:
        raise OpsError(f"{given} {file}: {error.strerror}", NOT_ASKED) from None
    except ValueError as error:
        raise OpsError(f"{given} {file}: is no JSON ({error})", NOT_ASKED) from None
    if not _has(found, "at", "verdict", "results") or not _all(found["results"], _is_result):
        raise OpsError(f"{given} {file}: is no document of a drill or a game day", NOT_ASKED)
    return found


def _is_result(found: Any) -> bool:
    return _has(found, "name", "verdict", "rows") and _all(found["rows"], lambda row: _has(row, "what"))


def _has(found: Any, *keys: str) -> bool:
    return isinstance(found, dict) and {*keys} <= found.keys()


def _all(found: Any, are: Callable[[Any], bool]) -> bool:
    return isinstance(found, list) and all(map(are, found))


def journal(me: Operator, unread: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield what both regions' journals have; one that can't be read is said, and stops nothing.

    unread: gets what is said.
    """
    found = Journal(me.account, me.stack.records)
    for region in me.stack.records:
        try:
            yield from found.entries(region)
        except (ClientError, BotoCoreError):
            said = f"the journal in {region} could not be read"
            me.terminal.say(f"note: {said}")
            if unread is not None:
                unread.append(said)
