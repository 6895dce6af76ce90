"""Run a program without an engine and write down every resource that it registers, with where its inputs come from."""

import asyncio
import json
import runpy
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
from google.protobuf import struct_pb2
from pulumi import resource_hooks
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import wait_for_rpcs

from bench.flat.tokens import Tokens

Answer = Callable[[str, dict[str, Any]], Mapping[str, Any]]
"""What a function of the provider answers: its token and arguments to its result."""


@dataclass(frozen=True)
class Registration:
    """One registered resource of a provider. Inputs have the wire's names; secrets keep their wrapper."""

    type: str
    name: str
    urn: str
    inputs: dict[str, Any]
    sources: dict[str, list[str]]
    """URNs of the resources that each input comes from."""
    after: list[str]
    """URNs of the resources that it waits for besides (`depends_on`)."""
    options: dict[str, Any] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    """Names that it had before."""


@dataclass(frozen=True)
class Call:
    """A function of the provider that was called: token and arguments, with the wire's names."""

    token: str
    args: dict[str, Any]
    name: str = ""
    """Of a call about a resource of the program: answered with placeholders, whose references have this name."""
    after: int = 0
    """How many resources had been registered before."""


@dataclass(frozen=True)
class Recording:
    """What a program did."""

    resources: list[Registration]
    components: int
    calls: list[Call]
    """Functions of the provider, each once."""
    tokens: Tokens


class _Cloud(mocks.Mocks):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.calls: dict[str, Call] = {}
        self.recorded: list[Registration] = []
        self.tokens = Tokens()

    def call(self, args: mocks.MockCallArgs) -> Any:
        given = {key: plain(value) for key, value in args.args.items()}
        about_resource = any(self.tokens.found(given))
        name = f"call-{len(self.calls)}" if about_resource else ""
        call = Call(args.token, given, name, len(self.recorded))
        made = self.calls.setdefault(args.token + json.dumps(given, sort_keys=True), call)
        return self.tokens.answered(made.token, made.name, given) if made.name else dict(self.answer(made.token, given))

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise NotImplementedError(f"{args.typ} {args.name}: only registrations are recorded, not reads")


class _Monitor(mocks.MockMonitor):
    """The engine's place: gives every output a placeholder and keeps what the SDK's own stand-in throws away."""

    def __init__(self, cloud: _Cloud, region: str) -> None:
        super().__init__(cloud)
        self.region = region
        self.recorded = cloud.recorded
        self.components = 0
        self.tokens = cloud.tokens
        self.lock = threading.Lock()

    def RegisterResource(self, request: Any) -> Any:
        if request.type == "pulumi:pulumi:Stack":
            return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's mocks have no types
        urn = self.make_urn(request.parent, request.type, request.name)
        if not request.custom:
            self.components += 1
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        if not request.type.startswith("aws:"):
            raise NotImplementedError(f"{request.type} {request.name}: the flat program has resources of aws only")
        with self.lock:  # registrations come from several threads
            return self._register(request, urn)

    def _register(self, request: Any, urn: str) -> Any:
        inputs = dict(rpc.deserialize_properties(request.object))
        self.recorded.append(_registration(request, urn, inputs))
        shown = {key: plain(value) for key, value in inputs.items()}
        answer = struct_pb2.Struct()
        state = self.tokens.answer(request.type, urn, shown, str(shown.get("region") or self.region))
        packed = {key for key, value in state.items() if isinstance(value, pulumi.Asset | pulumi.Archive)}
        answer.update({key: value for key, value in state.items() if key not in packed})
        for key in packed:
            answer.fields[key].CopyFrom(request.object.fields[key])
        return resource_pb2.RegisterResourceResponse(urn=urn, id=self.tokens.identity(urn), object=answer)


def _registration(request: Any, urn: str, inputs: dict[str, Any]) -> Registration:
    sources = {key: list(found.urns) for key, found in request.propertyDependencies.items()}
    known = {source for urns in sources.values() for source in urns}
    if request.provider:
        raise NotImplementedError(f"{urn} has a provider of its own; the flat program has the default one")
    options = {
        "protect": request.protect,
        "ignore_changes": list(request.ignoreChanges),
        "replace_on_changes": list(request.replaceOnChanges),
        "delete_before_replace": request.deleteBeforeReplace,
        "retain_on_delete": request.retainOnDelete,
        "additional_secret_outputs": sorted({*request.additionalSecretOutputs}),  # the SDK adds its own each time
    }
    return Registration(
        type=request.type,
        name=request.name,
        urn=urn,
        inputs=inputs,
        sources=sources,
        after=[source for source in request.dependencies if source not in known],
        options={key: value for key, value in options.items() if value},
        aliases=[alias.spec.name for alias in request.aliases if alias.spec.name],
    )


def plain(value: Any) -> Any:
    """A value of the wire without secret wrappers, whole numbers as int."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def record(
    build: Callable[[], object], answer: Answer, *, region: str, project: str = "bench", stack: str = "bench"
) -> Recording:
    """Run `build` and write down what it registers.

    Args:
        build: makes resources and components.
        answer: answers the functions of the provider that it calls.
        region: the provider's.
        project: `pulumi.get_project()`.
        stack: `pulumi.get_stack()`.
    """
    cloud = _Cloud(answer)
    monitor = _Monitor(cloud, region)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    mocks.set_mocks(cloud, project=project, stack=stack, preview=False, monitor=monitor)

    async def run() -> None:
        SETTINGS.outputs.clear()
        try:
            build()
        finally:
            await wait_for_rpcs()

    try:
        with mock.patch.object(resource_hooks, "register_resource_hook", _registered):
            loop.run_until_complete(run())
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return Recording(monitor.recorded, monitor.components, list(cloud.calls.values()), monitor.tokens)


def _registered(_hook: pulumi.ResourceHook) -> asyncio.Future[None]:
    """Answer the registration of a hook: there is no engine that would call it, and a flat program has none."""
    done: asyncio.Future[None] = asyncio.get_event_loop().create_future()
    done.set_result(None)
    return done


def record_program(folder: Path, config: Mapping[str, Any], answer: Answer, project: str, stack: str) -> Recording:
    """Run the program in `folder` with the config of a stack, as the language host does. Once a process: it imports."""
    sys.path.insert(0, str(folder))
    pulumi.runtime.set_all_config({key: config_text(value) for key, value in config.items()})
    return record(
        lambda: runpy.run_path(str(folder / "__main__.py"), run_name="__main__"),
        answer,
        region=str(config["aws:region"]),
        project=project,
        stack=stack,
    )


def config_text(value: Any) -> str:
    """A setting as the engine tells it to programs: texts as they are, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
