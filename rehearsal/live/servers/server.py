"""One server: its host, its file system, its boot, its service manager; what can happen to it."""

import asyncio
import contextlib
import shlex
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.network.host import METADATA, RESOLVER, Host
from rehearsal.live.network.places import Place
from rehearsal.live.network.process import Process
from rehearsal.live.servers import images
from rehearsal.live.servers.instances import Instance
from rehearsal.live.servers.leaking import leave
from rehearsal.live.servers.logs import Sender
from rehearsal.live.servers.manager import Manager
from rehearsal.live.servers.metadata import Keys, Metadata
from rehearsal.live.servers.small_http import serve
from rehearsal.live.servers.tree import Tree, environment, mount_script, prepare, unmount_script

USER_DATA = "/var/lib/cloud/instance/user-data.txt"
BOOT_LOG = "/var/log/cloud-init-output.log"
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""


class BootError(RuntimeError):
    """The server can't boot here."""


class Server:
    """A server of the account, from its boot to its end."""

    def __init__(self, lab: Lab, instance: Instance, keys: Keys, *, launched: bool) -> None:
        self.lab, self.instance, self.keys, self.launched = lab, instance, keys, launched
        self.user_data = self.role = ""
        self.state = "booting"
        self.since = time.time()
        self.note = ""
        self.baked = False
        self.host: Host | None = None
        self.manager: Manager | None = None
        self.tree = Tree(lab.folder / "servers" / instance.id)
        self._logs = Sender(instance.id, self.tree.at, self._put_logs)
        self._booting: Process | None = None

    @property
    def awaited(self) -> bool:
        """Whether it stood already when the plane began, and has yet to boot: nobody holds that against it."""
        return not self.launched and self.state == "booting"

    @property
    def version(self) -> str:
        """The release that the user data names, short."""
        return next((digest[:12] for digest in images.releases(self.user_data)), "")

    def be(self, state: str, note: str = "") -> None:
        """Change the state."""
        if state != self.state:
            self.state, self.since = state, time.time()
        self.note = note

    def tell(self, text: str, **fields: Any) -> None:
        """Note an event of this server."""
        here = self.instance
        self.lab.events.note(
            "server", f"{here.id}: {text}", region=here.region, zone=here.zone, subject=here.id, **fields
        )

    # Boot

    async def boot(self, image: Path | None, extra: Mapping[str, str]) -> None:
        """Make the host and run the user data to its end. Raises BootError, OSError."""
        here = self.instance
        self.tree = Tree(self.tree.folder, image)
        await asyncio.to_thread(shutil.rmtree, self.tree.folder, ignore_errors=True)
        host = await self.lab.fabric.add_host(here.id, [here.address], Place(here.region, here.zone))
        self.host = host
        metadata = Metadata(here, "123456789012", self.role, self.keys)
        await asyncio.to_thread(prepare, self.tree, metadata.hostname, self.lab.authority.file, RESOLVER)
        await _shell(mount_script(self.tree))
        await host.listen(serve(metadata.handle), METADATA, 80)
        variables = {"AWS_ENDPOINT_URL": self.lab.account.emulator.endpoint, **extra}
        self.manager = Manager(
            host, self.tree, variables, self._mount, self._logs.configure, lambda text: self.tell(text, level="warn")
        )
        await self.manager.listen()
        await self._run_user_data(host, {**environment(variables), "HOME": "/root"})

    async def _run_user_data(self, host: Host, variables: Mapping[str, str]) -> None:
        file, log = self.tree.at(USER_DATA), self.tree.at(BOOT_LOG)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.user_data, errors="surrogateescape")
        file.chmod(0o700)
        if not self.user_data.startswith("#!"):
            raise BootError("its user data is no script")
        self._booting = await host.start([USER_DATA], env=variables, root=self.tree.root, log=log)
        code = await self._booting.wait()
        if code and self.state == "booting":
            raise BootError(f"its user data ended with {code}: {last_line(log)}")

    async def _mount(self, system: str, point: str, folder: Path) -> None:
        """Mount a file system of EFS at an access point's folder. Raises LookupError if there is none.

        https://docs.aws.amazon.com/efs/latest/ug/enforce-root-directory-access-point.html
        """
        region = self.instance.region
        found: Path | None = self.lab.part("files").folder(region, system)
        if found is None:
            raise LookupError(f"{system}: no such file system in {region}")
        if point:
            said = await self.lab.account.ask("efs", region, "describe_access_points", AccessPointId=point)
            found /= said["AccessPoints"][0].get("RootDirectory", {}).get("Path", "/").lstrip("/")
        found.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        options = "" if self.lab.part("files").writable(region, system) else " -o ro"
        await _shell(f"mount --bind{options} {shlex.quote(str(found))} {shlex.quote(str(folder))}")

    async def _put_logs(self, group: str, stream: str, events: list[dict[str, Any]]) -> None:
        region = self.instance.region
        if not self.lab.fabric.reachable(Place(region, self.instance.zone), Place(region)):
            return
        with contextlib.suppress(Exception):  # it is there from the last time
            await self.lab.account.ask("logs", region, "create_log_stream", logGroupName=group, logStreamName=stream)
        await self.lab.account.ask(
            "logs", region, "put_log_events", logGroupName=group, logStreamName=stream, logEvents=events
        )

    # End

    async def shut_down(self, *, at_once: bool = False) -> None:
        """Stop as an instance that is terminated: its services are asked to end, then everything is."""
        self.be("stopping")
        alive = self.host is not None and self.host.up and not self.host.lost
        if self.manager is not None and alive and not at_once:
            if self._booting is not None and self._booting.returncode is None:
                self._booting.kill()
            await self.manager.shut_down(self.lab.pace.real)
        await self.take_away()

    async def lose(self) -> None:
        """Lose the host: it is silent from now on, and nothing on it runs any more."""
        self.be("lost", "EC2 lost its host")
        self._logs.stop()
        if self.manager is not None:
            await self.manager.aclose()
        if self.host is not None and self.host.up:
            self.host.lose()

    async def take_away(self) -> None:
        """Take the host and its file system away."""
        self._logs.stop()
        if self.manager is not None:
            await self.manager.aclose()
        if self.host is not None and self.host.up:
            await self.lab.fabric.remove_host(self.host)
            with contextlib.suppress(BootError):
                await _shell(unmount_script(self.tree))

    def application(self) -> Process | None:
        """The process of the first service."""
        services = list(self.manager.services.values()) if self.manager else []
        return services[0].process if services and services[0].runs else None

    def end_process(self) -> None:
        """End the application at once; its unit starts it again."""
        if self.manager is not None:
            for service in self.manager.services.values():
                if service.process is not None:
                    service.process.kill()

    async def start_anew(self, variables: Mapping[str, str]) -> None:
        """Start the services again, with these variables besides."""
        if self.manager is not None:
            await self.manager.start_anew(variables)

    def leave_files(self, more: int) -> None:
        """Let the application open so many more files only."""
        process = self.application()
        if process is not None:
            leave(process.pid, more)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to everything that runs on the server."""
        if self.host is not None:
            self.host.send(number)


async def _shell(script: str) -> None:
    """Run a shell script of mounts. Raises BootError with what it says."""
    made = await asyncio.create_subprocess_exec(
        *("sh", "-c", script), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await made.communicate()
    if made.returncode:
        raise BootError(output.decode(errors="replace").strip()[-300:] or f"sh ended with {made.returncode}")


def last_line(log: Path) -> str:
    """Return a log's last line."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1][:300] if lines else "no output"
