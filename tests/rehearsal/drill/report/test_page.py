import re
from html.parser import HTMLParser

from rehearsal.drill.report.page import page
from tests.rehearsal.drill.simulated import drill


class Reader(HTMLParser):
    """Reads a page strictly: each element is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [each for each in [given.get("id")] if each]
        self.links += [each for name in ("href", "src") if (each := given.get(name))]
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [each for each in [dict(attrs).get("id")] if each]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def test_the_page_is_whole_and_asks_nobody_for_anything() -> None:
    reader = read(page(drill()))
    assert len(reader.ids) == len(set(reader.ids))
    assert all(each in ("data:,",) or each.removeprefix("#") in reader.ids for each in reader.links)
    assert "http" not in " ".join(reader.links)


def test_each_scenario_says_its_verdict_and_its_numbers() -> None:
    text = "".join(read(page(drill())).text)
    assert "The primary region is cut off" in text
    assert re.search(r"4 min 41 s\s*3 min 3\d s\s*met", text)
    assert "MISSED" in text
    assert "50 sessions" in text
    assert "the stack has no Region switch plan" in text
    assert "Capacity: the whole site shares one machine" in text


def test_a_plot_has_a_label_a_mark_for_the_fault_and_a_table() -> None:
    text = page(drill())
    assert text.count('role="img"') == 2 * 6
    assert "<title>kill server: i-0a1b2c3d4e5f</title>" in text
    assert text.count("The plot as a table") == 6


def test_what_the_plane_says_can_not_become_markup() -> None:
    made = drill()
    made["results"][1]["marks"][0]["text"] = "<script>alert(1)</script>"
    made["results"][1]["target"] = "<b>x"
    text = page(made)
    assert "<script" not in text
    assert "<b>" not in text


def test_mistakes_made_on_purpose_are_told_first() -> None:
    made = drill()
    made["mistakes"] = ["redispatch"]
    text = page(made)
    assert text.index("Made wrong on purpose: redispatch") < text.index("<table")
