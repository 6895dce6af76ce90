"""A node that runs, with real targets: who has requests, who is given up, and that changes lose none."""

from pathlib import Path
from typing import Any

from tests.rehearsal.live.conftest import Inside

SCENE = '''
import time
from rehearsal.live.balancers.running import Running
from rehearsal.live.balancers.slots import Slots
from tests.rehearsal.live.balancers.sample import WEB, balancer, node, target
from dataclasses import replace

SPEED = 10.0

async def serve(fabric, number, slow=0.0):
    """A target that answers with its number, after a while if it is asked for /slow."""
    host = await fabric.add_host(f"i-{number}", [f"10.0.0.{number}"], Place("eu-west-1", "eu-west-1a"))

    async def answer(reader, writer):
        head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
        if "/slow" in head:
            await asyncio.sleep(slow)
        writer.write(f"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 1\\r\\n\\r\\n{number}".encode())
        await writer.drain()
        writer.close()

    await host.listen(answer, host.address, 8080)
    return host

async def ask(users, path="/", seconds=5.0):
    """Status and body of a user's request."""
    async with asyncio.timeout(seconds):
        reader, writer = await users.connect("203.0.113.1", 8000)
        writer.write(f"GET {path} HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n".encode())
        said = (await reader.read(-1)).decode()
        writer.close()
        return [said.split(" ")[1], said.rpartition("\\r\\n\\r\\n")[2]]

async def until(running, number, state, seconds=5.0):
    """Wait for a target's state; return how long it took, in seconds at AWS."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        await running.look()
        if running.views(WEB).get(f"i-{number}:8080", ("",))[0] == state:
            return (time.monotonic() - began) * SPEED
        await asyncio.sleep(0.02)
    raise AssertionError(f"i-{number} isn't {state}: {running.views(WEB)}")

async def stand(fabric, folder):
    users = await fabric.add_host("users", ["192.0.2.100"], EDGE)
    host = await fabric.add_host("lb", ["203.0.113.1"], Place("eu-west-1", "eu-west-1a"))
    of = replace(node(balancer()), address="203.0.113.1")
    return users, Running(host, Path(folder), of, lambda seconds: seconds / SPEED), of
'''


def run(inside: Inside, folder: Path, body: str) -> Any:
    return inside(SCENE + body, folder=str(folder))


def test_a_target_has_requests_after_one_check_and_a_silent_one_is_given_up(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    users, running, of = await stand(fabric, folder)
    await running.apply(of, {WEB: []})
    none = await ask(users)
    one, two = await serve(fabric, 1), await serve(fabric, 2)
    await running.apply(of, {WEB: [target(1), target(2)]})
    first = await until(running, 1, "healthy")
    await until(running, 2, "healthy")
    answers = sorted({(await ask(users))[1] for _ in range(8)})
    one.silence()
    lost = await until(running, 1, "unhealthy")
    why = running.views(WEB)["i-1:8080"][1]
    after = sorted({(await ask(users))[1] for _ in range(8)})
    one.speak()
    await until(running, 1, "healthy")
    return {"none": none[0], "first": first, "answers": answers, "lost": lost, "why": why, "after": after,
            "counted": running.counters["web"].total.requests}
""",
    )
    assert found["none"] == "503"
    assert found["first"] < 6, "one check is enough, and the first comes at once"
    assert found["answers"] == ["1", "2"]
    assert found["why"] == "Target.Timeout"
    assert 2 < found["lost"] < 20, "12 s at most at AWS, and this machine's own time tenfold"
    assert found["after"] == ["2"]
    assert found["counted"] == 16


def test_a_target_that_drains_finishes_what_it_has_and_gets_nothing_new(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    users, running, of = await stand(fabric, folder)
    await serve(fabric, 1, slow=1.0)
    await running.apply(of, {WEB: [target(1)]})
    await until(running, 1, "healthy")
    under_way = asyncio.create_task(ask(users, "/slow"))
    await asyncio.sleep(0.2)
    await serve(fabric, 2)
    await running.apply(of, {WEB: [target(1, draining=True), target(2)]})
    await until(running, 2, "healthy")
    new = sorted({(await ask(users))[1] for _ in range(6)})
    finished = await under_way
    cut = asyncio.create_task(ask(users, "/slow"))
    await serve(fabric, 3, slow=3.0)
    await running.apply(of, {WEB: [target(3)]})
    await until(running, 3, "healthy")
    cut = asyncio.create_task(ask(users, "/slow"))
    await asyncio.sleep(0.2)
    await running.apply(of, {WEB: []})
    return {"new": new, "finished": finished, "cut": (await cut)[0]}
""",
    )
    assert found["new"] == ["2"]
    assert found["finished"] == ["200", "1"]
    assert found["cut"] != "200", "the deregistration delay is over"


def test_with_all_targets_unhealthy_requests_go_to_all_of_them(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    users, running, of = await stand(fabric, folder)
    check = replace(of.groups[WEB].check, matcher="201")
    of = replace(of, groups={**of.groups, WEB: replace(of.groups[WEB], check=check)})
    await serve(fabric, 1)
    await running.apply(of, {WEB: [target(1)]})
    await until(running, 1, "unhealthy")
    return {"answer": await ask(users), "open": running.fails_open(WEB), "why": running.views(WEB)["i-1:8080"]}
""",
    )
    assert found["answer"] == ["200", "1"]
    assert found["open"]
    assert found["why"][1:] == ["Target.ResponseCodeMismatch", "Health checks failed with these codes: [200]"]


def test_who_keeps_a_connection_must_connect_anew_after_a_while_and_loses_no_request(
    inside: Inside, tmp_path: Path
) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    users, running, of = await stand(fabric, folder)
    of = replace(of, balancer=replace(of.balancer, attributes={"client_keep_alive.seconds": "10"}))
    await serve(fabric, 1)
    await running.apply(of, {WEB: [target(1)]})
    await until(running, 1, "healthy")
    reader, writer = await users.connect("203.0.113.1", 8000)
    closes = []
    for _ in range(20):
        writer.write(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode().lower()
        closes.append("connection: close" in head)
        await reader.readexactly(1)
        if closes[-1]:
            break
        await asyncio.sleep(0.1)
    return {"answers": len(closes), "closes": closes[-1], "rest": (await reader.read(-1)).decode()}
""",
    )
    assert found["closes"]
    assert not found["rest"]
    assert 5 < found["answers"] < 13, "10 s at AWS are 1 s here"


def test_a_new_configuration_loses_no_request(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    users, running, of = await stand(fabric, folder)
    await serve(fabric, 1)
    running.slots[WEB] = Slots(1)
    await running.apply(of, {WEB: [target(1)]})
    await until(running, 1, "healthy")
    answers, ending = [], False

    async def load():
        while not ending:
            answers.append((await ask(users))[0])

    loading = asyncio.create_task(load())
    await asyncio.sleep(0.3)
    await serve(fabric, 2)
    first = running.process.pid
    await running.apply(of, {WEB: [target(1), target(2)]})
    await until(running, 2, "healthy")
    await running.apply(replace(of, mistakes=frozenset({"deep-health"})), {WEB: [target(1), target(2)]})
    await running.look()
    kept = {view[0] for view in running.views(WEB).values()}
    await asyncio.sleep(0.3)
    ending = True
    await loading
    return {"answers": sorted(set(answers)), "many": len(answers), "same": first == running.process.pid,
            "counted": running.counters["web"].total.requests, "size": running.slots[WEB].size, "kept": sorted(kept)}
""",
    )
    assert found["answers"] == ["200"]
    assert found["many"] > 20
    assert found["same"]
    assert found["size"] > 1
    assert found["kept"] == ["healthy"], "a target that is checked anew is what it was"


def test_a_new_configuration_sends_no_request_to_who_was_unhealthy(inside: Inside, tmp_path: Path) -> None:
    found = run(
        inside,
        tmp_path,
        """
async def test(fabric, folder):
    users, running, of = await stand(fabric, folder)
    one, two = await serve(fabric, 1), await serve(fabric, 2)
    running.slots[WEB] = Slots(2)
    await running.apply(of, {WEB: [target(1), target(2)]})
    await until(running, 1, "healthy")
    await until(running, 2, "healthy")
    one.silence()
    await until(running, 1, "unhealthy")
    await serve(fabric, 3)
    await running.apply(of, {WEB: [target(1), target(2), target(3)]})
    answers = [(await ask(users))[0] for _ in range(6)]
    one.speak()
    await until(running, 1, "healthy")
    return {"answers": sorted(set(answers)), "after": sorted({(await ask(users))[1] for _ in range(9)})}
""",
    )
    assert found["answers"] == ["200"]
    assert found["after"] == ["1", "2", "3"]
