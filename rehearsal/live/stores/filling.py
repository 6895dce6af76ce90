"""Fills a store's memory, and empties it again."""

import contextlib

from rehearsal.live.stores.configuration import MEMORY
from rehearsal.live.stores.engine import Engine
from rehearsal.live.stores.following import Info
from rehearsal.live.stores.protocol import ReplyError

SIZE = 32 * 1024
"""Bytes of a value."""

MOST = 2 * MEMORY * 1024 * 1024 // SIZE
"""Values."""

TTL = 3600
"""Seconds. Sessions have one, and without it nothing could go but users' own."""

AT_ONCE = 16


async def fill(node: Engine) -> None:
    """Fill a node with other people's sessions, until it has to let some go or takes no more."""
    value = b"x" * SIZE
    evicted = node.info.evicted if node.info else 0
    with contextlib.suppress(ReplyError):  # it says that it is full
        for number in range(0, MOST, AT_ONCE):
            commands = [("SET", f"filler:{number + each}", value, "EX", TTL) for each in range(AT_ONCE)]
            [*_, text] = await node.tell(*commands, ("INFO", "everything"), limit=10)
            if Info.read(str(text)).evicted > evicted:
                return


async def empty(node: Engine) -> None:
    """Take out what filled it."""
    await node.tell(*(("UNLINK", f"filler:{number}") for number in range(MOST)), limit=10)  # each in a slot of its own
