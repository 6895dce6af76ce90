"""Findings as SARIF: what code scanning asks for, and no more than the pack found."""

import json
from pathlib import Path

import pytest
from resilience.export import sarif as module
from resilience.export.findings import Finding
from resilience.export.sarif import sarif

WEB = "urn:pulumi:prod::shop::aws:lb/loadBalancer:LoadBalancer::web"
STOPS = Finding("balancer-deletion-protection", WEB, "is off", "mandatory")
ADVISES = Finding("log-group-expires", "urn:pulumi:prod::shop::aws:cloudwatch:LogGroup::web", "not set", "advisory")


def test_a_finding_names_its_rule_by_index_and_its_resource() -> None:
    [run] = sarif([STOPS, ADVISES])["runs"]

    rules = run["tool"]["driver"]["rules"]
    for finding, result in zip((STOPS, ADVISES), run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        [location] = result["locations"]
        assert location["logicalLocations"][0]["fullyQualifiedName"] == finding.urn
    assert [result["level"] for result in run["results"]] == ["error", "warning"]


def test_a_rule_carries_its_ids_in_all_catalogues() -> None:
    [rule] = sarif([STOPS])["runs"][0]["tool"]["driver"]["rules"]

    assert {"ELB.6", "CKV_AWS_150", "elbv2_deletion_protection"} <= set(rule["properties"]["tags"])
    assert rule["properties"]["security-severity"] == "8.0"


def test_what_can_not_be_told_yet_is_no_result() -> None:
    unknown = Finding(STOPS.rule, STOPS.urn, "cannot tell until deployed: x is known only then", "advisory")

    assert sarif([unknown])["runs"][0]["results"] == []


@pytest.mark.parametrize(("text", "reason"), [("{", "line 1 is no JSON"), (None, "No such file")])
def test_a_log_that_can_not_be_read_is_one_line(
    text: str | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "events.json"
    if text is not None:
        file.write_text(text)
    monkeypatch.setattr("sys.argv", ["sarif", str(file)])

    with pytest.raises(SystemExit):
        module.main()

    assert reason in capsys.readouterr().err


def test_the_command_prints_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "events.json"
    said = {"policyName": STOPS.rule, "resourceUrn": STOPS.urn, "message": "is off", "enforcementLevel": "mandatory"}
    file.write_text(json.dumps({"policyEvent": said}))
    monkeypatch.setattr("sys.argv", ["sarif", str(file), "--program", "Pulumi.prod.yaml"])

    module.main()

    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "Pulumi.prod.yaml"
