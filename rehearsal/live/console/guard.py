"""Who may talk to the console: the page that a person opened with this start's key, and nobody else.

The console listens on 127.0.0.1 of a machine that may have other users, and in reach of every page in the browser. So

- `Host` is this machine by name or address: a foreign name that resolves to 127.0.0.1 (DNS rebinding) gets nothing;
- `Origin` and `Sec-Fetch-Site`, where a browser sends them, say that the console's own page asks; there is no CORS;
- everything but the page itself needs the key, in a header that no form and no other origin can send. The page
  gets it in the fragment of its address, which browsers send to no server.
"""

import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = ("127.0.0.1", "localhost", "[::1]")
API = "/api/"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Of each answer: nothing is loaded from elsewhere, nobody frames the page, nothing is kept."""


def refusal(method: str, path: str, headers: Mapping[str, str], key: str) -> tuple[int, str] | None:
    """Why a request is refused, as status and reason; None if it may pass. Header names are in lower case."""
    host = headers.get("host", "")
    if host.rpartition(":")[0] not in HERE and host not in HERE:
        return 421, "The console answers to 127.0.0.1 and localhost only."
    api = path.startswith(API)
    foreign = api and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    if foreign or headers.get("origin", f"http://{host}") != f"http://{host}":
        return 403, "Another page asked; the console answers its own only."
    if not api:
        return None if method in ("GET", "HEAD") else (405, "The page can only be read.")
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not secrets.compare_digest(given.encode(), key.encode()):
        return 401, "This needs the key of this start: open the address that `make live` printed."
    if method == "POST" and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return 415, "A request is JSON."
    return None


class Guard:
    """Middleware that refuses as `refusal` says, and sends `HEADERS` with each answer."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._key = app, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] != "http":
            return  # a WebSocket that nobody accepts
        refused = refusal(scope["method"], scope["path"], HTTPConnection(scope).headers, self._key)
        app = PlainTextResponse(refused[1], refused[0]) if refused else self._app
        await app(scope, receive, guarded)
