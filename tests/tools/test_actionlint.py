from pathlib import Path

import pytest

from tools import actionlint


def cached(folder: Path, script: str) -> None:
    program = folder / "ha-web" / "actionlint" / actionlint.VERSION / "actionlint"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_what_actionlint_finds_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(tmp_path, "exit 1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert actionlint.main() == 1


def test_the_checkout_is_linted_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(tmp_path, "test -d .github/workflows")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert actionlint.main() == 0


def test_without_a_source_the_check_fails_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text('#!/bin/sh\n[ "$1" = env ] && { echo go1.26.0; exit; }\nexit 1\n')
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{go.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert actionlint.main() == 1
    assert "error: no actionlint: `go install` of 1.7" in capsys.readouterr().err
