"""The rules of the rehearsal's types are written from what was read of the provider's schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.plugin import sdk
from tools.provider_rules.__main__ import main, rules_of, text

ALIAS = "aws:kms/alias:Alias"

RULES = {
    "aws_kms_alias": {
        "package": "internal/service/kms",
        "arguments": {
            "arn": {"computed": True, "type": "String"},
            "name": {
                "optional": True,
                "force_new": True,
                "conflicts_with": ["name_prefix"],
                "limits": [{"check": "validNameForResource"}],
            },
            "target_key_id": {"required": True},
        },
    }
}

WRITTEN = {
    "terraform": "aws_kms_alias",
    "newer": ["namePrefix"],
    "arguments": {
        "name": {"force_new": True, "limits": [{"pattern": r"^(?!alias/aws/)alias/[0-9A-Za-z_/-]+$"}]},
    },
}


def test_a_type_is_written_with_its_arguments_in_the_sdks_names() -> None:
    assert rules_of([ALIAS], RULES) == {ALIAS: WRITTEN}


def test_the_file_is_json_with_an_argument_a_line() -> None:
    written = text({ALIAS: WRITTEN})
    assert json.loads(written)["types"] == {ALIAS: WRITTEN}
    assert [line for line in written.splitlines() if line.startswith('    "name": {"force_new"')]


def test_the_file_says_of_which_provider_and_sdk_it_is() -> None:
    said = json.loads(text({}))
    assert (said["provider"], said["sdk"]) == ("terraform-provider-aws 6.58.0", sdk.version("aws"))


def test_the_file_that_is_there_is_as_the_generator_writes_it() -> None:
    there = provider_rules.DATA.read_text(encoding="utf-8")
    assert text(json.loads(there)["types"]) == there, "written by hand: add to tools/provider_rules what it lacks"


def test_the_types_that_are_written_are_the_rehearsals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules, data = tmp_path / "rules.json", tmp_path / "data.json"
    rules.write_text(json.dumps(RULES))
    monkeypatch.setattr(registry, "types", lambda: [ALIAS])
    monkeypatch.setattr(provider_rules, "known", frozenset)
    monkeypatch.setattr(provider_rules, "DATA", data)
    assert main([str(rules)]) == 0
    assert json.loads(data.read_text())["types"] == {ALIAS: WRITTEN}
    assert capsys.readouterr().out == f"{ALIAS}: 1 arguments\n"


def test_a_type_that_the_rules_lack_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rules, data = tmp_path / "rules.json", tmp_path / "data.json"
    rules.write_text("{}")
    monkeypatch.setattr(registry, "types", lambda: [ALIAS])
    monkeypatch.setattr(provider_rules, "DATA", data)
    assert main([str(rules)]) == 1
    assert f"{ALIAS}: the rules have none of aws_kms_alias, aws_alias" in capsys.readouterr().err
    assert not data.exists()
