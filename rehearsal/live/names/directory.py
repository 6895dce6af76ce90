"""The names that are AWS's own: balancers, stores, databases, services. Who runs one publishes it."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rehearsal.live.names.records import plain
from rehearsal.live.names.rules import Found

BALANCER_TTL = 60.0
"""Seconds, of Elastic Load Balancing's names:
https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html"""

REGION = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:[a-z0-9]+\.)?amazonaws\.com(?:\.cn)?$")
"""The Region in a name of AWS's own, `name.eu-west-1.elb.amazonaws.com`, say."""

ELB_FIRST = re.compile(r"\.elb\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$")
"""The same in the name of a network balancer."""

SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")
"""What AWS's own names end with."""


@dataclass(frozen=True)
class Entry:
    """A published name. `region`: the AWS Region that it is of, whose resolvers need nobody outside for it."""

    addresses: tuple[str, ...]
    ttl: float
    region: str | None
    serves: bool = True


@dataclass
class Directory:
    """What was published."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def publish(
        self,
        name: str,
        addresses: Sequence[str],
        *,
        ttl: float = BALANCER_TTL,
        region: str | None = None,
        serves: bool | None = None,
    ) -> bool:
        """Let a name resolve to addresses from now on; `*.` before it stands for everything beneath. True if new.

        region: without it, the one that stands in the name.
        serves: whether an alias that evaluates its target's health may choose it; without it, whether it has addresses.
        """
        region = region or region_in(name)
        entry = Entry(tuple(addresses), ttl, region, bool(addresses) if serves is None else serves)
        changed = self.entries.get(plain(name)) != entry
        self.entries[plain(name)] = entry
        return changed

    def withdraw(self, name: str) -> bool:
        """Let a name resolve to nothing; tell whether it did before."""
        return self.entries.pop(plain(name), None) is not None

    def entry(self, name: str) -> Entry | None:
        """Return what was published for a name, or for the nearest wildcard above it."""
        name = plain(name).removeprefix("dualstack.")
        labels = name.split(".")
        above = (f"*.{'.'.join(labels[cut:])}" for cut in range(1, len(labels)))
        return next((self.entries[each] for each in (name, *above) if each in self.entries), None)

    def find(self, name: str, kind: str) -> Found | None:
        """Return a name's addresses of a type, A or AAAA; None if nobody published it."""
        entry = self.entry(name)
        if entry is None:
            return None
        version = {"A": 4, "AAAA": 6}.get(kind)
        return Found(tuple(a for a in entry.addresses if ipaddress.ip_address(a).version == version), entry.ttl)

    def is_known(self, name: str) -> bool:
        """Tell whether somebody published the name."""
        return self.entry(name) is not None


def region_in(name: str) -> str | None:
    """Return the Region in a name of AWS's own; None if there is none."""
    name = plain(name)
    found = REGION.search(name) or ELB_FIRST.search(name)
    return found[1] if found else None


def is_of_aws(name: str) -> bool:
    """Tell whether a name is AWS's own."""
    return plain(name).endswith(SUFFIXES)
