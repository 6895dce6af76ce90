"""The catalogue in the README is the one that the code says."""

import itertools

import pytest
from resilience import catalogue
from resilience.rules import ALL

CURRENT = catalogue.README.read_text()


def test_the_readme_is_current() -> None:
    assert catalogue.written(CURRENT) == CURRENT, "stale: run `make tables`"


def test_writing_replaces_the_catalogue_and_nothing_else() -> None:
    page = f"before\n{catalogue.BEGIN}\nstale line\n{catalogue.END}\nafter\n"

    written = catalogue.written(page)

    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert "stale line" not in written


@pytest.mark.parametrize("text", [catalogue.in_markdown(), catalogue.in_terminal()])
def test_every_rule_is_listed(text: str) -> None:
    assert [rule.name for rule in ALL if rule.name not in text] == []
    assert f"{len(ALL)} rules" in text


def test_a_row_holds_no_bar_that_would_end_its_cell() -> None:
    lines = [line.count("|") for line in catalogue.in_markdown().splitlines()]
    tables = [list(group) for is_table, group in itertools.groupby(lines, bool) if is_table]
    assert [len(set(table)) for table in tables] == [1] * len(tables)
