"""The part `servers`: brings the hosts into step with the account's instances, and has what can happen to one."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.servers import groups
from rehearsal.live.servers.baker import BakeError
from rehearsal.live.servers.content import Content
from rehearsal.live.servers.instances import Instance, changes, instances, user_data
from rehearsal.live.servers.server import BootError, Server
from rehearsal.live.servers.usage import Usage, Used

LAUNCH_SECONDS = 20.0
"""Seconds at AWS from a launch until the operating system runs the user data. AWS publishes none: an assumption."""

LEAK_SECONDS = 20.0
"""Seconds at AWS in which a leaking server loses all the files that it could open."""

LEAK_AGAIN = 0.2
"""Seconds here."""

LEAK_FROM = 40
"""Files that it could still open when the leak begins."""

SIMULATED = (
    "No machine of its own: kernel, memory and processors are shared; security groups, systemd's sandboxing and "
    f"container engines are not there. A launch takes {LAUNCH_SECONDS:.0f} s until the user data runs, an assumption. "
    "A leak is one of open files. Servers trust the rehearsal's own authority only: others could be met nowhere. "
    "What an image was baked with is installed on this machine's own network."
)


class Servers:
    """The servers of all Regions."""

    name = "servers"
    reads = frozenset({"ec2", "autoscaling"})
    MISTAKES = frozenset({"no-gate", "plain-sigterm"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.mistakes: set[str] = set()
        self.servers: dict[str, Server] = {}
        self._groups = groups.Groups()
        self._content = Content(lab, self.keys)
        self._usage, self._used = Usage(), dict[str, Used]()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._roles: dict[str, tuple[str, str]] = {}
        self._began = False
        self._told: dict[str, str] = {}

    # In step with the account

    async def reconcile(self) -> None:
        """Boot what is new, shut down what is terminated."""
        found = await asyncio.gather(*(self._read(each.name) for each in self.lab.outline.regions))
        wanted = [each for region in found for each in region]
        todo = changes(wanted, [*self.servers])
        for instance in todo.boot:
            self._begin(instance, launched=self._began)
        for name in todo.stop:
            server = self.servers.pop(name)
            self._do(name, self._end(server))
        self._began = True
        self._groups = await groups.read(self.lab.account, [each.name for each in self.lab.outline.regions])

    def _mistaken(self) -> dict[str, str]:
        """What is in every process's environment for the mistakes that are made on purpose."""
        return {"SESSION_GATE": "off"} if "no-gate" in self.mistakes else {}

    async def follow_mistakes(self) -> None:
        """Start the applications anew, one after the other, where a mistake changes their environment."""
        told = self._mistaken()
        if told != self._told:
            self._told = told
            for server in [each for each in self.servers.values() if each.state == "running"]:
                await server.start_anew({"SESSION_GATE": "on"} | told)

    async def _read(self, region: str) -> list[Instance]:
        return instances(region, await self.lab.account.ask_all("ec2", region, "describe_instances", "Reservations"))

    def _do(self, name: str, work: Any) -> None:
        """Do something for one server by the side; what went before is over."""
        if name in self._tasks:
            self._tasks[name].cancel()
        self._tasks[name] = asyncio.create_task(work, name=f"server {name}")

    def _begin(self, instance: Instance, *, launched: bool) -> None:
        server = Server(self.lab, instance, lambda: self.keys(instance.profile), launched=launched)
        self.servers[instance.id] = server
        self._do(instance.id, self._boot(server))

    async def _boot(self, server: Server) -> None:
        here = server.instance
        try:
            said = await self.lab.account.ask(
                "ec2", here.region, "describe_instance_attribute", InstanceId=here.id, Attribute="userData"
            )
            server.user_data = user_data(said.get("UserData", {}).get("Value", ""))
            server.role = (await self._role(here.profile))[0]
            began = time.monotonic()
            image, server.baked = await self._content.of(here, server.user_data)
            if server.launched:
                await asyncio.sleep(max(0.0, self.lab.pace.real(LAUNCH_SECONDS) - (time.monotonic() - began)))
            await self.lab.account.report_instances(here.region, {here.id: "running"})
            server.tell("boots" + ("" if server.baked else ", and installs its release"), level="good")
            await server.boot(image, self._mistaken())
            server.be("running")
            server.tell("serves", level="good")
        except (BakeError, BootError, OSError, ValueError) as error:
            server.be("failed", str(error))
            server.tell(f"doesn't serve: {error}", level="bad")
        if not server.launched:
            self.lab.again()  # the balancers have waited for it

    async def _end(self, server: Server) -> None:
        server.tell("is terminated")
        await server.shut_down(at_once="plain-sigterm" in self.mistakes)

    async def _role(self, profile: str) -> tuple[str, str]:
        """Return the name and ARN of an instance profile's role. profile: its name or ARN."""
        if not profile:
            return "", ""
        if profile not in self._roles:
            name = profile.rpartition("/")[2]
            found = await self.lab.account.ask("iam", "us-east-1", "get_instance_profile", InstanceProfileName=name)
            role = next(iter(found["InstanceProfile"]["Roles"]), None)
            self._roles[profile] = (role["RoleName"], role["Arn"]) if role else ("", "")
        return self._roles[profile]

    async def keys(self, profile: str) -> Mapping[str, str]:
        """Return the credentials that EC2 gives to the role of an instance profile, as an environment."""
        _, arn = await self._role(profile)
        return await self.lab.account.credentials(arn, "ec2.amazonaws.com") if arn else {}

    def awaited(self, instance: str) -> bool:
        """Return whether an instance stood when the plane began, and has yet to boot."""
        return instance in self.servers and self.servers[instance].awaited

    # What can happen

    def serving(self, region: str) -> list[str]:
        """Return the ids of the servers of a Region that serve."""
        return sorted(
            name
            for name, server in self.servers.items()
            if server.instance.region == region and server.state in ("running", "leaking")
        )

    async def lose(self, instance: str) -> None:
        """Lose a server at once, as EC2 loses a host: nothing on it runs any more, and nothing answers."""
        server = self.servers[instance]
        if instance in self._tasks:
            self._tasks[instance].cancel()
        await server.lose()
        await self.lab.account.report_instances(server.instance.region, {instance: "gone"})

    async def end_process(self, instance: str) -> None:
        """End the application's process at once; its unit starts it anew."""
        self.servers[instance].end_process()

    async def freeze(self, instance: str) -> None:
        """Stop all that runs on a server where it is: it takes connections and answers nothing."""
        self.servers[instance].be("frozen")
        self.servers[instance].send(signal.SIGSTOP)

    async def thaw(self, instance: str) -> None:
        """Let a frozen server go on."""
        self.servers[instance].be("running")
        self.servers[instance].send(signal.SIGCONT)

    async def leak(self, instance: str) -> None:
        """Let the application run out of open files, a few at a time."""
        self.servers[instance].be("leaking")
        self._do(instance, self._leak(self.servers[instance]))

    async def _leak(self, server: Server) -> None:
        for left in range(LEAK_FROM, -1, -1):
            server.leave_files(left)
            await asyncio.sleep(self.lab.pace.real(LEAK_SECONDS / LEAK_FROM))
        server.tell("has no file left to open", level="bad")
        while server.state == "leaking":
            server.leave_files(0)  # what it closes leaks away, too
            await asyncio.sleep(LEAK_AGAIN)

    async def mend(self) -> None:
        """Undo what was broken on purpose; what is lost stays lost."""
        for name, server in self.servers.items():
            if server.state == "frozen":
                await self.thaw(name)
            elif server.state == "leaking":
                self._do(name, asyncio.sleep(0))
                server.leave_files(1 << 20)
                server.be("running")

    def settled(self) -> list[str]:
        """Return what isn't well."""
        return [
            f"{name} is {server.state}" for name, server in sorted(self.servers.items()) if server.state != "running"
        ]

    def wanted(self, region: str) -> int:
        """Return how many servers a Region's groups want."""
        return sum(group["desired"] for group in self._groups.groups if group["region"] == region)

    # Measured

    async def observe(self) -> None:
        """Measure what the servers use."""
        hosts = {name: server.host for name, server in self.servers.items() if server.host and server.host.up}
        inodes = {}
        for name, host in hosts.items():
            with contextlib.suppress(OSError):
                inodes[os.fstat(host.namespace).st_ino] = name
        self._used = await asyncio.to_thread(self._usage.look, inodes)

    def measured(self) -> dict[str, Used]:
        """Return what each server uses, by instance: cores and bytes."""
        return dict(self._used)

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        return {
            "servers": [self._described(server) for _, server in sorted(self.servers.items())],
            "groups": self._groups.groups,
            "simulated": SIMULATED,
        }

    def _described(self, server: Server) -> dict[str, Any]:
        here, used = server.instance, self._used.get(server.instance.id, Used())
        return {
            "id": here.id,
            "region": here.region,
            "zone": here.zone,
            "address": here.address,
            "type": here.type,
            "image": here.image,
            "version": server.version,
            "state": server.state,
            "lifecycle": self._groups.lifecycles.get(here.id, ""),
            "health": self._health(here.id),
            "since": server.since,
            "cpu": round(used.cpu, 3),
            "memory": used.memory,
            "note": server.note,
            "group": here.group,
        }

    def _health(self, instance: str) -> str:
        balancers = self.lab.parts.get("balancers")
        health: Callable[[str], str] | None = getattr(balancers, "health", None)
        return health(instance) if health else ""

    async def aclose(self) -> None:
        """End everything at once."""
        for task in self._tasks.values():
            task.cancel()
        await _all([server.take_away() for server in self.servers.values()])


async def _all(work: Sequence[Awaitable[None]]) -> None:
    await asyncio.gather(*work, return_exceptions=True)
