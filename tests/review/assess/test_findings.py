import pytest

from tests.review.events import Stream, urn

VPC = "aws:ec2/vpc:Vpc"


def test_mandatory_findings_come_first_and_the_others_have_places_of_their_own() -> None:
    stream = Stream()
    touched = stream.resource("update", VPC, "touched", {"a": 1}, {"a": 2}, diff={"a": "update"})
    standing = stream.resource("same", VPC, "standing", {}, {})
    stream.finding("exemptions-in-use", "d.\nexempt from lb-logs: dev has none (no access logs)", of=standing)
    stream.finding(
        "kms",
        "can't run policy 'kms' from policy pack 'p@v1' during preview: cannot tell until deployed: "
        "key is known only then",
        of=touched,
    )
    stream.finding("advice", "d.\nconsider", of=touched)
    stream.finding("advice", "d.\nconsider this too", of=standing)
    stream.finding("rule", "One sentence.\nit is open", level="mandatory", of=touched, severity="high")
    report = stream.report().split("### Policies")[1]
    parts = [
        "**1 mandatory finding**",
        "| `rule` (high) | ec2.Vpc `touched` | it is open |",
        "**Advisory, on resources that this change touches**",
        "<summary>Advisory, on resources that stay as they are: 1</summary>",
        "<summary>Unknown until deployed: 1</summary>",
        "| `kms` | ec2.Vpc `touched` | cannot tell until deployed: key is known only then |",
        "<summary>Exemptions in use: 1</summary>",
    ]
    places = [report.index(part) for part in parts]
    assert places == sorted(places)


def test_a_finding_that_several_events_tell_is_one() -> None:
    stream = Stream()
    for _ in range(2):
        stream.finding("rule", "it is open", level="mandatory")
    assert len(stream.plan().mandatory) == 1


def test_the_gravest_finding_comes_first() -> None:
    stream = Stream()
    for severity in ("low", "critical", "medium", "high"):
        stream.finding(severity, "m", level="mandatory", severity=severity)
    report = stream.report()
    places = [report.index(f"| `{severity}` (") for severity in ("critical", "high", "medium", "low")]
    assert places == sorted(places)


def test_packs_are_named_without_the_path_they_were_loaded_from() -> None:
    stream = Stream()
    stream.packs = {"resilience|local|/home/me/policies": "1.2.0"}
    stream.events.append(
        {"policyAnalyzeSummaryEvent": {"policyPackName": "resilience", "passed": ["a", "b"], "failed": ["c"]}}
    )
    assert "Pack: `resilience` 1.2.0; 3 policies judged." in stream.report()
    assert "/home/me" not in stream.report()


def test_without_a_pack_the_report_says_so() -> None:
    assert "No policy pack ran." in Stream().report()


def test_what_a_policy_set_is_shown() -> None:
    stream = Stream()
    event = {
        "policyName": "imds",
        "resourceUrn": urn(VPC, "vpc"),
        "before": {"tokens": 1, "b": 2},
        "after": {"mode": 1, "b": 2},
    }
    stream.events.append({"policyRemediationEvent": event})
    report = stream.report()
    assert "<summary>Set by policies: 2</summary>" in report
    assert "| `imds` | ec2.Vpc `vpc` | `mode` | *none* | `1` |" in report


@pytest.mark.parametrize("level", ["advisory", "remediate", "disabled"])
def test_only_mandatory_findings_stop(level: str) -> None:
    stream = Stream()
    stream.finding("rule", "m", level=level)
    assert stream.review().verdict.code == 0


def test_warnings_of_the_engine_are_folded_at_the_end() -> None:
    stream = Stream()
    stream.says("warning", "this is deprecated")
    assert "<summary>Engine warnings: 1</summary>" in stream.report()
