import pytest

from rehearsal.live.console.guard import refusal

KEY = "the-key"
OPEN = {"host": "127.0.0.1:8900", "authorization": f"Bearer {KEY}"}
POST = OPEN | {"content-type": "application/json", "origin": "http://127.0.0.1:8900", "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {"host": "127.0.0.1:8900"}),
        ("GET", "/", {"host": "localhost:8900"}),
        ("GET", "/", {"host": "[::1]:8900"}),
        ("GET", "/", {"host": "localhost"}),
        ("GET", "/", {"host": "localhost:8900", "sec-fetch-site": "cross-site"}),  # a link to the page may be followed
        ("GET", "/page/main.js", {"host": "localhost:8900", "sec-fetch-site": "same-origin"}),
        ("GET", "/api/stream", OPEN),
        ("POST", "/api/do", POST),
        ("POST", "/api/do", POST | {"content-type": "application/json; charset=utf-8"}),
    ],
)
def test_the_page_itself_passes(method: str, path: str, headers: dict[str, str]) -> None:
    assert refusal(method, path, headers, KEY) is None


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 421),
        ("GET", "/", {"host": "rebound.example.com:8900"}, 421),
        ("GET", "/", {"host": "127.0.0.1.example.com"}, 421),
        ("GET", "/", {"host": "localhost.example.com:8900"}, 421),
        ("GET", "/", {"host": "10.0.64.4:8900"}, 421),
        ("GET", "/api/state", {"host": "localhost:8900"}, 401),
        ("GET", "/api/stream", OPEN | {"authorization": "Bearer another"}, 401),
        ("GET", "/api/stream", OPEN | {"authorization": KEY}, 401),
        ("GET", "/api/stream", OPEN | {"authorization": "Bearer "}, 401),
        ("GET", "/api/stream", OPEN | {"authorization": "Bearer kéy"}, 401),
        ("GET", "/api/state", OPEN | {"sec-fetch-site": "same-site"}, 403),  # another port of localhost
        ("POST", "/api/do", POST | {"sec-fetch-site": "cross-site"}, 403),
        ("POST", "/api/do", POST | {"origin": "http://127.0.0.1:9999"}, 403),
        ("POST", "/api/do", POST | {"origin": "http://localhost:8900"}, 403),  # another origin than the host's
        ("POST", "/api/do", POST | {"origin": "https://127.0.0.1:8900"}, 403),
        ("POST", "/api/do", POST | {"origin": "null"}, 403),
        ("POST", "/api/do", POST | {"content-type": "text/plain"}, 415),  # what a form can send
        ("POST", "/api/do", {k: v for k, v in POST.items() if k != "authorization"}, 401),
        ("POST", "/", POST, 405),
    ],
)
def test_nobody_else_does(method: str, path: str, headers: dict[str, str], status: int) -> None:
    refused = refusal(method, path, headers, KEY)
    assert refused
    assert refused[0] == status
