"""The way to the account: bytes as they are, and silence for Regions that can't be reached."""

import asyncio
from pathlib import Path

import httpx
import pytest

from rehearsal.live.network.places import EDGE, Place
from rehearsal.live.relay import Relay

HERE, THERE = Place("eu-central-1", "eu-central-1a"), "eu-west-1"


def signed(region: str) -> bytes:
    return f"/ AWS4-HMAC-SHA256 Credential=AKIA/20261129/{region}/ec2/aws4_request, SignedHeaders=host".encode()


@pytest.mark.parametrize(
    ("cut", "region", "answered"),
    [
        ((), THERE, True),
        ((Place("eu-west-1"),), THERE, False),
        ((Place("eu-west-1"),), "eu-central-1", True),
        ((Place("eu-west-1"),), "us-east-1", True),
        ((Place("eu-central-1"),), "eu-central-1", True),  # whoever is inside reaches what is inside
        ((Place("eu-central-1"),), THERE, False),
        ((Place("eu-central-1"),), "us-east-1", False),
        ((HERE,), "eu-central-1", False),
        ((EDGE,), "us-east-1", False),
    ],
)
def test_a_cut_region_answers_nobody_outside(cut: tuple[Place, ...], region: str, answered: bool) -> None:
    def reachable(here: Place, there: Place) -> bool:
        def way(place: Place) -> set[Place]:
            return {place, Place(place.region)} if place.region else {EDGE}

        return not any(place in cut for place in way(here) ^ way(there))

    assert Relay(Path("unused"), reachable).answers(HERE, signed(region)) is answered


def test_a_presigned_address_has_its_region_too() -> None:
    head = b"/bucket/key?X-Amz-Credential=AKIA%2F20261129%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=1"
    assert Relay(Path("unused"), lambda _, there: there.region != "eu-west-1").answers(HERE, head) is False


async def exchange(folder: Path, body: bytes) -> httpx.Response:
    async def account(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(next(line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")))
        got = await reader.readexactly(size)
        answer = got[::-1]
        writer.write(b"HTTP/1.1 200 OK\r\nx-path: %s\r\ncontent-length: %d\r\n\r\n" % (head.split()[1], len(answer)))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_unix_server(account, str(folder / "account.sock"))
    relay = Relay(folder / "account.sock", lambda *_: True)
    front = await asyncio.start_server(relay.serve(HERE), "127.0.0.1", 0)
    port = front.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"http://127.0.0.1:{port}/a/b?c=d", content=body)
    front.close()
    server.close()
    return answer


@pytest.mark.parametrize("size", [0, 10, 300_000])
def test_requests_and_answers_pass_as_they_are(tmp_path: Path, size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    answer = asyncio.run(exchange(tmp_path, body))
    assert answer.content == body[::-1]
    assert answer.headers["x-path"] == "/a/b?c=d"
