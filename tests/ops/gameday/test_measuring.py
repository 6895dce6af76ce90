"""What users see, from requests that were answered or not."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ops.gameday.measuring import Asked, Asker, ask, figures, is_calm, recovered, slices
from tests.components.standby import closed_port


class Handler(BaseHTTPRequestHandler):
    """Answers with the status in its path; `/hangs` not at all."""

    def do_GET(self) -> None:
        if self.path == "/hangs":
            time.sleep(1)
        self.send_response(int(self.path.strip("/") or 200) if self.path != "/hangs" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("path", "problem"), [("/", ""), ("/404", ""), ("/503", "status 503"), ("/hangs", "Timeout")])
def test_an_answer_of_a_server_that_fails_or_none_is_a_problem(site: str, path: str, problem: str) -> None:
    found = ask(site + path, timeout=0.2).problem
    assert found.startswith(problem)
    assert bool(found) is bool(problem)


def test_nobody_who_listens_is_a_problem_with_a_name() -> None:
    assert ask(f"http://127.0.0.1:{closed_port()}/").problem == "ConnectionRefusedError"


def test_requests_go_on_while_one_waits(site: str) -> None:
    with Asker(f"{site}/hangs", 0.02) as asker:
        time.sleep(0.3)
    assert len(asker.done) > 5  # one after the other there would be one


def of(*problems: str, began: float = 100.0) -> list[Asked]:
    """A request a second; an empty problem is an answer."""
    return [Asked(began + number, 0.5, problem) for number, problem in enumerate(problems)]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (of("", "", ""), 0.0),
        (of("", "timeout", "timeout", ""), 2.5),
        (of("timeout", "", "", "timeout"), 3.5),
        (of("timeout", began=90.0), 0.0),  # before the fault
    ],
)
def test_users_are_served_again_when_the_last_that_failed_knows_it(asked: list[Asked], seconds: float) -> None:
    assert recovered(asked, 100.0) == seconds


def test_silence_is_not_calm() -> None:
    asked = of("timeout", "", "", "")
    assert is_calm(asked, 103.5, 3.0)
    assert not is_calm(asked, 103.5, 10.0)
    assert not is_calm(asked, 200.0, 3.0)


def test_figures_are_of_all_requests_and_of_each_few_seconds() -> None:
    asked = of("", "timeout", "timeout", "status 503", "")
    found = figures(asked)
    assert (found["requests"], found["failed"], found["gap"]) == (5, 3, 2.5)
    assert found["problems"] == {"timeout": 2, "status 503": 1}
    assert found["p50"] == 0.5
    [first] = slices(asked)
    assert (first["answered"], first["failed"]) == (2, 3)
    assert figures([])["p99"] is None
