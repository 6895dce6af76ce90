"""A host: a network namespace with the addresses that the account gives it, and the processes in it."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from ssl import SSLContext
from typing import Any

from pyroute2 import IPRoute

from rehearsal.live.network import kernel
from rehearsal.live.network.places import Place
from rehearsal.live.network.process import Process
from rehearsal.live.network.router import BLACKHOLE, Router

METADATA = "169.254.169.254"
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html"""

RESOLVER = "169.254.169.253"
"""https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html"""

HOST_SCOPE = 254
SILENT_PRIORITY = 5

OnConnection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PIVOT = (
    'mount --rbind "$0" "$0" && cd "$0" && mkdir -p .outside && pivot_root . .outside && umount -l /.outside && '
    'cd "$1" && shift && exec "$@"'
)
"""Shell that makes a folder the root of what it runs: not chroot, in which no user namespace could be made."""


class Host:
    """A host. `up` is False once it is gone; `lost` is True once its hardware is."""

    def __init__(self, name: str, addresses: Sequence[str], place: Place, router: Router) -> None:
        self.name, self.addresses, self.place, self.router = name, tuple(addresses), place, router
        self.up, self.lost = True, False
        self.processes: list[Process] = []
        self._servers: list[asyncio.Server] = []
        self._datagrams: list[asyncio.DatagramTransport] = []
        self.namespace = kernel.make_namespace()
        router.attach(self.namespace, "eth0", list(addresses))
        kernel.inside(self.namespace, self._prepare)

    def _prepare(self) -> None:
        kernel.write_setting("ipv4/ip_unprivileged_port_start", "0")
        with IPRoute() as here:
            [index] = here.link_lookup(ifname="lo")
            here.link("set", index=index, state="up")
            for address in (METADATA, RESOLVER):
                here.addr("add", index=index, address=address, prefixlen=32, scope=HOST_SCOPE)

    @property
    def address(self) -> str:
        """The first address."""
        return self.addresses[0]

    async def listen(
        self, on_connection: OnConnection, address: str, port: int, ssl: SSLContext | None = None
    ) -> asyncio.Server:
        """Serve on an address of the host, in this very process."""

        def open_socket() -> socket.socket:
            return socket.create_server((address, port), backlog=512, reuse_port=False)

        opened = kernel.inside(self.namespace, open_socket)
        server = await asyncio.start_server(on_connection, sock=opened, ssl=ssl)
        self._servers.append(server)
        return server

    async def listen_udp(
        self, protocol: Callable[[], asyncio.DatagramProtocol], address: str, port: int
    ) -> asyncio.DatagramTransport:
        """Serve datagrams on an address of the host, in this very process."""

        def open_socket() -> socket.socket:
            opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            opened.bind((address, port))
            return opened

        opened = kernel.inside(self.namespace, open_socket)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(protocol, sock=opened)
        self._datagrams.append(transport)
        return transport

    def socket(self, kind: int = socket.SOCK_STREAM) -> socket.socket:
        """Return a socket of the host, which doesn't block."""
        opened = kernel.inside(self.namespace, lambda: socket.socket(socket.AF_INET, kind))
        opened.setblocking(False)
        return opened

    async def connect(
        self, address: str, port: int, ssl: SSLContext | None = None, server_hostname: str | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect from the host to an IP address. Raises OSError; the caller sets the time limit."""
        opened = self.socket()
        try:
            await asyncio.get_running_loop().sock_connect(opened, (address, port))
            return await asyncio.open_connection(sock=opened, ssl=ssl, server_hostname=server_hostname)
        except BaseException:
            opened.close()
            raise

    async def start(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: str | Path = "/",
        as_user: bool = False,
        root: Path | None = None,
        log: Path | None = None,
    ) -> Process:
        """Start a process in the host.

        Args:
            command: the program's path and its arguments.
            env: the whole environment.
            cwd: the folder that it starts in; inside `root`, if there is one.
            as_user: whether it is not to be root (to what it sees; outside it is who started the rehearsal).
            root: folder that is to be its root.
            log: file that its output is added to.
        """
        words = [str(word) for word in command]
        if as_user:
            words = ["unshare", "--user", "--map-user=1000", "--map-group=1000", *words]
        if root is not None:
            words = ["unshare", "--mount", "sh", "-c", PIVOT, str(root), str(cwd), *words]
        where = None if root is not None else str(cwd)
        descriptor = os.dup(self.namespace)
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if log else asyncio.subprocess.DEVNULL
        try:
            made = await asyncio.create_subprocess_exec(
                *("nsenter", f"--net=/proc/self/fd/{descriptor}", *words),
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), **env},
                cwd=where,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=(descriptor,),
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
            if log:
                os.close(output)
        process = Process(made, " ".join(words[-4:]))
        self.processes = [each for each in self.processes if each.returncode is None] + [process]
        return process

    def everything(self) -> list[int]:
        """The ids of all processes in the host, also of those that left their group."""
        own = os.fstat(self.namespace).st_ino
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if (folder / "ns" / "net").stat().st_ino == own:
                        found.append(int(folder.name))
        return found

    def send(self, number: int) -> None:
        """Send a signal to every process in the host."""
        for pid in self.everything():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    def freeze(self) -> None:
        """Stop every process where it is."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let every process go on."""
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """End every process at once."""
        self.send(signal.SIGKILL)

    def silence(self) -> None:
        """Let no packet out and none in, the kernel's own answers included: what hardware does that is lost."""
        self._drop("add")

    def speak(self) -> None:
        """Be silent no longer."""
        self._drop("del")

    def _drop(self, what: str) -> None:
        def change() -> None:
            with IPRoute() as here:
                here.rule(what, priority=SILENT_PRIORITY, action=BLACKHOLE)
                here.rule(what, priority=SILENT_PRIORITY, iifname="eth0", action=BLACKHOLE)

        kernel.inside(self.namespace, change)

    def lose(self) -> None:
        """Lose the host: it is silent first, so that nobody hears the end of its processes."""
        self.lost = True
        self.silence()
        self.kill()

    async def close(self) -> None:
        """Take the host away, with its processes."""
        self.up = False
        self.kill()
        for server in self._servers:
            server.close()
        for transport in self._datagrams:
            transport.close()
        for process in self.processes:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 5)
        for address in self.addresses:
            with contextlib.suppress(Exception):  # the router may be gone already
                self.router.forget(address)
        os.close(self.namespace)

    def describe(self) -> dict[str, Any]:
        """Plain data."""
        return {"name": self.name, "addresses": list(self.addresses), "region": self.place.region,
                "zone": self.place.zone}  # fmt: skip
