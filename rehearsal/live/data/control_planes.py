"""A service's control plane in each Region: a host in none of its zones, which a lost zone doesn't take along."""

from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import Place


class ControlPlanes:
    """The control planes of a service, made when they are first needed, at addresses that begin alike."""

    def __init__(self, fabric: Fabric, service: str, addresses: str) -> None:
        self._fabric, self._service, self._addresses = fabric, service, addresses
        self._hosts: dict[str, Host] = {}

    async def of(self, region: str) -> Host:
        """Return the host of a Region's control plane."""
        if region not in self._hosts:
            address = f"{self._addresses}{len(self._hosts) + 1}"
            name = f"{self._service}-{region}"
            self._hosts[region] = await self._fabric.add_host(name, [address], Place(region))
        return self._hosts[region]
