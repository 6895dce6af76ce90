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


def test_a_choice_lets_its_own_rules_pass_and_no_others() -> None:
    plain, chosen = compliance.config({}), compliance.config({}, ["storage"])

    assert {name for name in chosen if plain[name] != chosen[name]} == {"file-system-backs-itself-up"}
    [exemption] = chosen["file-system-backs-itself-up"]["exempt"]
    assert exemption["reason"] == compliance.choices()["storage"]["file-system-backs-itself-up"]


def test_a_config_with_a_choice_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["compliance", "--with", "storage", "--with", "protocol tcp"])

    assert compliance.main() == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == compliance.config({}, ["storage", "protocol tcp"])
    assert list(problems(printed, ALL)) == []
