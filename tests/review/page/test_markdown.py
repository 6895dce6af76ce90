import re

import pytest

from review.page import markdown
from tests.review.events import Stream

ROLE = "aws:iam/role:Role"
NASTY = [
    "a|b",
    "@octocat",
    "<b>x</b>",
    "`x`",
    "a\\|b",
    "#12",
    "*x*",
    "[x](y)",
    "$x$",
    "a\nb",
    "--> x",
    "</details>",
    "https://x",
]


def visible(report: str) -> str:
    """What a renderer reads as text: without code spans, code elements, comments and the picture."""
    report = re.sub(r"```.*?```", "", report, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->|<code>.*?</code>|`[^`\n]*`", " ", report)


@pytest.mark.parametrize("name", NASTY)
def test_names_values_and_messages_are_escaped(name: str) -> None:
    stream = Stream()
    parent = stream.component("x:index:Web", name)
    it = stream.resource("update", ROLE, name, {"a": name, name: 1}, {"a": f"{name}2", name: 2}, parent=parent)
    stream.resource("delete", "aws:s3/bucket:Bucket", name, {}, parent=parent)
    stream.finding(f"rule-{name}", f"d.\n{name}", of=it, level="mandatory")
    stream.says("warning", name, of=it)
    text = visible(stream.report(base=name))
    assert "@octocat" not in text
    assert "<b>" not in text
    assert "[x](y)" not in text
    assert not re.search(r"#\d", re.sub(r"&#\d+;", "", text))
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("name", NASTY)
def test_a_row_has_as_many_cells_as_its_table_whatever_is_in_them(name: str) -> None:
    for cell in (markdown.code(name), markdown.text(name)):
        line = markdown.row((cell, cell))
        cells = re.sub(r"<code>.*?</code>|`[^`]*`", lambda found: found[0].replace("&#124;", ""), line)
        assert cells.count("|") == 3
        assert "\n" not in line


def test_long_names_are_cut() -> None:
    assert len(markdown.code("x" * 500)) < 80


def test_the_first_line_is_the_marker_even_for_a_stack_with_a_strange_name() -> None:
    assert Stream().report().splitlines()[0] == "<!-- ha-web review: prod -->"
    from review.page.report import marker

    assert marker("a-->b").count("-->") == 1


def test_an_error_is_fenced_so_that_nothing_in_it_is_markdown() -> None:
    stream = Stream()
    stream.says("error", "boom\n```\n@octocat <b>\n````")
    report = stream.report()
    fence = re.search(r"^(`{3,})text$", report, re.MULTILINE)
    assert fence
    assert len(fence[1]) > 4
    inside = report.split(fence[0])[1].split(f"\n{fence[1]}\n")[0]
    assert "@octocat <b>" in inside
