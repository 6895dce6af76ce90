"""The page that a balancer answers with: what AWS takes."""

from pathlib import Path

import pytest

from ops.core.errors import DOWN, OpsError
from ops.maintenance.page import MOST_BYTES, Page, page_of


def test_the_usual_page_is_one_that_a_balancer_takes() -> None:
    assert page_of("") == Page()
    assert len(Page().text.encode()) <= MOST_BYTES
    assert Page().action["Type"] == "fixed-response"


@pytest.mark.parametrize(
    ("name", "kind"), [("a.html", "text/html"), ("a.TXT", "text/plain"), ("a.json", "application/json")]
)
def test_a_files_name_says_what_it_is(tmp_path: Path, name: str, kind: str) -> None:
    file = tmp_path / name
    file.write_text("Zurück um drei")
    assert page_of(str(file)) == Page("Zurück um drei", kind)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.php", b"x", "its name must end with .html, .txt, .json"),
        ("a.html", b"", "has 0 bytes; a load balancer answers with 1 to 1024"),
        ("a.html", b"x" * 1025, "has 1025 bytes"),
        ("a.html", b"\xff", "is no text in UTF-8"),
        ("a.html", None, "No such file or directory"),
    ],
)
def test_what_a_balancer_does_not_take_is_refused(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OpsError, match=said) as raised:
        page_of(str(file))
    assert raised.value.code == DOWN
