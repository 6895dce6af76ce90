"""The console's server: the page, what it is told, and what it asks for. The daemon serves it over a Unix socket."""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rehearsal.live.console.actions import problems
from rehearsal.live.console.feed import Feed, Seen
from rehearsal.live.console.guard import Guard
from rehearsal.live.console.shapes import Lab

KEY = "REHEARSAL_LIVE_TOKEN"
"""Taken out of the environment, so that no child process gets it."""
PAGE = Path(__file__).parent / "page"
LARGEST = 4096
"""Bytes of a request: an action is far smaller."""
PATIENCE = 120.0
"""Seconds for an action: a release registers a version first."""


def app(lab: Lab, key: str | None = None) -> Starlette:
    """The console of a lab. `app.state.key` opens it: its page is `/#KEY`. Without one it is the door's."""
    key = key or os.environ.pop(KEY, "") or secrets.token_urlsafe(24)
    feed = Feed(lab)

    async def page(_: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    async def state(_: Request) -> Response:
        return JSONResponse(feed.news(Seen()))

    async def stream(request: Request) -> Response:
        since = request.query_params.get("since", "0")

        async def lines() -> AsyncIterator[str]:
            async for message in feed.messages(int(since) if since.isdecimal() else 0):
                yield f"data: {message}\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    async def do(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return JSONResponse({"ok": False, "error": "the request is too large"}, 413)
        try:
            asked = json.loads(body)
        except ValueError:
            return JSONResponse({"ok": False, "error": "the request is no JSON"}, 400)
        if wrong := problems(asked):
            return JSONResponse({"ok": False, "error": "; ".join(wrong)}, 422)
        try:
            answer = dict(await asyncio.wait_for(lab.do(asked), PATIENCE))
        except Exception as error:  # whatever the action fails with: the person at the page is told
            answer = {"ok": False, "error": str(error) or type(error).__name__}
        return JSONResponse(answer, 200 if answer.get("ok") else 409)

    routes = [
        Route("/", page),
        Route("/api/state", state),
        Route("/api/stream", stream),
        Route("/api/do", do, methods=["POST"]),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    made = Starlette(routes=routes, middleware=[Middleware(Guard, key=key)])
    made.state.key = key
    return made
