"""How Route 53 answers: which record set of a name, by its policy and by what is healthy.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from rehearsal.live.names.distance import distance
from rehearsal.live.names.records import RecordSet

MOST_VALUES = 8
"""Of a multivalue answer.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html"""

LONGEST_CHAIN = 16
"""Aliases in a row. Route 53 lets no circle be made; two zones of ours could."""


class UnsupportedError(Exception):
    """A routing policy that is not rehearsed."""


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as a policy looks at it: the nearest AWS Region, and where on earth."""

    region: str = ""
    continent: str = ""
    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True)
class Found:
    """The addresses or values of a name, with the seconds that they may be kept."""

    values: tuple[str, ...]
    ttl: float


@dataclass(frozen=True)
class World:
    """What the rules ask besides the records."""

    check: Callable[[str], bool]
    """Whether a health check is healthy, by its id."""
    serves: Callable[[str], bool]
    """Whether a resource of AWS is healthy, by its name: a balancer with a healthy target in each group of its."""
    find: Callable[[str, str], Found | None]
    """What a name of AWS's own resolves to, by name and type."""
    random: Random = field(default_factory=Random)


@dataclass(frozen=True)
class Rules:
    """The record sets of all hosted zones, by name and type."""

    sets: dict[tuple[str, str], tuple[RecordSet, ...]]

    def answer(self, name: str, kind: str, asker: Asker, world: World) -> Found | None:
        """Return what Route 53 says to the question; None where it has no such record. UnsupportedError."""
        return self._follow(name, kind, asker, world, LONGEST_CHAIN)

    def healthy(self, record: RecordSet, world: World, depth: int = LONGEST_CHAIN) -> bool:
        """Tell whether a record set may be chosen: its own check passes, and what it evaluates is healthy.

        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
        """
        if record.check is not None and not world.check(record.check):
            return False
        if record.alias is None or not record.alias.evaluates or depth == 0:
            return True
        inside = self.sets.get((record.alias.name, record.type))
        if inside is None:
            return world.serves(record.alias.name)
        return any(self.healthy(each, world, depth - 1) for each in inside)

    def _follow(self, name: str, kind: str, asker: Asker, world: World, depth: int) -> Found | None:
        records = self.sets.get((name, kind)) or self.sets.get((wildcard(name, self.sets, kind), kind))
        if not records or depth == 0:
            return None
        chosen = self.choose(records, asker, world)
        if chosen and chosen[0].alias:
            target = chosen[0].alias.name
            if (target, kind) in self.sets:
                return self._follow(target, kind, asker, world, depth - 1)
            return world.find(target, kind)
        values = [value for record in chosen for value in record.values]
        return Found(tuple(values), min(record.ttl for record in chosen)) if chosen else None

    def choose(self, records: Sequence[RecordSet], asker: Asker, world: World) -> list[RecordSet]:
        """Return which record sets of a name and type are answered with. UnsupportedError."""
        policy = records[0].policy
        if policy not in POLICIES:
            raise UnsupportedError(f"{records[0].name} is routed by {policy}, which is not rehearsed")
        fit = [record for record in records if self.healthy(record, world)]
        return POLICIES[policy](records, fit, asker, world.random)


def wildcard(name: str, sets: dict[tuple[str, str], tuple[RecordSet, ...]], kind: str) -> str:
    """Return the wildcard that stands for a name without records: the closest one, unless the name is there."""
    there = {known for known, _ in sets}
    labels = name.split(".")
    for cut in range(1, len(labels)):
        parent = ".".join(labels[cut:])
        if name in there or (f"*.{parent}", kind) in sets:
            return f"*.{parent}" if name not in there else ""
        if parent in there:
            return ""
    return ""


def _simple(records: Sequence[RecordSet], _fit: list[RecordSet], _asker: Asker, _random: Random) -> list[RecordSet]:
    return [records[0]]


def _failover(records: Sequence[RecordSet], fit: list[RecordSet], _asker: Asker, _random: Random) -> list[RecordSet]:
    """The primary while it is healthy, or while neither is."""
    order = sorted(fit or records, key=lambda record: record.failover != "PRIMARY")
    return order[:1]


def _weighted(records: Sequence[RecordSet], fit: list[RecordSet], _asker: Asker, random: Random) -> list[RecordSet]:
    """By chance, by weight; those of weight 0 only if no other is healthy.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
    """
    heavy = [record for record in fit if record.weight]
    among = heavy or fit or [record for record in records if record.weight] or [*records]
    weights = [record.weight or 0 for record in among]
    return random.choices(among, weights if any(weights) else None)


def _latency(records: Sequence[RecordSet], fit: list[RecordSet], asker: Asker, _random: Random) -> list[RecordSet]:
    return [min(fit or records, key=lambda record: (distance(asker.region, record.region or ""), record.identifier))]


def _multivalue(records: Sequence[RecordSet], fit: list[RecordSet], _asker: Asker, random: Random) -> list[RecordSet]:
    among = [*(fit or records)]
    return random.sample(among, min(MOST_VALUES, len(among)))


def _geolocation(records: Sequence[RecordSet], fit: list[RecordSet], asker: Asker, _random: Random) -> list[RecordSet]:
    """The smallest place that the asker is in and that is healthy; the smallest of all if none is."""
    order = _by_place(records, asker)
    return [record for record in order if record in fit][:1] or order[:1]


def _by_place(records: Sequence[RecordSet], asker: Asker) -> list[RecordSet]:
    wanted = (
        {"CountryCode": asker.country, "SubdivisionCode": asker.subdivision},
        {"CountryCode": asker.country},
        {"ContinentCode": asker.continent},
        {"CountryCode": "*"},
    )
    places = [{key: value for key, value in (record.location or {}).items() if value} for record in records]
    return [record for want in wanted for record, place in zip(records, places, strict=True) if place == want]


Choice = Callable[[Sequence[RecordSet], list[RecordSet], Asker, Random], list[RecordSet]]

POLICIES: dict[str, Choice] = {
    "simple": _simple,
    "failover": _failover,
    "weighted": _weighted,
    "latency": _latency,
    "multivalue": _multivalue,
    "geolocation": _geolocation,
}
