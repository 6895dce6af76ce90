"""The live plane's process inside: `python -m rehearsal.live.daemon HOME SPEED`; the door starts it in namespaces."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from rehearsal.emulator.process import Emulator
from rehearsal.live import console, site
from rehearsal.live.account import Account
from rehearsal.live.balancers import Balancers
from rehearsal.live.control import Control
from rehearsal.live.databases import Databases
from rehearsal.live.files import Files
from rehearsal.live.functions import Functions
from rehearsal.live.lab import Lab
from rehearsal.live.load import Load
from rehearsal.live.names import Names
from rehearsal.live.network.host import RESOLVER, Host
from rehearsal.live.network.places import EDGE
from rehearsal.live.paths import Paths
from rehearsal.live.plans import Plans
from rehearsal.live.relay import Relay
from rehearsal.live.servers import Servers
from rehearsal.live.session_stores import SessionStores
from rehearsal.live.watch import Watch

USERS = "192.0.2.100"
"""The users' host, of the addresses that documentation may use: https://www.rfc-editor.org/rfc/rfc5737."""


@dataclass
class Daemon:
    """The live plane of one home."""

    paths: Paths
    emulator: Emulator
    ports: Mapping[str, int]
    """Where the door listens for the console, the site and DNS."""
    speed: float

    async def run(self) -> None:
        """Serve until the process is told to end."""
        ending = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ending.set)
        lab = Lab(self.paths.folder, Account(self.emulator, self.paths.home))
        lab.pace.speed = self.speed
        relay = Relay(self.paths.account, lab.fabric.reachable)
        await self._serve_account(relay)
        await lab.account.live(self.speed)
        lab.fabric.on_host.append(lambda host: self._on_host(relay, host))
        users = await lab.fabric.add_host("users", [USERS], EDGE)
        lab.load = Load(lab, users)
        lab.url = f"http://localhost:{self.ports['site']}/"
        lab.control = Control(lab)
        control = await lab.control.serve(self.paths.control)
        web = asyncio.create_task(self._serve_console(lab))
        try:
            await lab.start(
                [
                    *(Names(lab), SessionStores(lab), Databases(lab), Files(lab), Servers(lab), Balancers(lab)),
                    *(Functions(lab), Plans(lab), Watch(lab)),
                ]
            )
            await site.serve(lab, users, self.paths.site)
            lab.events.note("account", "the live plane follows the account")
            await ending.wait()
        finally:
            control.close()
            web.cancel()
            with contextlib.suppress(Exception):
                await lab.account.rest()
            await lab.aclose()

    async def _serve_account(self, relay: Relay) -> None:
        """Let this process itself ask the account, at the address that it has outside."""
        await asyncio.start_server(relay.serve(None), "127.0.0.1", self.emulator.port)

    async def _on_host(self, relay: Relay, host: Host) -> None:
        await host.listen(relay.serve(host.place), "127.0.0.1", self.emulator.port)

    async def _serve_console(self, lab: Lab) -> None:
        config = uvicorn.Config(
            console.app(lab), uds=str(self.paths.console), lifespan="off", access_log=False, log_config=None, ws="none"
        )
        await uvicorn.Server(config).serve()


def be_a_machine(folder: Path) -> None:
    """Give this namespace a loopback device, and have everything inside ask the resolver of its host for names."""
    from pyroute2 import IPRoute  # noqa: PLC0415 (slow to import, and needed once)

    with IPRoute() as here:
        here.link("set", index=here.link_lookup(ifname="lo")[0], state="up")
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {RESOLVER}\noptions timeout:2 attempts:2\n")
    target = Path("/etc/resolv.conf").resolve()
    if target.is_file():
        subprocess.run(["mount", "--bind", str(resolver), str(target)], check=True)


def main(home: Path, speed: float) -> None:
    """Run until told to end."""
    port, key = os.environ["REHEARSAL_EMULATOR"].split()
    emulator = Emulator(pid=0, port=int(port), key=key)
    be_a_machine(Paths(home).folder)
    ports = json.loads(os.environ["REHEARSAL_LIVE_PORTS"])
    asyncio.run(Daemon(Paths(home), emulator, ports, speed).run())


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
