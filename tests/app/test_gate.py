"""The gate, in virtual time: no test here waits."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.ha_web_app.gate import Gate, NoGate, StoreDown, Unavailable
from tests.app.virtual_time import run

BUDGET = 20.0
PAUSE = 0.25
HAMMERED = 5000


class Store:
    """Works but for the given spans of time; counts what reaches it."""

    def __init__(self, *outages: tuple[float, float]) -> None:
        self.outages = outages
        self.probes = self.calls = self.under_way = self.most_under_way = 0

    def check(self) -> None:
        now = asyncio.get_running_loop().time()
        if any(start <= now < end for start, end in self.outages):
            raise StoreDown("connection refused")

    async def probe(self) -> None:
        self.probes += 1
        if self.probes > HAMMERED:
            pytest.fail("the store is hammered")  # which no `except Exception` stops
        self.check()

    async def call(self) -> str:
        self.calls += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0.001)
        self.under_way -= 1
        self.check()
        return "answer"

    def gate(self, calls: int = 50, waiting: int = 5000) -> Gate:
        return Gate(self.probe, budget=BUDGET, calls=calls, waiting=waiting, pause=PAUSE)


async def at(time: float, call: Callable[[], Awaitable[str]]) -> tuple[str, float]:
    """What the call gave at that time (an error's text if it failed), and how long it took."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(time - loop.time())
    begun = loop.time()
    try:
        result = await call()
    except Unavailable as problem:
        result = f"failed: {problem}"
    return result, loop.time() - begun


async def requests(store: Store, gate: Gate, *times: float) -> list[tuple[str, float]]:
    try:
        return await asyncio.gather(*(at(time, lambda: gate.run(store.call)) for time in times))
    finally:
        await gate.aclose()


def outcome(store: Store, *times: float, calls: int = 50, waiting: int = 5000) -> list[tuple[str, float]]:
    async def main() -> list[tuple[str, float]]:
        return await requests(store, store.gate(calls, waiting), *times)

    return run(main())


def test_a_working_store_is_called_at_once_and_never_probed() -> None:
    store = Store()
    results = outcome(store, 0, 1, 2)
    assert [answer for answer, _ in results] == ["answer"] * 3
    assert max(took for _, took in results) < 0.002
    assert (store.calls, store.probes) == (3, 0)


def test_five_hundred_requests_survive_an_outage_with_one_prober() -> None:
    store = Store((1, 7))
    results = outcome(store, 1, *(1.5 + n / 250 for n in range(500)))
    assert {answer for answer, _ in results} == {"answer"}
    assert max(took for _, took in results) == pytest.approx(6.0, abs=PAUSE + 0.02)
    # One failed call, then a probe each pause, then each request's own call: nobody but the prober tried.
    assert store.probes == pytest.approx(6 / PAUSE, abs=2)
    assert store.calls == 502


def test_a_request_waits_as_long_as_the_budget_and_no_longer() -> None:
    [(answer, took)] = outcome(Store((0, 1000)), 0)
    assert answer == "failed: retry budget of 20 s spent; connection refused"
    assert took == pytest.approx(BUDGET, abs=0.01)


def test_requests_fail_at_once_after_the_budget_until_the_prober_succeeds() -> None:
    store = Store((0, 100))
    _, (late, late_took), (after, after_took) = outcome(store, 0, 50, 101)
    assert late.startswith("failed")
    assert late_took == 0
    assert after == "answer"
    assert after_took < 0.002
    assert store.calls == 2


def test_a_request_that_comes_late_in_an_outage_waits_only_for_what_is_left_of_its_budget() -> None:
    _, (answer, took) = outcome(Store((0, 1000)), 0, 15)
    assert answer.startswith("failed")
    assert took == pytest.approx(5, abs=0.01)


def test_two_outages_in_a_row_share_the_budget_of_one_request() -> None:
    """The second outage has a budget of its own, but the request that waited through the first has not."""
    store = Store((0, 12), (12.25, 1000))

    async def main() -> list[tuple[str, float]]:
        gate = store.gate(calls=1)
        slow = asyncio.create_task(at(0, lambda: gate.run(slow_call)))
        results = await requests(store, gate, 0.5)
        return [await slow, *results]

    async def slow_call() -> str:
        await asyncio.sleep(1)
        return await store.call()

    for answer, took in run(main()):
        assert answer.startswith("failed")
        assert took <= BUDGET + 1.01


def test_requests_beyond_the_waiting_limit_fail_at_once() -> None:
    results = outcome(Store((0, 5)), 0, *[1.0] * 30, waiting=20)
    failed = [took for answer, took in results if answer == "failed: 20 requests wait already; connection refused"]
    assert len(failed) == 11  # of 31; the first waits too
    assert set(failed) == {0}


def test_no_more_calls_are_under_way_than_there_are_connections() -> None:
    store = Store((0, 5))
    results = outcome(store, 0, *[1.0] * 300, calls=7)
    assert {answer for answer, _ in results} == {"answer"}
    assert store.most_under_way == 7


def test_requests_that_wait_for_a_connection_when_the_store_goes_down_do_not_try_it() -> None:
    store = Store((0, 5))
    results = outcome(store, *[0.0] * 300, calls=7)
    assert {answer for answer, _ in results} == {"answer"}
    assert store.calls == 7 + 300


def test_a_call_that_began_before_the_gate_opened_does_not_shut_it_again() -> None:
    async def main() -> tuple[int, str | None]:
        store = Store((0, 1))
        gate = store.gate()

        async def stale() -> str:
            """Fails after two seconds, on a connection to a dead server, but the first time only."""
            if not stale_calls:
                stale_calls.append(1)
                await asyncio.sleep(2)
                raise StoreDown("silent")
            return await store.call()

        stale_calls: list[int] = []
        slow = asyncio.create_task(gate.run(stale))
        await asyncio.sleep(0)
        assert await gate.run(store.call) == "answer"  # shut and opened in the meantime
        probes = store.probes
        assert await slow == "answer"
        await gate.aclose()
        return store.probes - probes, gate.shut_because

    assert run(main()) == (0, None)


def test_a_store_that_answers_probes_but_fails_calls_is_not_hammered() -> None:
    probes = []

    async def probe() -> None:
        probes.append(1)

    async def call() -> str:
        if len(probes) > HAMMERED:
            pytest.fail("the store is hammered")
        raise StoreDown("OOM")

    async def main() -> tuple[str, float]:
        return await at(0, lambda: Gate(probe, budget=BUDGET, pause=PAUSE).run(call))

    answer, took = run(main())
    assert answer.endswith("OOM")
    assert took == pytest.approx(BUDGET, abs=PAUSE)
    assert len(probes) <= BUDGET / PAUSE + 2


def test_the_prober_outlives_an_error_that_nobody_expected() -> None:
    store = Store((0, 2))

    async def probe() -> None:
        try:
            await store.probe()
        except StoreDown:
            raise ZeroDivisionError from None

    async def main() -> list[tuple[str, float]]:
        return await requests(store, Gate(probe, budget=BUDGET, pause=PAUSE), 0)

    assert run(main())[0][0] == "answer"


def test_an_error_that_is_no_outage_reaches_the_caller_and_leaves_the_gate_open() -> None:
    async def main() -> str | None:
        gate = Store().gate(calls=1)

        async def call() -> str:
            raise KeyError("a bug")

        for _ in range(3):
            with pytest.raises(KeyError):
                await gate.run(call)
        return gate.shut_because

    assert run(main()) is None


def test_a_cancelled_request_gives_its_slot_back() -> None:
    async def main() -> str:
        store = Store()
        gate = store.gate(calls=1)

        async def forever() -> str:
            await asyncio.sleep(1e6)
            return "never"

        stuck = asyncio.create_task(gate.run(forever))
        await asyncio.sleep(1)
        stuck.cancel()
        return await gate.run(store.call)

    assert run(main()) == "answer"


def test_a_shut_gate_says_since_when_and_why() -> None:
    async def main() -> str | None:
        store = Store((0, 1000))
        gate = store.gate()
        request = asyncio.create_task(at(0, lambda: gate.run(store.call)))
        await asyncio.sleep(3.001)
        reason = gate.shut_because
        request.cancel()
        await gate.aclose()
        return reason

    assert run(main()) == "shut for 3.0 s: connection refused"


def test_without_a_gate_each_request_hammers_a_store_that_is_down_by_itself() -> None:
    gated, alone = Store((0, 5)), Store((0, 5))
    with_gate = run(requests(gated, gated.gate(), *[0.1] * 20))

    async def each_for_itself() -> list[tuple[str, float]]:
        gate = NoGate(budget=BUDGET)
        return await asyncio.gather(*(at(0.1, lambda: gate.run(alone.call)) for _ in range(20)))

    without = run(each_for_itself())
    assert {answer for answer, _ in with_gate + without} == {"answer"}
    assert gated.calls <= 40
    assert alone.calls >= 20 * 15


def test_without_a_gate_a_request_gives_up_after_its_budget() -> None:
    store = Store((0, 100))
    [(answer, took)] = run(_alone(store))
    assert answer == "failed: retry budget of 20 s spent; connection refused"
    assert BUDGET - 1 <= took <= BUDGET


async def _alone(store: Store) -> list[tuple[str, float]]:
    gate = NoGate(budget=BUDGET)
    return [await at(0, lambda: gate.run(store.call))]
