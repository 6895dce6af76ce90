"""The application as installed, with a real Valkey: pages and sessions."""

import asyncio
from collections.abc import Callable

import httpx

from tests.app.rig import App, Valkey, eventually

Start = Callable[..., App]
COOKIE = "ha_web_session"


def test_a_session_goes_on_at_whichever_server_answers(start: Start) -> None:
    servers = [start(HA_WEB_INSTANCE_ID=name, HA_WEB_ZONE=zone) for name, zone in (("i-1", "1a"), ("i-2", "1b"))]
    with httpx.Client(params={"format": "json"}) as browser:
        answers = [browser.get(server.url).json() for server in servers * 2]
    assert [(answer["server"], answer["zone"], answer["visits"]) for answer in answers] == [
        ("i-1", "1a", 1),
        ("i-2", "1b", 2),
        ("i-1", "1a", 3),
        ("i-2", "1b", 4),
    ]
    assert len({answer["started"] for answer in answers}) == 1


def test_two_browsers_have_two_sessions(app: App) -> None:
    with app.browser() as one, app.browser() as two:
        assert [one.get("/").json()["visits"], two.get("/").json()["visits"]] == [1, 1]
        assert one.cookies[COOKIE] != two.cookies[COOKIE]


def test_each_visit_lets_the_session_live_for_another_ttl(start: Start, store: Valkey) -> None:
    app = start(SESSION_TTL="60")
    with app.browser() as browser:
        browser.get("/")
        key = f"session:{browser.cookies[COOKIE]}"
        assert 30 < store.admin.ttl(key) <= 60
        store.admin.expire(key, 30)  # as if half a minute had passed
        browser.get("/")
        assert 30 < store.admin.ttl(key) <= 60
        assert store.admin.hget(key, "visits") == "2"
        store.admin.pexpire(key, 1)
        eventually(lambda: not store.admin.exists(key), what="the session's end")
        assert browser.get("/").json()["visits"] == 1


def test_the_page_names_server_zone_and_region(app: App) -> None:
    page = app.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for text in ("i-0123456789abcdef0", "eu-central-1b", "eu-central-1<", "<b>1</b> visit in this session"):
        assert text in page.text


def test_the_accept_header_chooses_between_page_and_json(app: App) -> None:
    assert app.get("/", headers={"Accept": "application/json"}).json()["visits"] == 1
    assert "<!doctype html>" in app.get("/", headers={"Accept": "text/html,application/json;q=0.9"}).text
    wrong = app.get("/?format=xml")
    assert (wrong.status_code, wrong.text) == (400, "format='xml': neither html nor json\n")


def test_the_cookie_is_out_of_reach_for_scripts_and_secure_behind_https(app: App) -> None:
    def attributes(**headers: str) -> str:
        return app.get("/", headers=headers).headers["set-cookie"].partition("; ")[2]

    assert attributes() == "HttpOnly; Max-Age=1800; Path=/; SameSite=lax"
    assert attributes(**{"X-Forwarded-Proto": "https"}) == "HttpOnly; Max-Age=1800; Path=/; SameSite=lax; Secure"
    assert "Secure" not in attributes(**{"X-Forwarded-Proto": "http"})


def test_behind_a_balancer_that_adds_no_headers_the_cookie_can_always_be_secure(start: Start) -> None:
    """A network load balancer that ends TLS tells the application nothing of it."""
    assert "; Secure" in start(SESSION_COOKIE_SECURE="always").get("/").headers["set-cookie"]


def test_an_id_that_the_server_did_not_give_is_not_adopted(app: App, shared_store: Valkey) -> None:
    for chosen in ("A" * 32, "../../etc", "x" * 5000):
        answer = app.get("/?format=json", headers={"Cookie": f"{COOKIE}={chosen}"})
        assert answer.json()["visits"] == 1
        assert COOKIE in answer.cookies
        assert answer.cookies[COOKIE] != chosen
        assert not shared_store.admin.exists(f"session:{chosen}")


def test_ids_are_random_and_long(app: App) -> None:
    ids = {app.get("/").cookies[COOKIE] for _ in range(20)}
    assert len(ids) == 20
    assert {len(value) for value in ids} == {32}  # 24 random bytes


def test_concurrent_visits_of_one_session_are_all_counted(app: App) -> None:
    async def main() -> list[int]:
        async with httpx.AsyncClient(base_url=app.url, params={"format": "json"}, timeout=30) as client:
            await client.get("/")
            answers = await asyncio.gather(*(client.get("/") for _ in range(50)))
            return sorted(answer.json()["visits"] for answer in answers)

    assert asyncio.run(main()) == list(range(2, 52))
