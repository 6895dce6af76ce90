"""A router: a network namespace that forwards between its uplink and what hangs on it, until it is cut or slowed."""

import asyncio
import contextlib
import os

from pyroute2 import IPRoute, NetlinkError

from rehearsal.live.network import kernel
from rehearsal.live.network.delay import Delay

MOST = 250
"""Routers: each has an address in 169.254.1.0/24 towards what hangs on it, and one in 169.254.2.0/24 on its uplink."""

ALL = "0.0.0.0/0"

ONLINK = 4
"""RTNH_F_ONLINK: a gateway that isn't in the subnet of the interface, for there are no subnets here."""

BLACKHOLE = "FR_ACT_BLACKHOLE"
CUT_PRIORITY, SLOW_BACK_PRIORITY, SLOW_PRIORITY = 10, 20, 30
SLOW_TABLE = 100


class Router:
    """A router, and the routes to what hangs on it. The core has no uplink."""

    def __init__(self, name: str, number: int, namespace: int, uplink: "Router | None") -> None:
        self.name, self.number, self.namespace, self.uplink = name, number, namespace, uplink
        if number > MOST:
            raise ValueError(f"more than {MOST} zones and regions")
        self.gateway, self.uplink_address = f"169.254.1.{number + 1}", f"169.254.2.{number + 1}"
        self.cut = False
        self._delay: Delay | None = None
        self._made = 0
        self._interfaces: dict[int, str] = {}
        kernel.inside(namespace, self._forward)
        if uplink is not None:
            uplink._interfaces[number] = uplink.attach(namespace, "up", [self.uplink_address], routed=False)

    @property
    def slow(self) -> float:
        """Seconds that each packet is held."""
        return self._delay.seconds if self._delay else 0.0

    def attach(self, namespace: int, interface: str, addresses: list[str], *, routed: bool = True) -> str:
        """Hang a namespace on the router, by an interface of that name in it; return the router's interface."""
        self._made += 1
        own = f"d{self.number}x{self._made}"

        def connect() -> None:
            with IPRoute() as here:
                here.link("add", ifname=own, kind="veth", peer={"ifname": interface, "net_ns_fd": namespace})
                [index] = here.link_lookup(ifname=own)
                here.addr("add", index=index, address=self.gateway, prefixlen=32)
                here.link("set", index=index, state="up")

        def answer() -> None:
            with IPRoute() as there:
                [index] = there.link_lookup(ifname=interface)
                for address in addresses:
                    there.addr("add", index=index, address=address, prefixlen=32)
                there.link("set", index=index, state="up")
                there.route("add", dst=ALL, gateway=self.gateway, oif=index, flags=ONLINK)

        kernel.inside(self.namespace, connect)
        kernel.inside(namespace, answer)
        for address in addresses if routed else ():
            self._route(address, own, None)
        return own

    def _route(self, address: str, interface: str, gateway: str | None) -> None:
        """Route an address to one of this router's interfaces, and to this router on the way from the core."""
        way = {"gateway": gateway, "flags": ONLINK} if gateway else {}

        def change() -> None:
            with IPRoute() as here:
                here.route("replace", dst=f"{address}/32", oif=here.link_lookup(ifname=interface)[0], **way)

        kernel.inside(self.namespace, change)
        if self.uplink is not None:
            self.uplink._route(address, self.uplink._interfaces[self.number], self.uplink_address)

    def forget(self, address: str) -> None:
        """Take an address's routes away."""

        def change() -> None:
            with IPRoute() as here:
                here.route("del", dst=f"{address}/32")

        with contextlib.suppress(NetlinkError):  # it went with its interface
            kernel.inside(self.namespace, change)
        if self.uplink is not None:
            self.uplink.forget(address)

    def _forward(self) -> None:
        kernel.write_setting("ipv4/ip_forward", "1")
        kernel.write_setting("ipv4/conf/all/rp_filter", "0")
        kernel.write_setting("ipv4/conf/default/rp_filter", "0")
        with IPRoute() as here:
            here.link("set", index=here.link_lookup(ifname="lo")[0], state="up")

    def set_cut(self, cut: bool) -> None:
        """Drop whatever comes in or goes out by the uplink, silently; or no longer.

        AWS goes silent: a link that is down would be answered with an error at once.
        """
        if cut == self.cut or self.uplink is None:
            return
        self._drop(cut, "up")
        self.uplink._drop(cut, self.uplink._interfaces[self.number])
        self.cut = cut

    def _drop(self, drop: bool, interface: str) -> None:
        def change() -> None:
            with IPRoute() as here:
                here.rule("add" if drop else "del", priority=CUT_PRIORITY, iifname=interface, action=BLACKHOLE)

        kernel.inside(self.namespace, change)

    def set_slow(self, seconds: float) -> None:
        """Hold each packet that is forwarded here; 0 for no longer."""
        if self._delay is not None and not seconds:
            self._steer("del")
            self._delay.close()
            self._delay = None
        elif self._delay is not None:
            self._delay.seconds = seconds
        elif seconds:
            self._delay = kernel.inside(self.namespace, lambda: Delay(seconds))
            self._delay.start(asyncio.get_running_loop())
            self._steer("add")

    def _steer(self, what: str) -> None:
        """Lead forwarded packets through the device that holds them; they come back by it and go on."""
        device = Delay.DEVICE

        def change() -> None:
            with IPRoute() as here:
                [index] = here.link_lookup(ifname=device)
                if what == "add":
                    here.route("add", dst=ALL, oif=index, table=SLOW_TABLE)
                here.rule(what, priority=SLOW_BACK_PRIORITY, iifname=device, table=254)
                here.rule(what, priority=SLOW_PRIORITY, table=SLOW_TABLE)

        kernel.inside(self.namespace, change)

    def close(self) -> None:
        """Let the namespace go."""
        if self._delay is not None:
            self._delay.close()
        os.close(self.namespace)
