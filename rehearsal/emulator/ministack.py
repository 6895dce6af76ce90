"""ministack, called in this process.

Only its request handler is used. Its start-up is never run, so it opens no other port, runs no script, and looks
for no container engine (`environment.MINISTACK` is a second fence). Nor does it choose the service: of its own it would
look at the path first, and take an object's key for a path of Lambda's API or of its administration.
"""

import re
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

from ministack import app as ministack

from rehearsal.emulator.wire import Call, Response, not_emulated, unknown_operation

_call: ContextVar[Call] = ContextVar("_call")
"""The call that is being answered."""


def _signed_for(*_: object) -> str:
    """The service, which ministack calls by the name that it is signed with."""
    return _call.get().request.scope[1]


async def _nothing(*_: object, **__: object) -> None:
    """Leave the request to the service that it is for."""


async def _control(  # ministack's own signature
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, list[str]],
    request_id: str,
    **_: object,
) -> Any:
    if _call.get().service != "s3control":
        return None
    return await ministack._handle_s3_control_request(path, method, body, query, request_id, headers)


ministack.detect_service = _signed_for
ministack._handle_pre_body_request = _nothing
ministack._handle_post_body_shortcuts = _nothing
ministack._handle_special_data_plane_request = _control

ACCOUNT_AS_KEY = re.compile(r"(?<=Credential=)\d{12}(?=/|%2F)")
"""An access key of twelve digits, which ministack takes for an account of its own."""

UNKNOWN = (b"InvalidAction", b"UnknownOperation", b"UnsupportedOperation", b"NotImplemented")
"""Codes with which ministack answers an operation that it does not have."""


async def ask(call: Call) -> Response:
    """Call ministack. What it has no code for is answered with the error `NotEmulated`."""
    if call.request.path.startswith("/_ministack/"):
        return unknown_operation(call)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": call.request.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    _call.set(call)
    await ministack.app(scope(call), receive, send)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    if sent[0]["status"] in (400, 404, 501) and any(code in body for code in UNKNOWN):
        return not_emulated(call)
    return Response(sent[0]["status"], headers, body)


def scope(call: Call) -> dict[str, Any]:
    """The request as ASGI has it: https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope."""
    request = call.request
    query = ACCOUNT_AS_KEY.sub("rehearsal", request.query)
    names = {**request.headers, "host": "localhost"}
    if "authorization" in names:
        names["authorization"] = ACCOUNT_AS_KEY.sub("rehearsal", names["authorization"])
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode("latin-1"), value.encode()) for name, value in names.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
