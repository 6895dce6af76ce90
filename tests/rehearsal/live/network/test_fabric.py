"""The network of the live plane: packets get through, until a place is cut or slow."""

import json
from pathlib import Path
from typing import Any

from tests.rehearsal.live.conftest import Inside

TWO_ZONES = """
import time
from contextlib import suppress

WHERE = {
    "here": ("10.0.0.4", Place("eu-west-1", "eu-west-1a")),
    "beside": ("10.0.8.4", Place("eu-west-1", "eu-west-1b")),
    "abroad": ("10.1.0.4", Place("eu-central-1", "eu-central-1a")),
    "users": ("192.0.2.100", EDGE),
}

async def hosts(fabric):
    made = {name: await fabric.add_host(name, [address], place) for name, (address, place) in WHERE.items()}
    async def echo(reader, writer):
        writer.write(await reader.readline())
        writer.close()
    await made["here"].listen(echo, "10.0.0.4", 7)
    return made

async def reaches(host, limit=0.6):
    began = time.monotonic()
    try:
        async with asyncio.timeout(limit):
            reader, writer = await host.connect("10.0.0.4", 7)
            writer.write(b"hello\\n")
            answered = await reader.readline() == b"hello\\n"
            writer.close()
    except (OSError, TimeoutError) as error:
        return type(error).__name__
    return round(time.monotonic() - began, 2) if answered else "wrong answer"

async def everybody(made):
    return {name: await reaches(host) for name, host in made.items()}
"""


def heard(answers: dict[str, Any]) -> set[str]:
    return {name for name, answer in answers.items() if isinstance(answer, float)}


def test_a_cut_is_silence_for_those_outside_and_nothing_for_those_inside(inside: Inside) -> None:
    source = """
async def test(fabric):
    made = await hosts(fabric)
    seen = {"before": await everybody(made)}
    fabric.cut(WHERE["here"][1])
    seen["zone"] = await everybody(made)
    seen["reachable"] = fabric.reachable(WHERE["beside"][1], WHERE["here"][1])
    fabric.heal()
    fabric.cut(Place("eu-west-1"))
    seen["region"] = await everybody(made)
    fabric.heal()
    seen["healed"] = await everybody(made)
    return seen
"""
    seen = inside(TWO_ZONES + source)
    assert heard(seen["before"]) == heard(seen["healed"]) == {"here", "beside", "abroad", "users"}, json.dumps(seen)
    assert heard(seen["zone"]) == {"here"}
    assert heard(seen["region"]) == {"here", "beside"}
    assert seen["zone"]["users"] == "TimeoutError", "AWS goes silent; an error at once would be kinder than it is"
    assert seen["reachable"] is False


def test_a_slow_zone_holds_each_packet(inside: Inside) -> None:
    source = """
async def test(fabric):
    made = await hosts(fabric)
    fabric.slow(WHERE["here"][1], 0.05)
    slow = await reaches(made["users"])
    fabric.heal()
    return [slow, await reaches(made["users"])]
"""
    slow, healed = inside(TWO_ZONES + source)
    assert 0.19 < slow < 0.5, "the handshake and the answer: four packets of 50 ms"
    assert healed < 0.1


def test_what_a_host_starts_ends_and_freezes_with_it(inside: Inside, tmp_path: Path) -> None:
    source = """
async def test(fabric, log):
    host = await fabric.add_host("one", ["10.0.0.4"], Place("eu-west-1", "eu-west-1a"))
    words = ["sh", "-c", "id -u; sleep 100 & setsid sleep 100 & wait"]
    user = await host.start(words, env={}, as_user=True, log=Path(log))
    await asyncio.sleep(0.5)
    running = len(host.everything())
    host.freeze()
    await asyncio.sleep(0.2)  # a signal is delivered when its process is scheduled
    states = {Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] for pid in host.everything()}
    await fabric.remove_host(host)
    return [Path(log).read_text().strip(), running, sorted(states), user.returncode, len(fabric.hosts)]
"""
    uid, running, states, code, left = inside(source, log=str(tmp_path / "log"))
    assert (uid, running, states, code, left) == ("1000", 3, ["T"], -9, 0)


def test_two_hosts_of_one_name_or_address_are_refused(inside: Inside) -> None:
    source = """
async def test(fabric):
    await fabric.add_host("one", ["10.0.0.4"], EDGE)
    said = []
    for name, address in (("one", "10.0.0.5"), ("two", "10.0.0.4")):
        try:
            await fabric.add_host(name, [address], EDGE)
        except ValueError as error:
            said.append(str(error))
    return said
"""
    assert inside(source) == ["there is a host one already", "two: 10.0.0.4 is the address of one"]
