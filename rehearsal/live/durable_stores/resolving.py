"""What one Region has to do for another's change: the last writer wins, strings as a whole, hashes field by field.

https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.html. Other kinds go as a whole here, too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from rehearsal.live.durable_stores.changes import MARK, NEVER, WHOLE, Clocks, Time
from rehearsal.live.stores.protocol import Command

HASH, NONE = "hash", "none"


@dataclass(frozen=True)
class Here:
    """What a key is where it was changed.

    values: of a hash, those fields that were changed, or all if the whole key was; None for one that is gone.
    payload: of another kind, its content as DUMP gives it.
    """

    kind: str
    values: Mapping[bytes, bytes | None] = field(default_factory=dict)
    payload: bytes | None = None


@dataclass(frozen=True)
class Step:
    """Commands, none if the other Region's own changes are the later ones; and what is changed by them, when."""

    commands: list[Command]
    won: Mapping[bytes, Time]


def resolve(
    key: bytes, times: Mapping[bytes, Time], here: Here, there: Clocks, kind: str, fields: Collection[bytes]
) -> Step:
    """Return what makes the other Region's key as it is here, where here was the last writer.

    Args:
        key: its name.
        times: when it was changed here: its fields, or `WHOLE`.
        here: what it is here.
        there: when what was changed in the other Region.
        kind: what it is there, in Valkey's word.
        fields: those that it has there, of a hash.
    """
    if here.kind not in (HASH, NONE):
        return _as_a_whole(key, max(times.values()), here, there)
    whole = times.get(WHOLE, NEVER)
    won = {each: at for each, at in times.items() if at > there.of(key, each)}
    since = {each: max(whole, times.get(each, NEVER)) for each in {*here.values, *fields}}
    wins = {each for each, at in since.items() if at > there.of(key, each)}
    puts = {each: value for each in wins if (value := here.values.get(each)) is not None}
    drops = [each for each in sorted(wins) if each in fields and each not in puts]
    replaces = kind not in (HASH, NONE) and bool(won)
    if not puts and not drops and not replaces:
        return Step([], {})
    flat = [word for name, value in sorted(puts.items()) for word in (name, value)]
    commands: list[Command] = [("HSET", key, MARK, b"1", *flat), ("HDEL", key, MARK, *drops)]
    return Step([("DEL", key), *commands] if replaces else commands, won)


def _as_a_whole(key: bytes, at: Time, here: Here, there: Clocks) -> Step:
    if here.payload is None or at <= there.last(key):
        return Step([], {})
    return Step([("RESTORE", key, 0, here.payload, "REPLACE")], {WHOLE: at})
