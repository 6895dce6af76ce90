"""A stack that has experiments, as its outputs tell of it."""

from dataclasses import replace
from typing import Any

from ops.core.stack import Stack
from tests.ops.failover.fakes import PRIMARY, stack

RECOVERY = {
    "zone": {
        "recovery": {
            "seconds": 90,
            "text": "90s = 90s until clients use the other zones' addresses (assumed)",
            "terms": [{"text": "90s until clients use the other zones' addresses (assumed)", "origin": "assumed"}],
        }
    },
    "region": {"recovery": {"seconds": None, "text": "never", "terms": []}},
    "server": {"recovery": {"seconds": 12, "text": "12s", "terms": [{"text": "12s", "origin": "settings"}]}},
}


def with_experiments(**changed: Any) -> Stack:
    """The stack of the tests of failovers, with experiments."""
    templates = {"zone": "EXT1", "region": "EXT2", "server-killed": "EXT3"}
    game_day = {"region": PRIMARY, "zone": "euw1-az1", "minutes": 10, "survives_region": True, "templates": templates}
    given = {"game_day": game_day, "recovery": RECOVERY, "objectives": {"zone": {"recovery": "2m"}}}
    return replace(stack(), **{**given, **changed})
