"""What our stacks are judged by is what the reasons say, and each reason is for a rule."""

import json
from pathlib import Path

import pytest
from resilience.configuration import problems
from resilience.rules import ALL

from tools import compliance


@pytest.mark.parametrize("path", compliance.pages(), ids=lambda path: path.name)
def test_a_file_is_as_the_reasons_say(path: Path) -> None:
    assert path.read_text() == compliance.pages()[path], "stale: run `make tables`"


@pytest.mark.parametrize("path", [compliance.PRODUCTION, compliance.DEVELOPMENT], ids=lambda path: path.name)
def test_a_config_has_rules_and_settings_that_there_are(path: Path) -> None:
    assert list(problems(json.loads(path.read_text()), ALL)) == []


def test_advice_on_request_is_asked_for() -> None:
    given = json.loads(compliance.PRODUCTION.read_text())

    asked = {name for name, each in given.items() if each.get("enforcementLevel") == "advisory"}
    assert asked == {rule.name for rule in ALL if not rule.by_default} - {"recovery-worst-cases"}


def test_a_reason_for_no_rule_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "reasons.json"
    file.write_text('{"secret-rotate": "it is misspelt"}')
    monkeypatch.setattr(compliance, "REASONS", file)

    with pytest.raises(ValueError, match="there is no rule secret-rotate"):
        compliance.reasons()
