"""The page's HTML."""

import base64
import hashlib
import re

from app.ha_web_app.page import HEADERS, unavailable_page, visits_page

ROWS = {"Server": "i-1", "Zone": "eu-central-1a"}


def test_the_page_asks_for_nothing_from_anywhere() -> None:
    page = visits_page(1, ROWS, 30)
    assert re.findall(r"""(?:src|href)=["']?([^"'> ]+)""", page) == ["data:,"]  # spares the request for an icon
    assert "url(" not in page
    assert "@import" not in page
    assert "<script" not in page


def test_the_policy_allows_exactly_the_pages_own_style() -> None:
    for page in (visits_page(1, ROWS, 30), unavailable_page(ROWS, 5)):
        [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in HEADERS["Content-Security-Policy"]


def test_values_are_escaped() -> None:
    page = visits_page(1, {"Server": "<b>&"}, 30)
    assert "<dd>&lt;b&gt;&amp;</dd>" in page


def test_one_visit_is_no_plural() -> None:
    assert "<b>1</b> visit in" in visits_page(1, ROWS, 30)
    assert "<b>2</b> visits in" in visits_page(2, ROWS, 0.5)
    assert "0.5 min" in visits_page(2, ROWS, 0.5)
