"""Standards are read from three public sources, each in its own form."""

import json
from pathlib import Path

import pytest

from tools import compliance_standards as tool


def test_a_control_has_the_standards_that_the_list_names() -> None:
    lines = [
        json.dumps({"Id": "Autoscaling.5", "ApplicableStandards": ["AWS Foundational Security Best Practices v1.0.0"]}),
        "",
        json.dumps({"Id": "EC2.53", "ApplicableStandards": ["CIS AWS Foundations Benchmark v5.0.0", "PCI DSS v4.0.1"]}),
        json.dumps({"Id": "EC2.14", "ApplicableStandards": ["CIS AWS Foundations Benchmark v1.2.0"]}),
    ]

    assert tool.standards(lines) == {"autoscaling.5": {"fsbp"}, "ec2.53": {"cis"}, "ec2.14": set()}


def test_the_guide_names_requirements_by_section() -> None:
    page = (
        '# Controls\n\n## \\[RDS\\.3\\] Encrypted<a name="rds-3"></a>\n\n**Related requirements:** '
        "CIS AWS Foundations Benchmark v1\\.4\\.0/2\\.3\\.1, NIST\\.800\\-53\\.r5 SC\\-28\\(1\\), "
        "NIST\\.800\\-53\\.r5 CM\\-2\n\n"
        '## \\[RDS\\.4\\] Later<a name="rds-4"></a>\n\nText\\.\n'
    )

    assert tool.nist_of_guide([page]) == {"rds.3": ["SC-28(1)", "CM-2"], "rds.4": []}


@pytest.mark.parametrize(
    ("given", "ours"), [("au_10", "AU-10"), ("ac_3_7", "AC-3(7)"), ("cp_1_a_1_b", "CP-1(a)(1)(b)")]
)
def test_an_id_of_nist_has_its_own_form(given: str, ours: str) -> None:
    assert tool.nist_id(given) == ours


def test_a_check_of_prowlers_has_each_requirement_once() -> None:
    requirements = [{"Id": "2.2.1", "Checks": ["a", "a"]}, {"Id": "2.2.3", "Checks": ["a", "b"]}]

    assert tool.of_prowler("cis", requirements) == {"a": ["2.2.1", "2.2.3"], "b": ["2.2.3"]}


@pytest.mark.parametrize(
    ("check", "name"),
    [
        ("ec2_acl_port_22/3389", "ec2_acl_port_22"),
        ("ec2_acl_port_22/3389", "ec2_acl_port_3389"),
        ("ec2_port_*_exposed", "ec2_port_ftp_exposed"),
        ("ec2_group_..._tcp_port_<named>", "ec2_group_allow_from_internet_to_tcp_port_22"),
    ],
)
def test_a_check_of_the_crosswalk_may_stand_for_several(check: str, name: str) -> None:
    assert tool.pattern(check).fullmatch(name)
    assert not tool.pattern(check).fullmatch("ec2_acl_port_23")


def test_a_source_that_is_missing_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "none.jsonl"), str(tmp_path), str(tmp_path)])

    assert tool.main() == 1
    assert capsys.readouterr().err == f"error: {tmp_path / 'none.jsonl'}: No such file or directory\n"
