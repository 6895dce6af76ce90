"""The gRPC servicer: Pulumi's provider protocol in terms of a plugin's `Resources`.

Why the wire and not the SDK's provider interface: docs/decisions/0001-the-emulated-plugin-speaks-the-wire-protocol.md.
"""

from __future__ import annotations

import re
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent import futures
from functools import wraps
from typing import Any, ClassVar, Protocol

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal.plugin import sdk
from rehearsal.plugin.difference import Difference
from rehearsal.plugin.errors import PartialError
from rehearsal.plugin.shapes import Failures
from rehearsal.plugin.wire import plain, struct

WORKERS = 32
"""Requests served side by side; the engine's own parallelism is 16 by default."""

Values = dict[str, Any]

_Method = Callable[["Provider", Any, Any], Any]


class Resources(Protocol):
    """The resources of one configured provider: what the engine asks of them. Names and ids are texts, tokens too."""

    def check(self, token: str, name: str, news: Values, olds: Values, seed: bytes) -> tuple[Values, Failures]:
        """The inputs with the provider's own filled in, and what is wrong with them."""

    def diff(self, token: str, old_inputs: Values, olds: Values, news: Values) -> Difference:
        """Compare the former inputs with the new ones."""

    def create(self, token: str, name: str, inputs: Values, *, preview: bool) -> tuple[str, Values]:
        """Make the resource; its id and state."""

    def read(self, token: str, name: str, id: str, inputs: Values, state: Values) -> tuple[Values, Values] | None:
        """Inputs and state as they are now; None if the resource is gone."""

    def update(
        self, token: str, name: str, id: str, old_inputs: Values, olds: Values, news: Values, *, preview: bool
    ) -> Values:
        """Change the resource in place; its new state."""

    def delete(self, token: str, name: str, id: str, inputs: Values, state: Values) -> None:
        """Delete the resource."""

    def invoke(self, token: str, args: Values) -> tuple[Values, Failures]:
        """A function's result, and what is wrong with its arguments."""


def _explained(method: _Method) -> _Method:
    """Turn errors into the protocol's, in one line; a mistake of the plugin also leaves its traceback on stderr."""

    @wraps(method)
    def inner(self: Provider, request: Any, context: Any) -> Any:
        try:
            return method(self, request, context)
        except PartialError as error:
            return _abort_partial(request, context, error)
        except Exception as error:
            if not isinstance(error, (*self.expected, RuntimeError, LookupError, ValueError)):
                raise
            if not isinstance(error, (*self.expected, RuntimeError)):
                traceback.print_exc(file=sys.stderr)
            return context.abort(grpc.StatusCode.UNKNOWN, _subject(request) + str(error))

    return inner


def _subject(request: Any) -> str:
    urn = getattr(request, "urn", "")
    return f'{_type(urn)} "{_name(urn)}": ' if urn else ""


def _abort_partial(request: Any, context: Any, error: PartialError) -> Any:
    # The SDK's own copy: a process can hold one definition of google.rpc.Status, and the SDK's servers load this one.
    from pulumi.runtime.proto import status_pb2  # noqa: PLC0415 - costs start-up time, and is rarely needed

    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=struct(error.state), inputs=request.properties, reasons=[str(error)]
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=_subject(request) + str(error))
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    return context.abort(grpc.StatusCode.UNKNOWN, status.message)


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


# ruff: noqa: ARG002 - the protocol gives every method a request and a context
class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider; the engine starts a process for each and configures it once. A plugin says what is its own."""

    name: ClassVar[str]
    """The plugin's name, like `aws`."""
    expected: ClassVar[tuple[type[Exception], ...]] = ()
    """Errors that are no mistakes of the plugin."""

    def __init__(self) -> None:
        self._resources: Resources | None = None

    def config_failures(self, args: Values) -> Failures:
        """List what the rehearsal doesn't honour in the provider's settings."""
        raise NotImplementedError

    def configured(self, args: Values) -> Resources:
        """The resources of a provider with these settings, which are good."""
        raise NotImplementedError

    def warm(self) -> None:
        """Load what the first resources need while the engine still starts the program."""

    @property
    def resources(self) -> Resources:
        """The configured resources; RuntimeError before Configure."""
        if self._resources is None:
            raise RuntimeError(f"the {self.name} plugin is not configured")
        return self._resources

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The plugin's version: the SDK's."""
        return plugin_pb2.PluginInfo(version=sdk.version(self.name))

    def Attach(self, request: Any, context: Any) -> Any:
        """Serve an engine that didn't start this process."""
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        """Calls are short; there is nothing to cancel."""
        return empty_pb2.Empty()

    @_explained
    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuse settings that the rehearsal doesn't honour."""
        args = plain(request.news)
        return provider_pb2.CheckResponse(
            inputs=request.news, failures=_failures(_type(request.urn), self.config_failures(args))
        )

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """A provider's settings never replace its resources; a changed region shows at each of them."""
        changed = plain(request.old_inputs or request.olds) != plain(request.news)
        kind = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=kind)

    @_explained
    def Configure(self, request: Any, context: Any) -> Any:
        """Get ready; refused if the stack isn't a rehearsal."""
        args = plain(request.args)
        wrong = self.config_failures(args)
        if wrong:
            raise RuntimeError("; ".join(f"{self.name}:{setting} {reason}" for setting, reason in wrong))
        self._resources = self.configured(args)
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True)

    @_explained
    def Check(self, request: Any, context: Any) -> Any:
        """Fill in names and defaults; validate everything."""
        token = _type(request.urn)
        inputs, wrong = self.resources.check(
            token, _name(request.urn), plain(request.news), plain(request.olds), request.randomSeed
        )
        return provider_pb2.CheckResponse(inputs=struct(inputs), failures=_failures(token, wrong))

    @_explained
    def Diff(self, request: Any, context: Any) -> Any:
        """Compare, property by property."""
        olds = _without_ignored(request)
        found = self.resources.diff(_type(request.urn), plain(request.old_inputs), olds, plain(request.news))
        return _diff_response(found)

    @_explained
    def Create(self, request: Any, context: Any) -> Any:
        """Create a resource."""
        id, state = self.resources.create(
            _type(request.urn), _name(request.urn), plain(request.properties), preview=request.preview
        )
        return provider_pb2.CreateResponse(id=id, properties=struct(state))

    @_explained
    def Read(self, request: Any, context: Any) -> Any:
        """Read a resource; an empty id says that it's gone."""
        found = self.resources.read(
            _type(request.urn), _name(request.urn), request.id, plain(request.inputs), plain(request.properties)
        )
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, inputs=struct(found[0]), properties=struct(found[1]))

    @_explained
    def Update(self, request: Any, context: Any) -> Any:
        """Update a resource in place."""
        state = self.resources.update(
            _type(request.urn),
            _name(request.urn),
            request.id,
            plain(request.old_inputs),
            _without_ignored(request),
            plain(request.news),
            preview=request.preview,
        )
        return provider_pb2.UpdateResponse(properties=struct(state))

    @_explained
    def Delete(self, request: Any, context: Any) -> Any:
        """Delete a resource."""
        self.resources.delete(
            _type(request.urn), _name(request.urn), request.id, plain(request.old_inputs), plain(request.properties)
        )
        return empty_pb2.Empty()

    @_explained
    def Invoke(self, request: Any, context: Any) -> Any:
        """Answer a function."""
        result, wrong = self.resources.invoke(request.tok, plain(request.args))
        response = provider_pb2.InvokeResponse(failures=_failures(request.tok, wrong))
        getattr(response, "return").CopyFrom(struct(result))
        return response


def _without_ignored(request: Any) -> Values:
    """Return the state without the arguments whose changes are ignored: the engine gives the former ones for them."""
    ignored = {re.split(r"[.\[]", path)[0] for path in request.ignoreChanges}
    return {name: value for name, value in plain(request.olds).items() if name not in ignored}


def _failures(token: str, found: list[tuple[str, str]]) -> list[Any]:
    return [
        provider_pb2.CheckFailure(
            property=path.split(".")[0].split("[")[0], reason=f"{token}: {path}: {reason}" if path else reason
        )
        for path, reason in found
    ]


def _diff_response(found: Difference) -> Any:
    kinds = provider_pb2.PropertyDiff.Kind
    detailed = {
        path: provider_pb2.PropertyDiff(kind=kinds.Value(kind), inputDiff=of_inputs)
        for pairs, of_inputs in ((found.inputs, True), (found.outputs, False))
        for path, kind in pairs.items()
    }
    some = provider_pb2.DiffResponse.DIFF_SOME if detailed else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some,
        replaces=found.replaces,
        deleteBeforeReplace=found.delete_before_replace,
        diffs=sorted({path.split(".")[0].split("[")[0] for path in detailed}),
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )


def serve(provider: Provider, port: int = 0) -> tuple[Any, int]:
    """Start the server on the loopback address; it and its port."""
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(WORKERS), options=unlimited)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    threading.Thread(target=provider.warm, daemon=True).start()
    return server, bound
