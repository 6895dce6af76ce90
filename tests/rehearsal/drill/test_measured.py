import json
from pathlib import Path

import pytest

from program.settings.load import measured as read
from rehearsal.drill.measured import accept
from tests.rehearsal.drill.simulated import drill


def test_the_program_reads_what_a_drill_has_accepted(tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    file.write_text(json.dumps({"measured": {"database.restore": 99}}))
    assert "sessions.failover 6." in accept(file, drill())
    assert read(file) == {"database.restore": 99, "sessions.failover": pytest.approx(6.2, abs=0.1)}
    assert json.loads(file.read_text())["drill"]["seed"] == 7


def test_a_void_drill_and_one_with_mistakes_teach_nothing(tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    void, wrong = drill(), drill()
    void["verdict"] = "void"
    wrong["mistakes"] = ["no-gate"]
    for made in (void, wrong):
        assert "is left as it is" in accept(file, made)
    assert not file.exists()
