"""A delay in a router: a TUN device whose packets are held and sent on. The kernel's own (netem) is often not there.

https://docs.kernel.org/networking/tuntap.html
"""

import asyncio
import contextlib
import fcntl
import os
import struct

from pyroute2 import IPRoute

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
LARGEST = 65536
HELD = 20_000
"""Packets; more are dropped, as a full queue of a router does."""


class Delay:
    """Holds each packet for `seconds`. Made inside the router's namespace; the event loop sends packets on."""

    DEVICE = "hold"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._held = 0
        self._device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(self._device, TUNSETIFF, struct.pack("16sH22x", self.DEVICE.encode(), IFF_TUN | IFF_NO_PI))
        with IPRoute() as here:
            here.link("set", index=here.link_lookup(ifname=self.DEVICE)[0], state="up", mtu=1500)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to hold packets on an event loop."""
        self._loop = loop
        loop.add_reader(self._device, self._read)

    def _read(self) -> None:
        assert self._loop is not None
        with contextlib.suppress(BlockingIOError, OSError):
            for _ in range(64):
                packet = os.read(self._device, LARGEST)
                if self._held < HELD:
                    self._held += 1
                    self._loop.call_later(self.seconds, self._send, packet)

    def _send(self, packet: bytes) -> None:
        self._held -= 1
        if self._device >= 0:
            with contextlib.suppress(OSError):
                os.write(self._device, packet)

    def close(self) -> None:
        """Take the device away; packets that are held are lost."""
        if self._loop is not None:
            self._loop.remove_reader(self._device)
        os.close(self._device)
        self._device = -1
