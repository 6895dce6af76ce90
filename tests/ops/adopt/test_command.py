"""The command changes a file, and nothing else."""

import json
from pathlib import Path

import pytest

from ops.adopt.command import main
from ops.core.errors import DONE, NOT_ASKED
from tests.ops.adopt.test_names import resource, state


def test_the_file_is_changed_and_once_more_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "imported.json"
    file.write_text(before := json.dumps(state(resource(name="primary-notices-8aef05d"))))
    assert main([str(file), "--dry-run"]) == DONE
    assert file.read_text() == before
    assert main([str(file)]) == DONE
    assert json.loads(file.read_text())["deployment"]["resources"][0]["inputs"]["__defaults"] == ["name"]
    assert "primary-notices: name primary-notices-8aef05d counts as generated" in capsys.readouterr().out
    assert main([str(file)]) == DONE
    assert capsys.readouterr().out == "Nothing is left to do.\n"


@pytest.mark.parametrize(("text", "said"), [("{}", "is no state"), ("[", "is no state"), (None, "No such file")])
def test_a_file_that_is_no_state_is_one_line(
    text: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state.json"
    if text is not None:
        file.write_text(text)
    assert main([str(file)]) == NOT_ASKED
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
