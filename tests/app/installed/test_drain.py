"""The application as installed, when systemd stops it."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable

import httpx

from tests.app.rig import NO_TLS, App, Valkey, eventually

Start = Callable[..., App]
USERS = 8


def test_a_stop_fails_no_request_of_a_balancer_that_needs_a_second_to_notice(start: Start) -> None:
    app = start(DRAIN_SECONDS="2.5")

    async def user(until: list[float]) -> list[int]:
        codes = []
        async with httpx.AsyncClient(base_url=app.url, timeout=30, verify=NO_TLS) as client:
            while time.monotonic() < until[0]:
                codes.append((await client.get("/?format=json")).status_code)
                await asyncio.sleep(0.01)
        return codes

    async def main() -> tuple[list[int], list[httpx.Response]]:
        until = [float("inf")]
        users = [asyncio.create_task(user(until)) for _ in range(USERS)]
        await asyncio.sleep(0.3)
        app.process.send_signal(signal.SIGTERM)
        until[0] = time.monotonic() + 1
        await asyncio.sleep(0.05)
        checks = [await asyncio.to_thread(app.get, path) for path in ("/healthz", "/readyz", "/")]
        return [code for codes in await asyncio.gather(*users) for code in codes], checks

    codes, (health, readiness, page) = asyncio.run(main())
    assert len(codes) > 3 * USERS
    assert set(codes) == {200}
    assert (health.status_code, health.text) == (503, "draining\n")
    assert (readiness.status_code, readiness.text) == (503, "not ready: draining\n")
    assert (page.status_code, page.headers["connection"]) == (200, "close")
    assert app.process.wait(5) == 0


def test_a_request_that_waits_for_the_store_when_the_drain_ends_is_still_answered(start: Start, store: Valkey) -> None:
    app = start(DRAIN_SECONDS="0.3")
    store.pause()
    threading.Timer(1.5, store.resume).start()
    threading.Timer(0.2, app.process.send_signal, (signal.SIGTERM,)).start()
    answer = app.get("/?format=json")
    assert (answer.status_code, answer.json()["visits"]) == (200, 1)
    assert answer.elapsed.total_seconds() > 0.8  # of 1.5; the drain ended after 0.5
    assert app.process.wait(5) == 0


def test_a_second_sigterm_ends_the_drain(start: Start) -> None:
    app = start(DRAIN_SECONDS="60")
    app.process.send_signal(signal.SIGTERM)
    eventually(lambda: app.get("/healthz").status_code == 503, what="draining")
    app.process.send_signal(signal.SIGTERM)
    app.process.wait(5)


def test_connections_stay_open_between_requests_until_the_drain(start: Start) -> None:
    app = start(DRAIN_SECONDS="60")
    with app.browser() as balancer:
        assert "connection" not in balancer.get("/healthz").headers
        app.process.send_signal(signal.SIGTERM)
        eventually(lambda: balancer.get("/healthz").status_code == 503, what="draining")
        assert balancer.get("/healthz").headers["connection"] == "close"
