import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient

from rehearsal.live.console.server import KEY, PAGE, app
from tests.rehearsal.live.console.fake_lab import FakeLab

HERE = "http://127.0.0.1:8900"
HEAL = {"do": "heal"}


def client(lab: FakeLab, *, key: str = "k") -> TestClient:
    return TestClient(app(lab, "k"), base_url=HERE, headers={"Authorization": f"Bearer {key}"})


def test_the_page_comes_without_a_key_and_says_nothing_of_the_lab() -> None:
    answer = client(FakeLab(), key="").get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "www.example.com" not in answer.text


@pytest.mark.parametrize("file", sorted(path.name for path in PAGE.iterdir()))
def test_each_file_of_the_page_is_served(file: str) -> None:
    answer = client(FakeLab()).get(f"/page/{file}")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_loads_nothing_from_elsewhere() -> None:
    policy = client(FakeLab()).get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for path in PAGE.iterdir():
        text = path.read_text().replace("http://www.w3.org/", "")
        assert "//" not in "".join(line for line in text.splitlines() if "http" in line), path.name


@pytest.mark.parametrize("path", ["/page/../server.py", "/page/%2e%2e/server.py", "/page/..%2fserver.py"])
def test_no_file_beside_the_page_is_served(path: str) -> None:
    assert client(FakeLab()).get(path).status_code == 404


def test_the_state_needs_the_key() -> None:
    assert client(FakeLab(), key="another").get("/api/state").status_code == 401
    answer = client(FakeLab()).get("/api/state")
    assert answer.json()["state"]["account"]["site"] == "www.example.com"


def test_what_a_person_does_reaches_the_lab() -> None:
    lab = FakeLab()
    answer = client(lab).post("/api/do", json=HEAL)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert lab.asked == [HEAL]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (json.dumps({"do": "credentials"}).encode(), 422), (b'{"do": "' + b"x" * 5000 + b'"}', 413)],
)
def test_a_request_that_is_none_never_reaches_it(body: bytes, status: int) -> None:
    lab = FakeLab()
    answer = client(lab).post("/api/do", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (status, False)
    assert lab.asked == []


def test_what_the_lab_refuses_is_told() -> None:
    kill = {"do": "fault", "what": "kill-server", "region": "eu-west-1", "instance": "i-none"}
    answer = client(FakeLab()).post("/api/do", json=kill)
    assert (answer.status_code, answer.json()["error"]) == (409, "no instance i-none")


def test_what_the_lab_fails_with_is_told() -> None:
    lab = FakeLab()

    async def do(request: Mapping[str, Any]) -> Mapping[str, Any]:
        raise OSError(f"{request['do']}: no such process")

    lab.do = do  # type: ignore[method-assign]
    answer = client(lab).post("/api/do", json=HEAL)
    assert (answer.status_code, answer.json()) == (409, {"ok": False, "error": "heal: no such process"})


def test_the_doors_key_opens_it_and_no_child_process_inherits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "of-the-door")
    assert app(FakeLab()).state.key == "of-the-door"
    assert KEY not in os.environ


def test_each_start_has_a_key_of_its_own() -> None:
    one, two = app(FakeLab()).state.key, app(FakeLab()).state.key
    assert one != two
    assert len(one) >= 32


async def first_line(socket: Path) -> str:
    server = uvicorn.Server(uvicorn.Config(app(FakeLab(), "k"), uds=str(socket), log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    transport = httpx.AsyncHTTPTransport(uds=str(socket))
    headers = {"Authorization": "Bearer k"}
    async with (
        httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as asked,
        asked.stream("GET", "/api/stream?since=0") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        line = await anext(answer.aiter_lines())
    server.should_exit = True
    await asyncio.wait_for(serving, 10)
    return line


def test_the_stream_runs_over_a_unix_socket_and_ends_with_its_page(tmp_path: Path) -> None:
    kind, _, message = asyncio.run(first_line(tmp_path / "console.sock")).partition(": ")
    assert kind == "data"
    assert json.loads(message)["state"]["pace"] == 1
