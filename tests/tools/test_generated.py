from pathlib import Path

import pytest

from tools import generated


def test_a_page_is_written_when_it_is_stale_and_only_checked_when_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generated, "CHECKOUT", tmp_path)
    page = tmp_path / "page.md"
    assert generated.write(page, lambda: "a\n", ["--check"]) == 1
    assert "page.md is stale: run make tables" in capsys.readouterr().out
    assert not page.exists()
    assert generated.write(page, lambda: "a\n", []) == 0
    assert page.read_text() == "a\n"
    assert generated.write(page, lambda: "a\n", ["--check"]) == 0
