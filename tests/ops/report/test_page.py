"""The page is one file that needs nothing else, and nothing that a person typed gets into it as HTML."""

from html.parser import HTMLParser
from typing import Any

from ops.report.page import page
from tests.ops.report.told import ENTRY, drill, result, told

EMPTY = {"meta"}


class Reader(HTMLParser):
    """Follows open elements, and keeps what is read and what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href")]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


def read(content: Any) -> Reader:
    reader = Reader()
    reader.feed(page(content))
    assert not reader.open
    return reader


def test_the_page_needs_nothing_else() -> None:
    found = read(told(drill(result("zone", 70.0))))
    assert found.loads == []
    assert "url(" not in page(told())
    for text in (
        "May I lose a zone now? yes",
        "primary · eu-west-1 · serves",
        "2m",
        "84s",
        "70s",
        "kept",
        "ann@laptop",
    ):
        assert text in found.said


def test_what_a_person_typed_is_text() -> None:
    typed = "<script>alert(1)</script>"
    found = page(told(entries=({**ENTRY, "who": typed},)))
    assert typed not in found
    assert "&lt;script&gt;" in found


def test_what_is_not_known_is_said() -> None:
    nothing = {**told(entries=()), "objectives": [], "backups": []}
    said = read(nothing).said
    for text in ("No objective and no worst case", "No recovery point is known", "Nothing was done yet"):
        assert text in said
