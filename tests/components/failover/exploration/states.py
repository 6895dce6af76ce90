"""All states that the function and AWS can be in, within bounds: breadth first, so that a trace is the shortest.

A state is one number: the world, what is left of the bounds, and the runs that live, in any order. What a run in a
world may do is worked out once; from then on a step is a look-up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from time import perf_counter

from tests.components.failover.exploration import world as aws
from tests.components.failover.exploration.runs import Place, Runs
from tests.components.failover.exploration.world import Broken, Did, Memory, World

BITS = 17
"""For a run: where it stands and what we keep of it."""
RUN = (1 << BITS) - 1
ALL_RUNS = 3 * BITS
DIGIT = 3
"""Bits for each of the bounds."""
LEFT = 4 * DIGIT
FAULT, TURN, HAND, START = (1 << (DIGIT * place) << ALL_RUNS for place in range(4))
WORLD = LEFT + ALL_RUNS


BEGINNINGS = (World(), World(promotes=False), World(seen=False))


@dataclass(frozen=True)
class Bounds:
    """How much may happen."""

    starts: int = 2
    """Runs that the schedule starts."""
    at_once: int = 2
    """Runs at the same time; at most three."""
    faults: int = 2
    """Refused calls, lost answers, repeated calls, old readings, wrong views, runs that are killed."""
    turns: int = 2
    """Times that the primary fails or comes back."""
    hands: int = 1
    """An operator's acts."""
    waits: bool = True
    """Whether who goes back waits until no run lives, as the runbook says."""

    @property
    def start(self) -> int:
        """The first state's part."""
        return self.faults * FAULT + self.turns * TURN + self.hands * HAND + self.starts * START


@dataclass
class Found:
    """What an exploration has found."""

    states: int = 0
    complete: bool = True
    """False if it was ended by the number of states."""
    broken: Broken | None = None
    trace: list[str] = field(default_factory=list)
    seconds: float = 0.0
    depth: int = 0
    worlds: int = 0
    places: int = 0
    executed: int = 0
    ends: set[str] = field(default_factory=set)
    """Results of runs."""


Steps = tuple[list[tuple[int, int]], list[tuple[int, int]]]
"""Without and with a fault: the world, shifted, and the run's number."""


class Explorer:
    """Explores one copy of the function's code."""

    def __init__(self, runs: Runs, bounds: Bounds) -> None:
        self.runs, self.bounds = runs, bounds
        config = runs.config
        parts = {
            "sessions": config.sessions,
            "database": config.database,
            "storage": config.storage,
            "servers": config.capacity,
        }
        self.stores = [store for store in ("sessions", "database") if parts[store] is not None]
        self.required = frozenset(part for part, given in parts.items() if given is not None) - {*config.optional}
        self.worlds: list[World | Broken] = []
        self.locals: list[tuple[Place, Memory] | None] = [None]
        self._world_numbers: dict[World | Broken, int] = {}
        self._local_numbers: dict[tuple[int, Memory], int] = {}
        self._steps: dict[int, Steps] = {}
        self._around: dict[int, list[tuple[int, int]]] = {}
        self._watch = self._local(runs.start("watch"), Memory())
        self._failover = self._local(runs.start("failover"), Memory(person=True))

    def explore(self, most: int = 1 << 60, *, traced: bool = False, starts: Iterable[World] = BEGINNINGS) -> Found:
        """Explore until all is seen, an invariant is broken, or `most` states are known."""
        began, found = perf_counter(), Found()
        parents: dict[int, int] = {}
        frontier = [self._world(world) << WORLD | self.bounds.start for world in starts]
        seen = set(frontier)
        broken = 0
        while frontier and not broken and len(seen) < most:
            found.depth += 1
            after: list[int] = []
            for state in frontier:
                if isinstance(self.worlds[state >> WORLD], Broken):
                    broken = state
                    break
                for new in self._successors(state):
                    if new not in seen:
                        seen.add(new)
                        after.append(new)
                        if traced:
                            parents[new] = state
                if len(seen) >= most:
                    break
            frontier = after
        found.states, found.seconds = len(seen), perf_counter() - began
        found.complete = not frontier
        found.worlds, found.places = len(self.worlds), len(self.runs.places)
        found.executed = self.runs.executed
        found.ends = {place.result for place in self.runs.places if not place.call}
        if broken:
            last = self.worlds[broken >> WORLD]
            assert isinstance(last, Broken)
            found.broken = last
            found.trace = self._trace(broken, parents) if traced else []
        return found

    def _successors(self, state: int) -> list[int]:
        """Return the states after one step, by any run or by the world around them."""
        a, b, c = state >> 2 * BITS & RUN, state >> BITS & RUN, state & RUN
        number = state >> WORLD
        left = state & ((1 << WORLD) - (1 << ALL_RUNS))
        faults = left & 7 * FAULT
        steps, found = self._steps, []
        for run, x, y in ((a, b, c), (b, a, c), (c, a, b)):
            if not run:
                break
            if run == x:
                continue  # the same again
            key = number << BITS | run
            free, costly = steps.get(key) or self._work_out(key)
            # x >= y; the new run goes where it belongs, so that order makes no difference
            for world, new in free:
                runs = (
                    (new << 2 * BITS | x << BITS | y)
                    if new >= x
                    else (x << 2 * BITS | new << BITS | y)
                    if new >= y
                    else (x << 2 * BITS | y << BITS | new)
                )
                found.append(world | left | runs)
            if faults:
                rest = left - FAULT
                for world, new in costly:
                    runs = (
                        (new << 2 * BITS | x << BITS | y)
                        if new >= x
                        else (x << 2 * BITS | new << BITS | y)
                        if new >= y
                        else (x << 2 * BITS | y << BITS | new)
                    )
                    found.append(world | rest | runs)
        runs = state & ((1 << ALL_RUNS) - 1)
        alive = (a > 0) + (b > 0) + (c > 0)
        for world, cost in self._around.get(number << 1 | (alive == 0)) or self._work_out_around(number, alive == 0):
            if cost == 0 or left & 7 * cost:
                found.append(world | (left - cost) | runs)
        if alive < self.bounds.at_once:
            if left & 7 * START:
                found.append(number << WORLD | (left - START) | _joined(self._watch, a, b))
            if left & 7 * HAND:
                found.append(number << WORLD | (left - HAND) | _joined(self._failover, a, b))
        return found

    def _work_out(self, key: int) -> Steps:
        free: list[tuple[int, int]] = []
        costly: list[tuple[int, int]] = []
        for _, new_world, new_run, fault in self.steps_of(key):
            (costly if fault else free).append((new_world << WORLD, new_run))
        self._steps[key] = free, costly
        return free, costly

    def steps_of(self, key: int) -> Iterator[tuple[str, int, int, bool]]:
        """Yield what a run in a world may do: text, world, run, and whether it costs a fault."""
        world, known = self.worlds[key >> BITS], self.locals[key & RUN]
        assert isinstance(world, World)
        assert known
        place, memory = known
        assert place.call
        who = f"run ({place.action})"
        for did in aws.outcomes(world, memory, place.call, self.required):
            text = f"{who}: {_asked(place, did)}"
            if did.broken:
                yield text, self._world(did.broken), 0, bool(did.fault)
                continue
            next_place = self.runs.after(place, did.answer)
            if next_place.call:
                yield text, self._world(did.world), self._local(next_place, did.memory), bool(did.fault)
            else:
                ended = aws.over(did.world, did.memory, next_place.result)
                yield f"{text}; it ends: {next_place.result}", self._world(ended), 0, bool(did.fault)
        yield f"{who}: killed before {place.call[0]}", self._world(aws.over(world, memory, "killed")), 0, True

    def _work_out_around(self, number: int, nobody_runs: bool) -> list[tuple[int, int]]:
        found = [(self._world(new) << WORLD, cost) for _, new, cost in self.around(number, nobody_runs)]
        self._around[number << 1 | nobody_runs] = found
        return found

    def around(self, number: int, nobody_runs: bool) -> Iterator[tuple[str, World | Broken, int]]:
        """Yield what happens without a run: text, world, cost."""
        world = self.worlds[number]
        assert isinstance(world, World)
        yield from ((text, new, 0) for text, new in aws.progress(world))
        yield from ((text, new, FAULT) for text, new in aws.mishaps(world))
        yield from ((text, new, TURN) for text, new in aws.turns(world))
        may_go_back = nobody_runs or not self.bounds.waits
        yield from ((text, new, HAND) for text, new in aws.by_hand(world, may_go_back, self.stores))
        if nobody_runs and (broken := self.unfinished(world)):
            yield "from here on nothing goes wrong any more", broken, 0

    def unfinished(self, world: World) -> Broken | None:
        """Let time pass and the schedule start runs, without faults; return what doesn't come to an end."""
        told, now = world.told, world._replace(told=False)
        for _ in range(3):
            now, place, memory = _later(now), self.runs.start("watch"), Memory()
            while place.call:
                did = next(aws.outcomes(now, memory, place.call, self.required))
                if did.broken:
                    return did.broken
                now, memory, place = _later(did.world), did.memory, self.runs.after(place, did.answer)
            ended = aws.over(now, memory, place.result)
            if isinstance(ended, Broken):
                return ended
            now = ended
        if now.switch:
            return Broken(aws.ENDS, "users are at the standby, and people are not told") if now.owed else None
        return _left_over(now, told or now.told, now.told)

    def _trace(self, state: int, parents: dict[int, int]) -> list[str]:
        states = [state]
        while states[-1] in parents:
            states.append(parents[states[-1]])
        states.reverse()
        return [self._text(before, after) for before, after in pairwise(states)]

    def _text(self, before: int, after: int) -> str:
        number, runs = before >> WORLD, [before >> place * BITS & RUN for place in (2, 1, 0)]
        world = after >> WORLD
        nobody = not any(runs)
        for text, new, _ in self.around(number, nobody):
            if self._world(new) == world and runs == [after >> place * BITS & RUN for place in (2, 1, 0)]:
                return text
        for place, run in enumerate(runs):
            others = runs[:place] + runs[place + 1 :]
            for text, new_world, new_run, _ in self.steps_of(number << BITS | run) if run else ():
                if new_world == world and sorted([*others, new_run], reverse=True) == [
                    after >> each * BITS & RUN for each in (2, 1, 0)
                ]:
                    return text
        by_hand = before & 7 * HAND != after & 7 * HAND
        return "a person starts the failover" if by_hand else "the schedule starts a run"

    def _world(self, world: World | Broken) -> int:
        if world not in self._world_numbers:
            self._world_numbers[world] = len(self.worlds)
            self.worlds.append(world)
        return self._world_numbers[world]

    def _local(self, place: Place, memory: Memory) -> int:
        key = place.number, memory
        if key not in self._local_numbers:
            self._local_numbers[key] = len(self.locals)
            self.locals.append((place, memory))
            assert len(self.locals) < RUN
        return self._local_numbers[key]


def _left_over(now: World, ever_told: bool, told: bool) -> Broken | None:
    """Return what nobody sees to: users are at the primary, and the schedule's runs have changed what they could."""
    moved = [store for store in ("sessions", "database") if getattr(now, store) in ("primary", "promoting")]
    let_go = [store for store in ("sessions", "storage") if getattr(now, store) == "alone"]
    if now.primary == "dead" and now.seen:
        return Broken(aws.UNLOCKED if now.lock != "none" else aws.ENDS, "the primary is dead, and users stay there")
    if moved and not told:
        return Broken(aws.ENDS, f"users are at the primary, {moved[0]} is here, and nobody hears of it")
    if let_go and not ever_told:
        return Broken(aws.ENDS, f"users are at the primary, {let_go[0]} has left the pair, and nobody was told")
    return None


def _later(world: World) -> World:
    for _, new in aws.progress(world):
        return _later(new)
    return world


def _joined(new: int, a: int, b: int) -> int:
    first, second, third = sorted((new, a, b), reverse=True)
    return first << 2 * BITS | second << BITS | third


def _asked(place: Place, did: Did) -> str:
    assert place.call
    name, detail = place.call
    asked = f"{name} {detail}" if detail else name
    return f"{asked}: {did.answer}" + (f" ({did.fault})" if did.fault else "")
