"""AWS as far as the function sees it, as plain values, and what a call may come to.

A call does what AWS's pages say. Each fault costs one of the faults that the bounds allow: the call was refused before
it did anything, it was done and its answer is lost, it was done twice because boto3 repeated it, a reading is older
than what is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.components.failover.exploration.calls import SERVERS, Call

WHOLE: dict[str, Any] = {"sessions": "secondary", "database": "secondary", "storage": "secondary", "servers": "few"}
"""What the standby is while nothing has happened."""


class World(NamedTuple):
    """The account in the standby region, and the primary."""

    primary: str = "healthy"
    sessions: str = "secondary"
    database: str = "secondary"
    storage: str = "secondary"
    servers: str = "few"
    """few, asked for, enough."""
    switch: bool = False
    seen: bool = True
    lock: str = "none"
    """none, held by a run that lives, left by one that died, expired."""
    locks: int = 0
    """How many were written; the last one's version."""
    promotes: bool = True
    """Whether ElastiCache promotes the standby's store while the primary's region is dead; AWS's pages don't agree."""
    owed: bool = False
    """Whether people have not been told yet of users who are sent."""
    told: bool = False
    """Whether a person was told that something stopped: by a notice, or by the alarm on runs that end with an error."""


class Memory(NamedTuple):
    """What we keep of a run, besides where it stands."""

    lock: int = 0
    """The version of the lock that it has written, if S3 has done it."""
    person: bool = False
    """Whether a person started it."""
    failed: int = 0
    """Looks at which both views failed, one after the other; two are enough."""
    one: bool = False
    """Whether a view failed at its last look."""
    begun: bool = False
    """Whether it saw since then that a promotion had begun before."""
    sent: bool = False
    """Whether it has put the switch."""
    late: bool = False
    """Whether it tells of users whom another run has sent."""


class Broken(NamedTuple):
    """An invariant that doesn't hold any more."""

    invariant: str
    detail: str


@dataclass(frozen=True)
class Did:
    """One outcome of a call."""

    world: World
    memory: Memory
    answer: Any
    fault: str = ""
    broken: Broken | None = None


ONE_AT_A_TIME = "one run at a time changes something"
GROUNDS = "nothing is promoted on less than both checks, twice, or a person's word"
WRITES = "nobody is sent where a required store takes no writes, or too few servers run"
NEVER_BACK = "nothing goes back by itself"
TRUTH = "a notice says what is"
ENDS = "it ends at the standby, with the primary untouched, or with a person who was told"
UNLOCKED = "no lock stays for ever"

INVARIANTS = (ONE_AT_A_TIME, GROUNDS, WRITES, NEVER_BACK, TRUTH, ENDS, UNLOCKED)

WRITING = ("primary", "alone")
SIZES = {"few": (1, 1, 1), "asked for": (SERVERS, SERVERS, 1), "enough": (SERVERS, SERVERS, SERVERS)}
OLDER = {
    "sessions": {"primary": ("promoting", "secondary"), "promoting": ("secondary",), "alone": ("secondary",)},
    "database": {"primary": ("promoting", "secondary"), "promoting": ("secondary",)},
    "storage": {"alone": ("promoting", "secondary"), "promoting": ("secondary",)},
    "servers": {"enough": ("asked for", "few"), "asked for": ("few",)},
}
"""What a reading may say besides: what was before. Consistent are S3's alone."""


def outcomes(world: World, memory: Memory, call: Call, required: frozenset[str]) -> Iterator[Did]:
    """Yield everything that a call may come to; first what it does without a fault."""
    name = call[0]
    if name == "look":
        yield from _looks(world, memory)
        return
    if name.startswith("read "):
        yield from _readings(world, memory, name.removeprefix("read "))
        return
    done = CHANGES[name](world, memory, call)
    broken = broken_by(world, memory, call, required)
    yield Did(*done, broken=broken)
    yield Did(*done[:2], "lost", "done, and the answer is lost", broken)
    again = CHANGES[name](done[0], done[1], call)
    if again[2] != done[2]:
        yield Did(*again, "done twice", broken)
    yield Did(world, memory, "throttled", "refused")
    if name in ("promote sessions", "promote database"):
        yield Did(world, memory, f"{name.split()[1]} busy", "refused: something else is in progress")


def _looks(world: World, memory: Memory) -> Iterator[Did]:
    healthy, failed, unknown = "healthy", "failed", "unknown"
    seen = (healthy, healthy) if world.primary == "healthy" else (failed, failed)
    yield Did(world, _looked(memory, seen), seen)
    if world.primary == "healthy":
        for wrong in ((failed, healthy), (healthy, failed), (healthy, unknown)):
            yield Did(world, _looked(memory, wrong), wrong, "one view is wrong")
    else:  # Route 53 needs some seconds to see it, or its answer doesn't come
        for late in ((healthy, failed), (unknown, failed)):
            yield Did(world, _looked(memory, late), late, "Route 53 doesn't say so")


def _looked(memory: Memory, views: tuple[str, str]) -> Memory:
    failed = min(memory.failed + 1, 2) if views == ("failed", "failed") else 0
    return memory._replace(failed=failed, one="failed" in views, begun=False)


def _readings(world: World, memory: Memory, what: str) -> Iterator[Did]:
    if what == "switch":
        yield Did(world, memory, "yes" if world.switch else "absent")
    elif what == "owed":
        yield Did(world, memory._replace(late=world.owed), "yes" if world.owed else "absent")
    elif what == "seen":
        yield Did(world, memory, "yes" if world.seen else "absent")
    elif what == "lock":
        yield Did(world, memory, _lock(world, memory))
    else:
        now = getattr(world, what)
        yield Did(world, _read(memory, what, now), _said(what, now))
        for before in OLDER[what].get(now, ()):
            yield Did(world, _read(memory, what, before), _said(what, before), "older than what is")
    yield Did(world, memory, "throttled", "refused")


def _read(memory: Memory, what: str, value: str) -> Memory:
    begun = what in ("sessions", "database") and value in ("primary", "promoting")
    return memory._replace(begun=True) if begun and memory.one else memory


def _said(what: str, value: str) -> Any:
    if what == "servers":
        return SIZES[value]
    return "storage alone" if (what, value) == ("storage", "alone") else value


def _lock(world: World, memory: Memory) -> Any:
    if world.lock == "none":
        return "absent"
    own = memory.lock == world.locks
    return world.locks, "own" if own else "expired" if world.lock == "expired" else "another's"


Change = tuple[World, Memory, Any]


def _promote_sessions(world: World, memory: Memory, _: Call) -> Change:
    refusal = {"promoting": "sessions busy", "primary": "sessions primary", "alone": "sessions primary"}
    if world.sessions in refusal:
        return world, memory, refusal[world.sessions]
    if world.primary == "dead" and not world.promotes:
        return world, memory, "ok"
    return world._replace(sessions="promoting"), memory, "ok"


def _let_sessions_go(world: World, memory: Memory, _: Call) -> Change:
    refusal = {"promoting": "sessions busy", "primary": "sessions primary", "alone": "sessions primary"}
    if world.sessions in refusal:  # AWS lets secondaries go only
        return world, memory, refusal[world.sessions]
    return world._replace(sessions="alone"), memory, "ok"


def _promote_database(world: World, memory: Memory, _: Call) -> Change:
    if world.database != "secondary":
        return world, memory, "database busy"
    return world._replace(database="promoting"), memory, "ok"


def _let_storage_go(world: World, memory: Memory, _: Call) -> Change:
    if world.storage == "secondary":
        return world._replace(storage="promoting"), memory, "ok"
    return world, memory, "storage alone" if world.storage == "alone" else "storage busy"


def _raise_servers(world: World, memory: Memory, call: Call) -> Change:
    assert call[1] == (SERVERS, SERVERS)
    return (world._replace(servers="asked for") if world.servers == "few" else world), memory, "ok"


def _put_switch(world: World, memory: Memory, _: Call) -> Change:
    return world._replace(switch=True), memory._replace(sent=True), "ok"


def _remove_switch(world: World, memory: Memory, _: Call) -> Change:
    return world._replace(switch=False), memory, "ok"


def _put_owed(world: World, memory: Memory, _: Call) -> Change:
    return world._replace(owed=True), memory, "ok"


def _remove_owed(world: World, memory: Memory, _: Call) -> Change:
    return world._replace(owed=False), memory, "ok"


def _put_seen(world: World, memory: Memory, _: Call) -> Change:
    return world._replace(seen=True), memory, "ok"


def _put_lock(world: World, memory: Memory, call: Call) -> Change:
    if world.lock != "none" and call[0] == "put lock":
        return world, memory, "taken"
    version = world.locks + 1
    return world._replace(lock="held", locks=version), memory._replace(lock=version), version


def _remove_lock(world: World, memory: Memory, call: Call) -> Change:
    if call[1] not in (0, world.locks):
        return world, memory, "ok"
    return world._replace(lock="none"), memory, "ok"


def _notify(world: World, memory: Memory, call: Call) -> Change:
    return (world if call[1] == "sent" else world._replace(told=True)), memory, "ok"


def _go_back(world: World, memory: Memory, _: Call) -> Change:
    return world, memory, "ok"


CHANGES: dict[str, Callable[[World, Memory, Call], Change]] = {
    "promote sessions": _promote_sessions,
    "let sessions go": _let_sessions_go,
    "promote database": _promote_database,
    "let storage go": _let_storage_go,
    "raise servers": _raise_servers,
    "put switch": _put_switch,
    "put owed": _put_owed,
    "remove owed": _remove_owed,
    "put seen": _put_seen,
    "put lock": _put_lock,
    "overwrite lock": _put_lock,
    "remove lock": _remove_lock,
    "notify": _notify,
    "remove switch": _remove_switch,
    "promote sessions back": _go_back,
    "promote database back": _go_back,
}
NOTES = ("put owed", "remove owed", "put seen", "put lock", "overwrite lock", "remove lock", "notify")


def broken_by(world: World, memory: Memory, call: Call, required: frozenset[str]) -> Broken | None:
    """Return the invariant that a call breaks, whatever its answer."""
    name = call[0]
    if name in NOTES:
        lies = name == "notify" and _lies(world, memory, call[1])
        return Broken(TRUTH, f"it says: {call[1]}") if lies else None
    if name in ("remove switch", "promote sessions back", "promote database back"):
        return Broken(NEVER_BACK, name)
    if world.lock != "held" or memory.lock != world.locks:
        return Broken(ONE_AT_A_TIME, f"{name} without the lock")
    if not (memory.person or memory.begun or memory.failed == 2):
        return Broken(GROUNDS, f"{name} after {memory.failed} looks at which both failed")
    if name == "put switch" and (lacks := lacking(world, required)):
        return Broken(WRITES, lacks)
    return None


def _lies(world: World, memory: Memory, said: str) -> bool:
    if said == "stopped":
        return memory.sent and world.switch
    return said == "sent" and not (memory.sent or memory.late or world.switch)


def lacking(world: World, required: frozenset[str]) -> str:
    """Describe what users would lack at the standby."""
    lacks = [
        f"{store} is {getattr(world, store)}"
        for store in ("sessions", "database", "storage")
        if store in required and getattr(world, store) not in WRITING
    ]
    if "servers" in required and world.servers != "enough":
        lacks.append(f"servers: {world.servers}")
    return ", ".join(lacks)


def _with(world: World, store: str, role: str) -> World:
    changed: dict[str, Any] = {store: role}
    return world._replace(**changed)


def progress(world: World) -> Iterator[tuple[str, World]]:
    """Yield what AWS finishes by itself."""
    for store, end in (("sessions", "primary"), ("database", "primary"), ("storage", "alone")):
        if getattr(world, store) == "promoting":
            yield f"AWS: {store} takes writes", _with(world, store, end)
    if world.servers == "asked for":
        yield "AWS: the servers run", world._replace(servers="enough")
    if world.lock == "left":
        yield "time: the lock of the run that died is over", world._replace(lock="expired")


def mishaps(world: World) -> Iterator[tuple[str, World]]:
    """Yield what AWS gives up. It costs a fault."""
    for store in ("sessions", "database"):
        if getattr(world, store) == "promoting":
            yield f"AWS: the promotion of {store} is given up", _with(world, store, "secondary")


def turns(world: World) -> Iterator[tuple[str, World]]:
    """Yield the primary's turn."""
    if world.primary == "healthy":
        yield "the primary's region fails", world._replace(primary="dead")
    else:
        yield "the primary is back", world._replace(primary="healthy")


def by_hand(world: World, may_go_back: bool, stores: Iterable[str]) -> Iterator[tuple[str, World]]:
    """Yield what an operator may do, in the failover and outside of it."""
    for store in stores:
        if getattr(world, store) == "secondary":
            yield f"a person promotes {store}", _with(world, store, "promoting")
    if world.switch:  # who does that knows what is here
        yield "a person removes the switch", world._replace(switch=False, told=True)
    else:
        yield "a person puts the switch", world._replace(switch=True)
    if may_go_back and world.switch and world.primary == "healthy":
        yield "a person goes back by the runbook", world._replace(**WHOLE, switch=False)


def over(world: World, memory: Memory, result: str) -> World | Broken:
    """Return the world after a run has ended: its lock is nobody's, and an error is an alarm."""
    if world.lock == "held" and memory.lock == world.locks:
        if result != "killed" and not result.startswith("raised"):
            return Broken(UNLOCKED, f"a run ended without an error ({result}), and its lock stays")
        world = world._replace(lock="left")
    return world._replace(told=True) if result.startswith("raised") or result == "killed" else world
