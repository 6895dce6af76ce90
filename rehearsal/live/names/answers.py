"""The name system as a whole: the account's hosted zones by Route 53's rules, and the names that are AWS's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rehearsal.live.names.directory import Directory
from rehearsal.live.names.records import RecordSet, plain
from rehearsal.live.names.rules import Asker, Found, Rules, UnsupportedError, World

LONGEST_CHAIN = 8
"""CNAMEs that are followed."""

SOA = "ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
"""Of a zone whose own can't be read:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html"""

NEGATIVE_TTL = 900.0
"""Seconds that "no such name" may be kept: the TTL of Route 53's SOA record (same page)."""


@dataclass(frozen=True)
class Row:
    """Records of a name and type in an answer; the TTL in seconds at AWS."""

    name: str
    type: str
    ttl: float
    values: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """An answer: NOERROR, NXDOMAIN, REFUSED (a name of nobody here) or SERVFAIL."""

    code: str = "NOERROR"
    rows: tuple[Row, ...] = ()
    soa: Row | None = None
    reason: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses in the answer."""
        return tuple(value for row in self.rows if row.type in ("A", "AAAA") for value in row.values)

    @property
    def ttl(self) -> float:
        """Seconds at AWS that the answer may be kept."""
        if self.rows:
            return min(row.ttl for row in self.rows)
        return self.soa.ttl if self.soa else 0.0


@dataclass
class NameSystem:
    """Everything that can be asked for."""

    directory: Directory = field(default_factory=Directory)
    zones: dict[str, Row] = field(default_factory=dict)
    """The hosted zones' names, with their SOA records."""
    rules: Rules = field(default_factory=lambda: Rules({}))

    def load(self, zones: Mapping[str, Iterable[RecordSet]]) -> bool:
        """Take hosted zones with their record sets, by the zones' names; tell whether anything is new."""
        sets: dict[tuple[str, str], tuple[RecordSet, ...]] = {}
        for records in zones.values():
            for record in records:
                key = (record.name, record.type)
                sets[key] = (*sets.get(key, ()), record)
        named = {plain(name): _soa(plain(name), sets) for name in zones}
        if (sets, named) == (self.rules.sets, self.zones):
            return False
        self.rules, self.zones = Rules(sets), named
        return True

    def zone(self, name: str) -> str | None:
        """Return the hosted zone that a name is in: the longest that ends it."""
        fitting = (zone for zone in self.zones if name == zone or name.endswith(f".{zone}"))
        return max(fitting, key=len, default=None)

    def ask(self, name: str, kind: str, asker: Asker, world: World) -> Reply:
        """Answer a question as the servers that are responsible for the name would, CNAMEs followed."""
        rows: list[Row] = []
        name = plain(name)
        try:
            for _ in range(LONGEST_CHAIN):
                found = self._find(name, kind, asker, world)
                if found is not None:
                    rows += [Row(name, kind, found.ttl, found.values)] if found.values else []
                    return Reply(rows=tuple(rows), soa=None if found.values else self._soa_of(name))
                alias = self._find(name, "CNAME", asker, world) if self.zone(name) else None
                if alias is None or not alias.values:
                    return self._nothing(name, rows)
                rows.append(Row(name, "CNAME", alias.ttl, alias.values[:1]))
                name = plain(alias.values[0])
        except UnsupportedError as error:
            return Reply("SERVFAIL", reason=str(error))
        return Reply("SERVFAIL", reason=f"{name} is at the end of too long a chain")

    def _find(self, name: str, kind: str, asker: Asker, world: World) -> Found | None:
        if self.zone(name):
            return self.rules.answer(name, kind, asker, world)
        if self.directory.is_known(name):
            return self.directory.find(name, kind) or Found((), 0.0)
        return None

    def _nothing(self, name: str, rows: list[Row]) -> Reply:
        if not self.zone(name):
            return Reply("NOERROR" if rows else "REFUSED", tuple(rows))
        there = any(known == name or known.endswith(f".{name}") for known, _ in self.rules.sets)
        return Reply("NOERROR" if there else "NXDOMAIN", tuple(rows), self._soa_of(name))

    def _soa_of(self, name: str) -> Row | None:
        zone = self.zone(name)
        return self.zones[zone] if zone else None


def _soa(zone: str, sets: Mapping[tuple[str, str], tuple[RecordSet, ...]]) -> Row:
    records = sets.get((zone, "SOA"))
    values = records[0].values if records else ()
    return Row(zone, "SOA", records[0].ttl if records else NEGATIVE_TTL, values or (SOA,))


def asker_in(region: str) -> Asker:
    """Return who asks from a Region, or from near it."""
    return Asker(region, CONTINENTS.get(region) or CONTINENTS.get(region.split("-", 1)[0], ""))


CONTINENTS: dict[str, str] = {
    "eu": "EU",
    "us": "NA",
    "ca": "NA",
    "sa": "SA",
    "af": "AF",
    "me": "AS",
    "ap": "AS",
    "ap-southeast-2": "OC",
}
"""By Region or by what its name begins with:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html"""
