"""Tables that are computed, and their places in the pages."""

import pytest

from rehearsal.home import CHECKOUT
from tools.recovery_tables import assumptions_table, with_table


def test_the_page_lists_every_assumption_as_it_is() -> None:
    """When this fails, run `make tables`."""
    assert assumptions_table() in (CHECKOUT / "docs" / "recovery.md").read_text()


def test_a_table_is_put_between_its_marks_and_nothing_else_changes() -> None:
    page = "before\n<!-- strategies -->\nold\n<!-- end of strategies -->\nafter\n"
    once = with_table(page, "strategies", "new\n")
    assert once == "before\n<!-- strategies -->\n\nnew\n\n<!-- end of strategies -->\nafter\n"
    assert with_table(once, "strategies", "new\n") == once


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the page has no <!-- strategies --> and <!-- end of strategies -->$"):
        with_table("nothing", "strategies", "new")
