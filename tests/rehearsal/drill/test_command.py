import argparse
import json
from pathlib import Path

import pytest

from rehearsal.drill.command import CODES, VOID, add_arguments, run, write
from rehearsal.drill.plane import BREAKS
from rehearsal.drill.scenarios.catalogue import BY_NAME
from tests.rehearsal.drill.simulated import drill


def arguments(home: Path, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args(words)
    args.home = args.project = home
    return args


def test_the_list_names_every_scenario_and_every_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments(tmp_path, "--list")) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in [*BY_NAME, *BREAKS])


def test_without_a_plane_the_drill_could_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments(tmp_path)) == VOID
    assert "make live" in capsys.readouterr().out


def test_an_unknown_scenario_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments(tmp_path, "--scenario", "zoo")) == VOID
    assert "there is no scenario zoo" in capsys.readouterr().out


@pytest.mark.parametrize("pace", ["0", "-2", "nan"])
def test_a_pace_without_time_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], pace: str) -> None:
    assert run(arguments(tmp_path, "--fastest", pace)) == VOID
    assert f"error: --fastest {pace}: not above 0" in capsys.readouterr().out


@pytest.mark.parametrize("rate", ["0", "-5", "5000", "nan"])
def test_a_rate_that_nobody_can_make_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], rate: str) -> None:
    assert run(arguments(tmp_path, "--rate", rate)) == VOID
    assert f"error: --rate {rate}: not above 0 and up to 2000" in capsys.readouterr().out


def test_pipelines_can_tell_missed_from_void() -> None:
    assert CODES == {"met": 0, "missed": 1, "void": 2}


def test_the_report_is_two_files(tmp_path: Path) -> None:
    write(tmp_path / "out", drill())
    assert json.loads((tmp_path / "out" / "drill.json").read_text())["format"] == 1
    assert (tmp_path / "out" / "drill.html").read_text().startswith("<!doctype html>")
