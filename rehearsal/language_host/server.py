"""The `pulumi-language-python` plugin for a CLI that was built from its Go module, which comes without one.

The engine starts it with the engine's address as the last argument; it prints its port and serves Pulumi's
`LanguageRuntime` (sdk/proto/pulumi/language.proto in github.com/pulumi/pulumi): programs run in a child process
(`program.py` beside this file), plugins written in Python (components, policy packs) in another.
Where the vendor's CLI is found, its own language host serves instead of this one.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2, json_format

sys.path.insert(0, str(Path(__file__).parents[2]))  # of this process only: the engine starts this very file
from rehearsal.plugin.process import import_protocol_only

import_protocol_only()
from pulumi.runtime.proto import language_pb2 as pb  # noqa: E402 (after what spares it the whole SDK)
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2  # noqa: E402

PROGRAM = Path(__file__).with_name("program.py")
REPORTED = 32
"""Exit code of `program.py` when it has already printed what went wrong."""


def interpreter(root: str, options: dict[str, Any]) -> str:
    """The Python of the project's `virtualenv` option, else the one that runs this host."""
    if environment := options.get("virtualenv"):
        python = Path(root, str(environment), "bin", "python")
        if python.exists():
            return str(python)
    return sys.executable


def options_of(info: Any) -> dict[str, Any]:
    """The `runtime.options` of Pulumi.yaml."""
    options: dict[str, Any] = json_format.MessageToDict(info.options)
    return options


def environment(extra: dict[str, str]) -> dict[str, str]:
    """This process's environment and `extra`."""
    return {**os.environ, **extra}


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs and Python plugins for the engine that started it."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def Handshake(self, request: Any, context: Any) -> pb.LanguageHandshakeResponse:  # noqa: ARG002 (gRPC)
        """Learn the engine's address."""
        self.engine = request.engine_address or self.engine
        return pb.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: ARG002 (gRPC)
        """Tell the version, which is the SDK's."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def GetRequiredPlugins(self, request: Any, context: Any) -> pb.GetRequiredPluginsResponse:  # noqa: ARG002
        """Name none: see `GetRequiredPackages`."""
        return pb.GetRequiredPluginsResponse()

    def GetRequiredPackages(self, request: Any, context: Any) -> pb.GetRequiredPackagesResponse:  # noqa: ARG002
        """Name none ahead: the engine loads a plugin when the first resource asks for it."""
        return pb.GetRequiredPackagesResponse()

    def GetProgramDependencies(self, request: Any, context: Any) -> pb.GetProgramDependenciesResponse:  # noqa: ARG002
        """List the installed distributions, as `pulumi about` shows them."""
        found = [pb.DependencyInfo(name=d.metadata["Name"], version=d.version) for d in metadata.distributions()]
        return pb.GetProgramDependenciesResponse(dependencies=found)

    def About(self, request: Any, context: Any) -> pb.AboutResponse:  # noqa: ARG002 (gRPC)
        """Tell which Python this is."""
        return pb.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: ARG002 (gRPC)
        """Do nothing: `make` installs what the lock file pins."""
        return iter(())

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002 (gRPC)
        """Do nothing: the engine interrupts the process group itself."""
        return empty_pb2.Empty()

    def Run(self, request: Any, context: Any) -> pb.RunResponse:
        """Run a program in a child process, with what the engine said of stack and config on its stdin."""
        order = {
            "monitor": request.monitor_address,
            "engine": self.engine,
            "project": request.project,
            "stack": request.stack,
            "organization": request.organization,
            "root_directory": request.info.root_directory,
            "parallel": request.parallel,
            "dry_run": request.dryRun,
            "config": dict(request.config),
            "secret_keys": list(request.configSecretKeys),
            "program": str(Path(request.info.program_directory, request.info.entry_point)),
        }
        python = interpreter(request.info.root_directory, options_of(request.info))
        config = {"PULUMI_CONFIG": json.dumps(order["config"])}
        child = subprocess.Popen(
            [python, "-u", str(PROGRAM)], stdin=subprocess.PIPE, cwd=request.pwd, env=environment(config)
        )
        # Where the engine is interrupted, the program would otherwise wait for it until it is killed.
        context.add_callback(child.terminate)
        child.communicate(json.dumps(order).encode())
        if child.returncode == REPORTED:
            return pb.RunResponse(bail=True)
        error = f"the program ended with exit code {child.returncode}" if child.returncode else ""
        return pb.RunResponse(error=error)

    def RunPlugin(self, request: Any, context: Any) -> Iterator[pb.RunPluginResponse]:
        """Run a policy pack or a component package and pass on what it prints, until it ends."""
        info = request.info
        python = interpreter(info.root_directory, options_of(info))
        folder = info.program_directory
        command = [python, "-u", *self._entry(request.kind, folder, list(request.args))]
        extra = dict(item.split("=", 1) for item in request.env)
        # A policy pack and a component package are imported from their own folder.
        path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH", "")]))
        child = subprocess.Popen(
            command,
            cwd=folder if request.kind == "analyzer" else request.pwd,
            env=environment({**extra, "PYTHONPATH": path}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(child.terminate)
        yield from relay(child)

    @staticmethod
    def _entry(kind: str, folder: str, args: list[str]) -> list[str]:
        if kind == "analyzer":
            return ["-m", "pulumi.policy", *args, folder]
        if Path(folder, "__main__.py").exists():
            return [folder, *args]
        return ["-m", "pulumi.run.plugin", distribution(folder), *args]


def distribution(folder: str) -> str:
    """The `project.name` of the pyproject.toml in `folder`: what `pulumi.run.plugin` imports."""
    import tomllib  # noqa: PLC0415 (only plugins need it, programs start without)

    with Path(folder, "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["name"])


def relay(child: subprocess.Popen[bytes]) -> Iterator[pb.RunPluginResponse]:
    """Everything that `child` prints, line by line, then its exit code."""
    lines: queue.Queue[pb.RunPluginResponse | None] = queue.Queue()

    def pump(stream: IO[bytes] | None, message: Callable[[bytes], pb.RunPluginResponse]) -> None:
        for line in stream or ():
            lines.put(message(line))
        lines.put(None)

    pumps = (
        (child.stdout, lambda line: pb.RunPluginResponse(stdout=line)),
        (child.stderr, lambda line: pb.RunPluginResponse(stderr=line)),
    )
    for arguments in pumps:
        threading.Thread(target=pump, args=arguments, daemon=True).start()
    open_streams = len(pumps)
    while open_streams:
        message = lines.get()
        if message is None:
            open_streams -= 1
        else:
            yield message
    yield pb.RunPluginResponse(exitcode=child.wait())


def main() -> None:
    """Serve on a free loopback port until the engine ends this process."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # The engine ends a plugin with SIGINT, and waits 5 s for one that does not go.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop(grace=0.2))
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
