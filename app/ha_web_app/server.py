"""The routes, and a server that drains on SIGTERM."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .database import Database
from .gate import Gate, NoGate, StoreDown, Unavailable
from .orders import Orders
from .page import HEADERS, unavailable_page, visits_page
from .sessions import Sessions, Visit
from .settings import GRACE_SECONDS, Settings

COOKIE = "ha_web_session"
RETRY_AFTER = 5  # seconds; the time between two rounds of the balancer's health checks
READY_FOR = 1.0  # seconds that an answer of /readyz is reused, so that strangers can't load the store with it
log = logging.getLogger("ha_web_app")


class Application:
    """The routes and what they share; `asgi` is the application for the server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.draining = False
        self.sessions = Sessions(settings)
        self._ready: tuple[float, str | None] = (float("-inf"), None)
        routes = [
            Route("/", self._page),
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
        ]
        if settings.orders and settings.database_url:
            self.database: Database | None = Database(
                settings.database_url, limit=settings.orders_timeout, connections=settings.orders_connections
            )
            orders = Orders(self.database, self._who(), RETRY_AFTER)
            routes.append(Route("/orders/{key}", orders.answer, methods=["GET", "PUT"]))
        else:
            self.database = None
        self.asgi = _close_when(lambda: self.draining, Starlette(routes=routes, lifespan=self._lifespan))

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        settings = self.settings
        self.gate: Gate | NoGate = NoGate(budget=settings.session_budget)
        if settings.session_gate:
            self.gate = Gate(
                self.sessions.reconnect,
                budget=settings.session_budget,
                calls=settings.session_connections,
                waiting=settings.session_waiting,
            )
        self._ready_lock = asyncio.Lock()
        yield
        await self.gate.aclose()
        await self.sessions.aclose()
        if self.database:
            await self.database.aclose()

    async def _page(self, request: Request) -> Response:
        form = request.query_params.get("format", "")
        if form not in ("", "html", "json"):
            return PlainTextResponse(f"format={form!r}: neither html nor json\n", 400, HEADERS)
        accept = request.headers.get("accept", "")
        as_json = form == "json" or (not form and "application/json" in accept and "text/html" not in accept)
        try:
            visit = await self.gate.run(lambda: self.sessions.visit(request.cookies.get(COOKIE)))
        except Unavailable as problem:
            return self._unavailable(str(problem), as_json)
        response = self._visited(visit, as_json)
        response.set_cookie(
            COOKIE,
            visit.session_id,
            max_age=self.settings.session_ttl,
            httponly=True,
            samesite="lax",
            secure=self.settings.cookie_always_secure or request.headers.get("x-forwarded-proto") == "https",
        )
        return response

    def _who(self) -> dict[str, str]:
        here = self.settings
        return {"server": here.instance_id, "zone": here.zone, "region": here.region}

    def _visited(self, visit: Visit, as_json: bool) -> Response:
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(visit.started))
        if as_json:
            return JSONResponse(self._who() | {"visits": visit.visits, "started": started}, headers=HEADERS)
        rows = {name.capitalize(): value for name, value in self._who().items()} | {"Session since": started}
        return HTMLResponse(visits_page(visit.visits, rows, self.settings.session_ttl / 60), headers=HEADERS)

    def _unavailable(self, reason: str, as_json: bool) -> Response:
        headers = HEADERS | {"Retry-After": str(RETRY_AFTER)}
        if as_json:
            error = "session store not available"
            return JSONResponse(self._who() | {"error": error, "reason": reason}, 503, headers)
        rows = {name.capitalize(): value for name, value in self._who().items()}
        return HTMLResponse(unavailable_page(rows, RETRY_AFTER), 503, headers)

    async def _healthz(self, _: Request) -> Response:
        """Alive and not draining. Never asks the store, whose failover must not take every server out."""
        if self.draining:
            return PlainTextResponse("draining\n", 503, HEADERS)
        return PlainTextResponse("ok\n", headers=HEADERS)

    async def _readyz(self, _: Request) -> Response:
        """Able to serve a session now: for people and alarms, never for the balancer."""
        reason = "draining" if self.draining else self.gate.shut_because or await self._store_problem()
        if reason:
            return PlainTextResponse(f"not ready: {reason}\n", 503, HEADERS)
        return PlainTextResponse("ready\n", headers=HEADERS)

    async def _store_problem(self) -> str | None:
        async with self._ready_lock:
            asked, reason = self._ready
            if time.monotonic() - asked > READY_FOR:
                try:
                    await self.sessions.probe()
                    reason = None
                except StoreDown as problem:
                    reason = f"session store: {problem}"
                self._ready = (time.monotonic(), reason)
            return reason


def _close_when(draining: Callable[[], bool], application: ASGIApp) -> ASGIApp:
    """While draining, each answer tells the balancer not to reuse the connection, which is about to close."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_closing(message: Message) -> None:
            if message["type"] == "http.response.start" and draining():
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        await application(scope, receive, send_closing)

    return wrapped


class DrainingServer(uvicorn.Server):
    """On SIGTERM goes on serving for the drain time, /healthz at 503, then finishes what is under way."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application
        self._drained_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begins to drain on the first SIGTERM; ends at once on a second one or on SIGINT."""
        if sig != signal.SIGTERM or self._application.draining:
            super().handle_exit(sig, frame)
            return
        self._application.draining = True
        self._drained_at = time.monotonic() + self._application.settings.drain

    async def on_tick(self, counter: int) -> bool:
        """Asked ten times a second whether to exit."""
        return await super().on_tick(counter) or time.monotonic() >= self._drained_at


def serve(settings: Settings) -> None:
    """Serves until a signal ends it."""
    application = Application(settings)
    config = uvicorn.Config(
        application.asgi,
        host=settings.address,
        port=settings.port,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # the balancer writes one
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.keep_alive,
        timeout_graceful_shutdown=int(settings.session_budget + GRACE_SECONDS),
    )
    DrainingServer(config, application).run()
