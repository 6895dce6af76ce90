"""The page of the command `ha-web` says what it prints."""

from ops.__main__ import OPERATIONS
from tools.operations_page import PAGE, main, page


def test_the_page_is_up_to_date() -> None:
    assert main(["--check"]) == 0, "run make tables"


def test_every_command_is_on_the_page() -> None:
    text = page()
    assert [name for name in OPERATIONS if f"\n## ha-web {name}\n" not in text] == []
    assert f"{text}\n" == PAGE.read_text()
