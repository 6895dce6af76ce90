"""The nodes' addresses: the account shows none of them, as AWS shows none of an Application Load Balancer's."""

import ipaddress
from dataclasses import dataclass, field

from rehearsal.live.balancers.model import LoadBalancer

PUBLIC = ipaddress.ip_network("203.0.113.0/24")
"""Addresses that documentation may use: https://www.rfc-editor.org/rfc/rfc5737."""

FROM_END = 6
"""An internal balancer's node has an address of its subnet, near its end, where instances don't get theirs."""


@dataclass
class Addresses:
    """Gives each node an address, and the same again."""

    _given: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, balancer: LoadBalancer, zone: str, subnet: str) -> str:
        """Return the address of a balancer's node in a zone. Raises ValueError if there are no more."""
        node = balancer.arn, zone
        if node not in self._given:
            self._given[node] = self._private(subnet) if balancer.internal and subnet else self._public()
        return self._given[node]

    def _public(self) -> str:
        taken = set(self._given.values())
        found = next((str(each) for each in PUBLIC.hosts() if str(each) not in taken), None)
        if found is None:
            raise ValueError("more nodes of load balancers than the rehearsal has addresses for")
        return found

    def _private(self, subnet: str) -> str:
        taken = set(self._given.values())
        network = ipaddress.ip_network(subnet)
        ends = (str(network.broadcast_address - number) for number in range(FROM_END, network.num_addresses - 4))
        return next(each for each in ends if each not in taken)
