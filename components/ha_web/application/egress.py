"""The ways out that an application needs besides HTTPS: hosts, networks, security groups. No SDK here."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ha_web.core.wording import quoted

EVERYWHERE = "0.0.0.0/0"
HTTPS = 443
"""Every server may already connect to it everywhere."""

LONGEST_DESCRIPTION = 255
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html"""

_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_GROUP = re.compile(r"sg-[0-9a-f]{8}([0-9a-f]{9})?")


@dataclass(frozen=True)
class WayOut:
    """One rule: a network and a port, and for which hosts it is."""

    cidr: str
    port: int
    hosts: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """Name of the rule, as part of a resource's name."""
        return f"egress-{'' if self.cidr == EVERYWHERE else re.sub(r'[./]', '-', self.cidr) + '-'}{self.port}"

    @property
    def description(self) -> str:
        """What the rule is for, as a security group can say it."""
        return f"To {', '.join(self.hosts) or self.cidr}"[:LONGEST_DESCRIPTION]


def egress_problem(entry: str) -> str | None:
    """Return a line for an entry that is no host or network with a port, and no security group."""
    if _GROUP.fullmatch(entry):
        return None
    place, _, port = entry.rpartition(":")
    if place and port.isdigit() and 1 <= int(port) <= 65535 and (_HOST.fullmatch(place) or _network(place)):
        return None
    wanted = 'write "host:port", "network:port" (IPv4, as 192.0.2.0/24), or the id of a security group'
    return f"egress has {quoted(entry)}; {wanted}"


def ways_out(entries: Sequence[str]) -> list[WayOut]:
    """Return the rules for these entries, one for each network and port.

    A security group knows no names of hosts, so the rule for a host lets servers connect to its port everywhere.
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """
    hosts: dict[tuple[str, int], list[str]] = {}
    for entry in entries:
        if _GROUP.fullmatch(entry):
            continue
        place, _, port = entry.rpartition(":")
        network = _network(place)
        found = hosts.setdefault((network or EVERYWHERE, int(port)), [])
        found += [] if network else [place]
    return [
        WayOut(cidr, port, tuple(names)) for (cidr, port), names in hosts.items() if (cidr, port) != (EVERYWHERE, HTTPS)
    ]


def groups(entries: Sequence[str]) -> list[str]:
    """Return the security groups among these entries, which servers are put into."""
    return [entry for entry in entries if _GROUP.fullmatch(entry)]


def _network(text: str) -> str | None:
    try:
        return str(ipaddress.IPv4Network(text)) if re.match(r"[\d.]+(/\d+)?$", text) else None
    except ValueError:
        return None
