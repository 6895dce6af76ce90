"""Traffic that a security group allows from the whole internet: protocols, ports, and address ranges."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from resilience.aws.types import INGRESS_RULE, SECURITY_GROUP_RULE
from resilience.resource import Resource

ALL = "all"
PROTOCOLS = {"-1": ALL, "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""https://www.iana.org/assignments/protocol-numbers; -1 is AWS's number for all of them."""
LAST_PORT = 65_535
WIDEST = {4: 1, 6: 3}
"""Prefix lengths up to which a range counts as the world: half of it is no better, and `2000::/3` is all of IPv6."""


@dataclass(frozen=True)
class Ports:
    """A protocol, and the ports of it where it has any."""

    protocol: str
    first: int
    last: int

    @property
    def everything(self) -> bool:
        """True if it is all ports of all protocols."""
        return self.protocol == ALL

    @property
    def numbered(self) -> bool:
        """True if these are ports of one protocol: ICMP has none, and all traffic is more than ports."""
        return self.protocol in ("tcp", "udp")

    def cover(self, port: int) -> bool:
        """Return whether the port is one of these, or traffic of all kinds."""
        return self.everything or (self.numbered and self.first <= port <= self.last)

    def __str__(self) -> str:
        """As in `tcp 22` or `udp 1000-2000`."""
        if not self.numbered:
            return "all traffic" if self.everything else self.protocol
        return f"{self.protocol} {self.first}" + (f"-{self.last}" if self.last != self.first else "")


@dataclass(frozen=True)
class Opening:
    """Ports that a range of addresses may reach, and the property that says so."""

    path: str
    source: str
    ports: Ports

    def __str__(self) -> str:
        """The beginning of a message."""
        return f"{self.path} opens {self.ports} to {self.source}"


def open_to_world(resource: Resource, matters: Callable[[Ports], bool]) -> Iterator[Opening]:
    """The openings to the world in a security group or one of its rules, for the ports that matter.

    Sources are read for these ports only: for others they need not be known yet.
    """
    if resource.type == INGRESS_RULE:
        yield from _opened(resource, "", "ipProtocol", ("cidrIpv4", "cidrIpv6"), matters)
    elif resource.type != SECURITY_GROUP_RULE:
        for number in range(resource.count("ingress")):
            yield from _opened(resource, f"ingress.{number}.", "protocol", ("cidrBlocks", "ipv6CidrBlocks"), matters)
    elif resource.get("type") == "ingress":
        yield from _opened(resource, "", "protocol", ("cidrBlocks", "ipv6CidrBlocks"), matters)


def _opened(
    resource: Resource, at: str, protocol: str, sources: tuple[str, ...], matters: Callable[[Ports], bool]
) -> Iterator[Opening]:
    ports = ports_at(resource, at, protocol)
    if not matters(ports):
        return
    for name in sources:
        for source in resource.items(f"{at}{name}"):
            if is_world(source):
                yield Opening(f"{at}{name}", source, ports)


def ports_at(resource: Resource, at: str = "", protocol: str = "protocol") -> Ports:
    """The ports that a rule names, at a path such as `ingress.0.`; all of them where it names none."""
    spelled = str(resource.get(f"{at}{protocol}", "-1")).lower()
    first, last = resource.get(f"{at}fromPort", 0), resource.get(f"{at}toPort", LAST_PORT)
    return Ports(PROTOCOLS.get(spelled, spelled), int(first), int(last))


def is_world(source: str) -> bool:
    """Return whether a CIDR block stands for the whole internet."""
    try:
        network = ipaddress.ip_network(source, strict=False)
    except ValueError:
        return False
    return network.prefixlen <= WIDEST[network.version]
