"""Finding or building the `pulumi` command."""

import stat
from pathlib import Path

import pytest

from rehearsal.pulumi_cli import build, find


@pytest.mark.parametrize(
    ("version", "good"),
    [
        (find.VERSION, True),
        ("3.999.1", True),
        ("3.1.0", False),
        ("4.0.0", False),
        ("3.999.0-dev.1", True),
        ("nonsense", False),
    ],
)
def test_a_cli_fits_when_it_is_of_the_sdks_major_version_and_not_older(version: str, good: bool) -> None:
    assert find.fits(version) is good


def fake_pulumi(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pulumi"
    path.write_text(f"#!/bin/sh\necho v{version}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_one_on_path_with_its_language_host_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pulumi(tmp_path, "3.999.0")
    (tmp_path / "pulumi-language-python").touch()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert find.ensure() == find.Cli(tmp_path / "pulumi", "3.999.0", "PATH")


def test_an_old_one_on_path_is_passed_over_for_the_cached_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pulumi(tmp_path / "path", "3.1.0")
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cached = fake_pulumi(find.cached_root() / "bin", find.VERSION)
    assert find.ensure() == find.Cli(cached, find.VERSION, "cache")


def test_when_nothing_works_the_error_lists_all_that_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_pulumi(tmp_path / "path", "3.1.0")
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(find, "from_vendor", lambda: "the vendor's installer failed: no network")
    monkeypatch.setattr(find, "from_source", lambda: "the build from the Go module failed: no Go")
    with pytest.raises(find.CliError) as error:
        find.ensure()

    message = str(error.value)
    assert "is version 3.1.0" in message
    assert "none in" in message
    assert "no network" in message
    assert "no Go" in message
    assert "minutes" in capsys.readouterr().out


def test_a_failed_build_tells_the_compilers_words_and_leaves_no_cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "go"
    go.write_text('#!/bin/sh\n[ "$1" = env ] && echo go1.99.0 && exit\necho "main.go: cannot find thing" >&2\nexit 1\n')
    go.chmod(0o755)
    monkeypatch.setattr(build, "find_go", lambda _: go)

    with pytest.raises(RuntimeError, match="cannot find thing"):
        build.build("3.0.0", tmp_path / "root", tmp_path)

    assert not (tmp_path / "root" / "bin" / "pulumi").exists()
