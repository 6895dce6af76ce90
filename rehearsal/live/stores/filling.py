"""Fills a store's memory, and empties it again."""

import contextlib

from rehearsal.live.stores.configuration import MEMORY
from rehearsal.live.stores.engine import Engine
from rehearsal.live.stores.following import Info
from rehearsal.live.stores.protocol import ReplyError

SIZES = (32 * 1024, 1024, 64)
"""Bytes of a value: what refuses a large one may have room for users' small ones."""

MOST = 2 * MEMORY * 1024 * 1024 // SIZES[0]
"""Values of each size."""

TTL = 3600
"""Seconds. Sessions have one, and without it nothing could go but users' own."""

AT_ONCE = 16


async def fill(node: Engine) -> None:
    """Fill a node with other people's sessions, until it has to let some go or takes no more."""
    evicted = node.info.evicted if node.info else 0
    for which, size in enumerate(SIZES):
        with contextlib.suppress(ReplyError):  # it says that it is full
            for number in range(which * MOST, (which + 1) * MOST, AT_ONCE):
                names = [f"filler:{number + each}" for each in range(AT_ONCE)]
                commands = [("SET", name, b"x" * size, "EX", TTL) for name in names]
                [*_, text] = await node.tell(*commands, ("INFO", "everything"), limit=10)
                if Info.read(str(text)).evicted > evicted:
                    return


async def empty(node: Engine) -> None:
    """Take out what filled it."""
    names = [f"filler:{number}" for number in range(MOST * len(SIZES))]
    await node.tell(*(("UNLINK", name) for name in names), limit=10)  # in cluster mode each is in a slot of its own
