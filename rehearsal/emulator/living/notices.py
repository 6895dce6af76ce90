"""What topics published: notices of alarms and of the failover, which go to people at AWS."""

import json
import time
from collections import deque
from typing import Any

from ministack.services import sns

from rehearsal.emulator.living import clock
from rehearsal.emulator.resets import on_reset

MOST = 1000

NOTICES: deque[dict[str, Any]] = deque(maxlen=MOST)
_count = [0]


@on_reset
def forget() -> None:
    """Forget the notices; their numbers go on."""
    NOTICES.clear()


def keep(topic: str, subject: str, message: str) -> None:
    """Keep a notice under the next number."""
    _count[0] += 1
    told = {"n": _count[0], "at": time.time(), "aws": clock.now() if clock.on() else None}
    NOTICES.append({**told, "topic": topic, "subject": subject, "message": message})


def as_json(after: int) -> bytes:
    """Return the notices after that number, the oldest first."""
    return json.dumps([notice for notice in NOTICES if notice["n"] > after]).encode()


_fanout = sns._fanout


def _kept(topic_arn: str, msg_id: str, message: str, subject: str, *others: Any, **named: Any) -> Any:
    keep(topic_arn, subject, message)
    return _fanout(topic_arn, msg_id, message, subject, *others, **named)


sns._fanout = _kept
"""All that is published, by a client or by an alarm, goes through this function of ministack's."""
