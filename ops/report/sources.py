"""What pages are made from besides the account: documents of drills, and the journal of operations."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.core.errors import NOT_ASKED, OpsError
from ops.core.journal import Journal
from ops.core.operate import Operator
from ops.core.policy import Call

JOURNAL = (Call("s3", "list_objects_v2"), Call("s3", "get_object"))


def drill(file: Path) -> Any:
    """Return what a drill has left. Raises OpsError."""
    try:
        found = json.loads(file.read_text())
    except OSError as error:
        raise OpsError(f"--drill {file}: {error.strerror}", NOT_ASKED) from None
    except ValueError as error:
        raise OpsError(f"--drill {file}: is no JSON ({error})", NOT_ASKED) from None
    if not isinstance(found, dict) or not {"at", "verdict", "results"} <= found.keys():
        raise OpsError(f"--drill {file}: is no document of a drill", NOT_ASKED)
    return found


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
