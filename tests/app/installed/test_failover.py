"""The application as installed, while a real Valkey dies, falls silent, is demoted or loses its replica."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.app.rig import NO_TLS, App, Endpoint, Refusing, Valkey, eventually, listening, visits

Start = Callable[..., App]
PROBES_A_SECOND = 4  # the gate's pause is 0.25 s


def test_the_balancers_check_stays_green_while_the_store_is_down(start: Start, store: Valkey) -> None:
    app = start(SESSION_RETRY_BUDGET="0")
    assert app.get("/readyz").status_code == 200
    store.kill()
    eventually(lambda: app.get("/readyz").status_code == 503, what="/readyz 503")
    assert app.get("/readyz").text.startswith("not ready: session store: ConnectionError: ")
    assert (app.get("/healthz").status_code, app.get("/healthz").text) == (200, "ok\n")
    assert app.get("/").status_code == 503
    assert app.get("/healthz").status_code == 200
    store.start()
    eventually(lambda: app.get("/readyz").status_code == 200, what="/readyz 200")


def test_the_deep_check_is_quick_when_the_store_is_silent(start: Start, store: Valkey) -> None:
    app = start()
    store.pause()
    with ThreadPoolExecutor() as pool:
        deep = pool.submit(app.get, "/readyz")
        shallow = app.get("/healthz")
    assert (deep.result().status_code, shallow.status_code) == (503, 200)
    assert deep.result().elapsed.total_seconds() < 3  # the time-out is 1 s
    assert shallow.elapsed.total_seconds() < 0.9


def test_the_time_out_holds_for_connecting_and_all_answers_together(start: Start, store: Valkey) -> None:
    endpoint = Endpoint(store.port)
    with listening(endpoint.handle, endpoint.port):
        app = start(endpoint.port, SESSION_TIMEOUT="0.5")
        assert app.get("/readyz").status_code == 200
        endpoint.delay = 0.35  # below it for each answer (to AUTH, to the commands), above it for both
        eventually(lambda: app.get("/readyz").status_code == 503, 2, "/readyz 503")
        assert "no answer within 0.5 s" in app.get("/readyz").text


def test_a_hundred_requests_survive_the_stores_death_and_one_prober_tries_it(start: Start, store: Valkey) -> None:
    app = start()
    app.get("/")
    store.kill()
    refusing = Refusing()
    with ThreadPoolExecutor() as pool:
        with listening(refusing.handle, store.port):
            begun = time.monotonic()
            first = pool.submit(app.get, "/")  # shuts the gate
            eventually(lambda: "gate shut" in app.log.read_text(), what="the gate's shutting")
            waiting = pool.submit(asyncio.run, visits(app, 100))
            time.sleep(2)
            outage = time.monotonic() - begun
            assert not waiting.done()
        store.start()
        assert first.result().status_code == 200
        assert {answer.status_code for answer in waiting.result()} == {200}
    assert 2 <= refusing.connections <= outage * PROBES_A_SECOND + 2


def test_requests_wait_for_a_silent_store_and_no_count_goes_back(start: Start, store: Valkey) -> None:
    app = start(SESSION_TIMEOUT="0.3")
    with app.browser() as browser:
        before = browser.get("/").json()["visits"]
        store.pause()
        threading.Timer(1, store.resume).start()
        during = browser.get("/")
        assert during.elapsed.total_seconds() > 0.5
        # The silent store may execute, once awake, what it was sent before: a visit can count twice, never be lost.
        assert during.json()["visits"] > before
        assert browser.get("/").json()["visits"] == during.json()["visits"] + 1


def test_beyond_the_budget_requests_fail_at_once_until_the_store_is_back(start: Start, store: Valkey) -> None:
    app = start(SESSION_RETRY_BUDGET="1.5")
    store.kill()
    first, second = app.get("/?format=json"), app.get("/")
    for answer in (first, second):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert first.json()["reason"].startswith("retry budget of 1.5 s spent; ConnectionError")
    assert "Please try again in 5 s." in second.text
    assert 1.4 < first.elapsed.total_seconds() < 4
    assert second.elapsed.total_seconds() < 0.9
    store.start()
    eventually(lambda: app.get("/").status_code == 200, what="recovery")


def test_a_demoted_primary_is_left_for_the_new_one(start: Start, store: Valkey, replica: Valkey) -> None:
    """As in a failover: the roles change first, the endpoint's name follows a second later."""
    endpoint = Endpoint(store.port)
    with listening(endpoint.handle, endpoint.port):
        app = start(endpoint.port)
        with app.browser() as browser:
            assert browser.get("/").json()["visits"] == 1
            eventually(lambda: replica.admin.dbsize() == store.admin.dbsize(), what="the replica's catching up")
            replica.promote()
            store.follow(replica)
            threading.Timer(1, setattr, (endpoint, "target", replica.port)).start()
            answer = browser.get("/")
            assert (answer.status_code, answer.json()["visits"]) == (200, 2)
            assert answer.elapsed.total_seconds() > 0.5
        [shut] = [line for line in app.log.read_text().splitlines() if "gate shut" in line]
        assert "ReadOnlyError" in shut
        assert replica.admin.hget(f"session:{browser.cookies['ha_web_session']}", "visits") == "2"


def test_idle_connections_to_a_primary_that_fell_silent_cost_nobody_a_time_out(
    start: Start, store: Valkey, replica: Valkey
) -> None:
    endpoint = Endpoint(store.port)
    with listening(endpoint.handle, endpoint.port):
        app = start(endpoint.port)
        store.pause()
        with ThreadPoolExecutor(20) as pool:
            burst = [pool.submit(app.get, "/") for _ in range(20)]
            time.sleep(0.3)
            store.resume()
            assert {answer.result().status_code for answer in burst} == {200}
        opened = endpoint.connections
        assert opened >= 10
        store.pause()
        replica.promote()
        endpoint.target = replica.port
        assert app.get("/").status_code == 200  # finds out, after the time-out of 1 s
        begun = time.monotonic()
        for _ in range(10):
            assert app.get("/").status_code == 200
        assert time.monotonic() - begun < 5  # or each would take a second
    assert app.log.read_text().count("gate shut") == 1


def test_a_wanted_replica_confirms_each_visit_or_the_visit_waits(start: Start, replica: Valkey) -> None:
    app = start(SESSION_WAIT_REPLICAS="1", SESSION_WAIT_TIMEOUT="200", SESSION_RETRY_BUDGET="1")
    with app.browser() as browser:
        assert browser.get("/").json()["visits"] == 1
        key = f"session:{browser.cookies['ha_web_session']}"
        replica.pause()
        lost = browser.get("/")
        assert lost.status_code == 503
        assert "0 of 1 replicas confirmed within 200 ms" in lost.json()["reason"]
        replica.resume()
        eventually(lambda: app.get("/readyz").status_code == 200, what="replication")
        counted = browser.get("/").json()["visits"]
        assert counted > 1
        assert replica.admin.hget(key, "visits") == str(counted)  # no waiting: it has confirmed


def test_a_wrong_password_is_a_clear_reason(start: Start) -> None:
    answer = start(SESSION_PASSWORD_FILE="", SESSION_PASSWORD="wrong", SESSION_RETRY_BUDGET="0.3").get("/?format=json")
    assert answer.status_code == 503
    assert "AuthenticationError" in answer.json()["reason"]
    assert "wrong" not in answer.json()["reason"]


def test_a_burst_is_served_over_a_bounded_number_of_connections(start: Start, store: Valkey) -> None:
    app = start(SESSION_CONNECTIONS="5")
    answers = asyncio.run(visits(app, 100))
    assert {answer.status_code for answer in answers} == {200}
    opened = store.admin.info("stats")["total_connections_received"]
    assert 2 <= opened <= 5 + 2  # two of them ours: to see it start, and to ask


def test_more_waiting_requests_than_allowed_are_turned_away(start: Start, store: Valkey) -> None:
    app = start(SESSION_MAX_WAITING="10")
    store.kill()

    async def main() -> list[int]:
        async with httpx.AsyncClient(base_url=app.url, timeout=30, verify=NO_TLS) as client:
            first = asyncio.create_task(client.get("/"))
            await asyncio.to_thread(eventually, lambda: "gate shut" in app.log.read_text())
            others = [asyncio.create_task(client.get("/")) for _ in range(30)]
            while sum(other.done() for other in others) < 21:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(store.start)
            return [answer.status_code for answer in await asyncio.gather(first, *others)]

    codes = asyncio.run(main())
    assert codes[0] == 200
    assert (codes.count(200), codes.count(503)) == (10, 21)
