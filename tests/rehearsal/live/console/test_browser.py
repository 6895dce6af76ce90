"""The page in a real browser, over a simulated site."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from rehearsal.live.console import app
from tests.rehearsal.live.console.browser import CHROMIUM, Browser, browser
from tests.rehearsal.live.console.fake_lab import STEP, FakeLab

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium on the path (Debian: apt-get install chromium)"),
    pytest.mark.xdist_group("browser"),
]
KEY = "key-of-this-test"
SERVERS = "document.querySelectorAll('.box.server').length"
TINY = 360


class Console:
    """The console over a simulated site, on a port of its own, in a thread."""

    def __init__(self) -> None:
        self.lab = FakeLab()
        self.lab.past(120)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/#{KEY}"

    def start(self) -> None:
        made = app(self.lab, KEY)
        config = uvicorn.Config(made, port=self.port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    async def _serve(self) -> None:
        async def run() -> None:
            while True:
                self.lab.tick()
                await asyncio.sleep(STEP)

        running = asyncio.create_task(run())
        await self._server.serve()
        running.cancel()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.fixture
def console() -> Iterator[Console]:
    made = Console()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def page(chromium: Browser, console: Console) -> Iterator[Browser]:
    chromium.look(1440, 900)
    chromium.errors.clear()
    chromium.open("about:blank")
    chromium.open(console.url)
    chromium.until(f"{SERVERS} === 6")
    yield chromium
    chromium.open("about:blank")


def text(page: Browser, selector: str) -> str:
    found: str = page.run(f"document.querySelector('{selector}').textContent")
    return found


def test_the_page_is_alive_and_its_console_is_clean(page: Browser) -> None:
    page.until("Number(document.querySelector('#ok').textContent) > 80")
    before = page.run("document.querySelector('.box.server .meter i').style.transform")
    page.until(f"document.querySelector('.box.server .meter i').style.transform !== '{before}'")
    assert text(page, "#link") == "live"
    assert text(page, "#serving") == "eu-west-1"
    assert page.errors == []


def test_the_key_is_gone_from_the_address_and_a_reload_still_has_it(page: Browser) -> None:
    assert KEY not in page.run("location.href")
    page.run("window.before = true")
    page.reload()
    page.until(f"!window.before && {SERVERS} === 6")


def test_without_the_key_the_page_asks_for_it_and_shows_nothing(chromium: Browser, console: Console) -> None:
    chromium.open("about:blank")
    chromium.open(f"http://localhost:{console.port}/")
    chromium.until("document.querySelector('#locked')?.hidden === false")
    assert chromium.run(SERVERS) == 0
    chromium.run(f"document.querySelector('#key').value = '{KEY}'; document.querySelector('#unlock button').click()")
    chromium.until(f"{SERVERS} === 6 && document.querySelector('#locked').hidden")


def test_a_button_breaks_what_it_names_and_the_page_shows_what_follows(page: Browser, console: Console) -> None:
    page.run("document.querySelector('[aria-label=\"Kill: Server\"]').click()")
    page.until("document.querySelector('.event.is-fault')")
    asked = console.lab.asked[-1]
    assert (asked["what"], asked["region"]) == ("kill-server", "eu-west-1")
    page.until("document.querySelector('.box.server.is-bad')")
    page.until("document.querySelector('#since-what').textContent.includes('killed')")
    page.until("/[1-9][0-9]* failed/.test(document.querySelector('#since-seen').textContent)")
    assert asked["instance"][:10] in text(page, ".event.is-fault")
    assert not page.run("document.querySelector('#toast').hidden")


def test_what_failed_since_the_fault_is_not_forgotten_with_the_charts_window(page: Browser, console: Console) -> None:
    console.lab.events.note("fault", "cut region: eu-west-1")
    sums = "Number((/([0-9,]+) failed/.exec(document.querySelector('#since-seen').textContent) ?? [0, '-1'])[1])"
    page.until(f"document.querySelector('#since-what').textContent.startsWith('cut region') && {sums} === 0")
    now = int(time.time())
    failing: list[dict[str, Any]] = [
        {"at": now + n, "sent": 2, "ok": 1, "errors": {"503": 1}, "zones": {}} for n in range(1, 401)
    ]
    for seconds in (failing[:250], failing[250:]):  # the page keeps 300
        console.lab.load.seconds = seconds
        page.until(f"{sums} === {seconds[-1]['at'] - now}")


def test_a_thing_that_is_clicked_offers_what_can_be_done_to_it(page: Browser, console: Console) -> None:
    page.run("document.querySelector('.zone-head').click()")
    assert page.run("document.querySelector('#details').open")
    page.run("[...document.querySelectorAll('#details-actions button')].find(b => b.textContent === 'Cut off').click()")
    page.until("!document.querySelector('#details').open")
    cut = {"do": "fault", "what": "cut-zone", "region": "eu-west-1", "zone": "eu-west-1a"}
    assert console.lab.asked[-1] == cut
    page.until("document.querySelector('.zone.is-bad')")
    page.run("document.querySelector('#heal').click()")
    page.until("!document.querySelector('.zone.is-bad')")


def test_what_can_not_be_done_is_said(page: Browser) -> None:
    page.run("document.querySelector('[aria-label=\"Fill: Memory, of the sessions\"]').click()")
    page.until("document.querySelector('#toast.is-bad')")
    assert "not simulated here" in text(page, "#toast")


def test_the_load_is_turned_up(page: Browser, console: Console) -> None:
    set_to = "const r = document.querySelector('#rate'); r.value = 300; r.dispatchEvent(new Event('input')); "
    page.run(f"(() => {{ {set_to} r.dispatchEvent(new Event('change')); }})()")
    page.until("Number(document.querySelector('#ok').textContent) > 250")
    assert console.lab.asked[-1] == {"do": "load", "rate": 300}


def test_a_daemon_that_is_gone_is_said_and_found_again(page: Browser, console: Console) -> None:
    console.stop()
    page.until("document.querySelector('#link').classList.contains('is-lost')")
    console.start()
    page.until("document.querySelector('#link').classList.contains('is-live')")
    assert page.run("document.querySelectorAll('.event').length") == len(console.lab.events.all)


@pytest.mark.parametrize(("width", "dark"), [(TINY, False), (TINY, True), (390, True), (768, False), (1440, True)])
def test_nothing_is_wider_than_the_window(page: Browser, width: int, dark: bool) -> None:
    page.look(width, 800, dark=dark)
    page.run("document.querySelector('#simulated').open = true")
    assert page.run("document.documentElement.scrollWidth") <= width
    wide = f"[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > {width} + 1)"
    assert page.run(f"{wide}.map(e => e.className || e.tagName)") == []


def test_the_theme_follows_the_system_and_the_choice(page: Browser) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page.look(1440, 900, dark=True)
    dark = page.until(f"document.documentElement.classList.contains('dark') && {ground}")
    page.run("const t = document.querySelector('#theme'); t.value = 'light'; t.dispatchEvent(new Event('change'))")
    assert page.run(ground) != dark
    page.run("localStorage.clear()")


def luminance(colour: list[float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


TEXTS = "h2, h3, small, b, em, label, .hint, .danger, .heal, .badge, .state > span, .row i, time"
PAIRS = """[...document.querySelectorAll(TEXTS)]
  .filter(e => e.offsetParent && e.textContent.trim()).map(e => {
    const rgb = c => c.match(/[\\d.]+/g).map(Number);
    const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const chain = []; for (let at = e; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
    for (const c of chain) { paint.fillStyle = c; paint.fillRect(0, 0, 1, 1); }
    const under = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
    return [e.className || e.tagName, e.textContent.slice(0, 20), rgb(getComputedStyle(e).color).slice(0, 3), under];
  })"""


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_from_its_ground(page: Browser, dark: bool) -> None:
    """At least 4.5 to 1: https://www.w3.org/TR/WCAG22/#contrast-minimum."""
    page.look(1440, 900, dark=dark, still=True)
    page.run("document.querySelector('[aria-label=\"Cut: Zone\"]').click()")
    page.until("document.querySelector('.event.is-fault')")
    weak = []
    for kind, said, over, under in page.run(PAIRS.replace("TEXTS", repr(TEXTS))):
        light, deep = sorted((luminance(over), luminance(under)), reverse=True)
        ratio = (light + 0.05) / (deep + 0.05)
        if ratio < 4.5:
            weak.append((kind, said, round(ratio, 2)))
    assert weak == []


def tree(page: Browser) -> list[dict[str, Any]]:
    """What a screen reader gets."""
    nodes: list[dict[str, Any]] = page.call("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node.get("ignored")]


def test_whatever_takes_the_keyboard_has_a_name_for_screen_readers(page: Browser) -> None:
    page.run("document.querySelector('#faults details').open = true")
    nameless = []
    for node in tree(page):
        can = any(each["name"] == "focusable" and each["value"]["value"] for each in node.get("properties", []))
        if can and not node.get("name", {}).get("value") and node["role"]["value"] != "RootWebArea":
            nameless.append(node["role"]["value"])
    assert nameless == []


def test_the_page_is_used_by_keyboard_alone(page: Browser) -> None:
    page.run("document.body.focus()")
    page.press("Tab", 9)
    assert page.run("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(90):
        page.press("Tab", 9)
        if page.run("document.activeElement === document.body"):
            continue  # the end of the page: the browser's own controls would follow
        seen.add(page.run("document.activeElement.id || document.activeElement.className"))
        outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.run("document.activeElement.outerHTML.slice(0, 90)")
    assert {"rate", "heal", "zones", "theme", "tab-events", "region-head", "zone-head"} <= seen
    page.run("document.querySelector('.box.server').focus()")
    page.press("Enter", 13)
    page.until("document.querySelector('#details').open")
    page.press("Escape", 27)
    page.until("!document.querySelector('#details').open")
    assert page.run("document.activeElement.classList.contains('server')")
    page.run("document.querySelector('#tab-events').focus()")
    page.press("ArrowRight", 39)
    assert page.run("document.activeElement.id === 'tab-notices' && !document.querySelector('#notices').hidden")
    page.run("document.querySelector('#zones').focus()")
    page.press("ArrowLeft", 37)
    assert "answered" in text(page, "#said")


def test_focus_stays_while_numbers_change(page: Browser) -> None:
    page.run("document.querySelectorAll('.box.server')[2].focus(); window.focused = document.activeElement")
    time.sleep(2)
    assert page.run("document.activeElement === window.focused")


def test_nothing_moves_while_numbers_change(page: Browser) -> None:
    page.until("Number(document.querySelector('#ok').textContent) > 80")
    watch = "new PerformanceObserver(list => { for (const e of list.getEntries()) window.moved += e.value })"
    page.run(f"window.moved = 0; {watch}.observe({{type: 'layout-shift'}})")
    time.sleep(4)
    assert page.run("window.moved") < 0.001


def test_nothing_is_animated_where_motion_is_unwanted(page: Browser) -> None:
    page.look(1440, 900)
    assert page.run("document.querySelector('.serves .flow').getAnimations().length") == 1
    page.look(1440, 900, still=True)
    assert page.run("document.getAnimations().length") == 0
