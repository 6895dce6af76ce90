"""A policy config with a typo is told so: the engine would let it pass."""

import json
from pathlib import Path
from typing import Any

import pytest
from resilience import configuration
from resilience.catalogue import PROFILES
from resilience.configuration import problems
from resilience.reference import security_hub
from resilience.rule import Rule, Setting, Severity
from resilience.rules import ALL

SLOW = Rule(
    "balancer-is-quick",
    "A balancer is quick.",
    Severity.HIGH,
    security_hub("ELB.6"),
    ("aws:lb/loadBalancer:LoadBalancer",),
    check=lambda *_: (),
    settings={"seconds": Setting(30, "the longest time, in seconds")},
)


def found(config: dict[str, Any]) -> list[str]:
    return list(problems(config, [SLOW]))


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"all": "advisory"},
        {"balancer-is-quick": "disabled"},
        {"balancer-is-quick": {"enforcementLevel": "mandatory", "seconds": 60, "exempt": []}},
        {"environments": ["shared/policies"]},
    ],
)
def test_what_exists_may_be_set(config: dict[str, Any]) -> None:
    assert found(config) == []


def test_a_rule_that_does_not_exist_is_named_with_the_nearest_that_does() -> None:
    assert found({"balancer-is-quik": "advisory"}) == [
        "balancer-is-quik: there is no such rule; did you mean `balancer-is-quick`?"
    ]


def test_a_setting_that_the_rule_does_not_have_is_named_with_the_nearest_that_it_has() -> None:
    assert found({"balancer-is-quick": {"secnds": 60}}) == [
        "balancer-is-quick: there is no setting `secnds`; did you mean `seconds`?"
    ]


def test_a_level_that_does_not_exist_is_named_with_those_that_do() -> None:
    assert found({"balancer-is-quick": {"enforcementLevel": "warn"}}) == [
        "balancer-is-quick: `warn` is not an enforcement level; use advisory, mandatory, remediate or disabled"
    ]


def test_a_rule_without_a_remedy_can_not_be_told_to_remediate() -> None:
    assert found({"balancer-is-quick": "remediate"}) == [
        "balancer-is-quick: this rule has no remediation; the catalogue marks those that have"
    ]


@pytest.mark.parametrize(
    ("text", "code"), [('{"all": "advisory"}', 0), ('{"balancer-deletion-protecion": "advisory"}', 1)]
)
def test_the_command_tells_by_its_exit_code(
    text: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.json"
    file.write_text(text)
    monkeypatch.setattr("sys.argv", ["configuration", str(file)])

    assert configuration.main() == code
    assert ("did you mean `balancer-deletion-protection`?" in capsys.readouterr().err) == bool(code)


@pytest.mark.parametrize("profile", sorted(PROFILES.glob("*.json")), ids=lambda path: path.stem)
def test_a_profile_names_rules_and_settings_that_there_are(profile: Path) -> None:
    assert list(problems(json.loads(profile.read_text()), ALL)) == []
