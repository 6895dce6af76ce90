import re

import pytest

from review.page.report import Review, whole, within
from tests.review.events import Stream

ROLE = "aws:iam/role:Role"
DATABASE = "aws:rds/cluster:Cluster"
LIMIT = 60_000


def large(resources: int, components: int = 40) -> Review:
    """A change of very many resources, some of which hold state, with findings."""
    stream = Stream()
    parents = [stream.component("x:index:Part", f"part-{number}") for number in range(components)]
    for number in range(resources):
        old, new = {"path": "/a" * 40, "description": "x" * 200}, {"path": "/b" * 40, "description": "y" * 200}
        diff = {"path": "update", "description": "update"}
        stream.resource("update", ROLE, f"role-{number}", old, new, parent=parents[number % components], diff=diff)
        stream.finding("advice", f"d.\nrole {number} could be better", of="")
    for number in range(50):
        stream.resource("delete", DATABASE, f"database-{number}", {}, parent=parents[0])
        stream.resource(
            "update", ROLE, f"tagged-{number}", {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, diff={"tags.a": "update"}
        )
    return stream.review()


@pytest.fixture(scope="module")
def review() -> Review:
    return large(2000)


def test_a_report_of_two_thousand_resources_stays_under_the_limit(review: Review) -> None:
    report = within(review, LIMIT, "The full report is in the artifact `full.md`.")
    assert len(whole(review)) > LIMIT
    assert LIMIT * 0.9 < len(report) <= LIMIT


def test_the_headline_and_what_must_not_be_missed_are_never_cut(review: Review) -> None:
    top, _ = whole(review).split("### Changes by component")
    report = within(review, 30_000, "")
    assert [line for line in top.splitlines() if line not in report.splitlines()] == []


def test_a_cut_is_told_with_what_went_and_where_it_is(review: Review) -> None:
    report = within(review, LIMIT, "[The full report](https://ci.example.com/1).")
    note = next(line for line in report.splitlines() if line.startswith("> Cut"))
    assert "the picture, property changes of 40 components, noise" in note
    assert re.search(r"\d+ rows of tables", note)
    assert note.endswith("[The full report](https://ci.example.com/1).")
    assert "... and" in report


def test_the_picture_goes_before_the_property_changes() -> None:
    review = large(40, components=2)
    full = whole(review)
    report = within(review, len(full) - 10, "")
    assert "mermaid" not in report
    assert report.count("<summary>Property changes") == 2


def test_folds_that_are_open_are_shut_again_when_rows_are_cut(review: Review) -> None:
    report = within(review, LIMIT, "")
    assert report.count("<details>") == report.count("</details>")


def test_violations_outlive_the_tables_of_components() -> None:
    stream = Stream()
    for number in range(2000):
        stream.resource(
            "create", ROLE, f"role-{number}", None, {}, parent=stream.component("x:index:Part", f"p-{number}")
        )
    stream.finding("rule", "d.\nit is open", level="mandatory")
    report = within(stream.review(), 30_000, "")
    assert "| `rule` | the stack | it is open |" in report
    assert len(report) <= 30_000


def test_nothing_is_cut_from_what_fits() -> None:
    stream = Stream()
    stream.resource("create", ROLE, "role", None, {})
    review = stream.review()
    assert within(review, LIMIT, "") == whole(review)
