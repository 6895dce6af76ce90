"""A host that is lost is silent: nothing comes back from it, not even that its connections are over."""

from typing import Any

from pyroute2 import IPRoute

from rehearsal.live.network import kernel
from rehearsal.live.network.host import Host

PRIORITY = 11
BLACKHOLE = "FR_ACT_BLACKHOLE"


def silence(host: Host) -> None:
    """Drop whatever goes to a host or comes from it, at its router."""
    _change(host, "add")


def speak(host: Host) -> None:
    """Drop it no more."""
    _change(host, "del")


def _change(host: Host, what: str) -> None:
    def change() -> None:
        with IPRoute() as here:
            for address in host.addresses:
                ends: tuple[dict[str, Any], ...] = ({"dst": address, "dst_len": 32}, {"src": address, "src_len": 32})
                for end in ends:
                    here.rule(what, priority=PRIORITY, action=BLACKHOLE, **end)

    kernel.inside(host.router.namespace, change)
