"""Certificates in the emulated plugin: requested, validated by records, waited for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.refusals import of_entry
from rehearsal.cloudflare_plugin.store import ENVIRONMENT, Store
from rehearsal.emulator.corrections import acm
from rehearsal.emulator.process import Emulator
from rehearsal.plugin.errors import PartialError
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import of_creation
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def certificate(program: Program, unique: str) -> Resource:
    names = [f"*.{unique}.example.com"]
    given = {"domainName": f"{unique}.example.com", "subjectAlternativeNames": names, "tags": {"a": "b"}}
    return program.up(CERTIFICATE, unique, validationMethod="DNS", **given)


def publish(aws: Client, options: list[dict[str, Any]]) -> list[str]:
    """Put the validation records into the public zone; their names."""
    route53 = aws("route53")
    zone = route53.list_hosted_zones_by_name(DNSName="example.com")["HostedZones"][0]["Id"]
    for option in options:
        values = [{"Value": option["resourceRecordValue"]}]
        record = {"Name": option["resourceRecordName"], "Type": option["resourceRecordType"], "TTL": 60}
        change = {"Action": "UPSERT", "ResourceRecordSet": {**record, "ResourceRecords": values}}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
    return [option["resourceRecordName"] for option in options]


def test_a_certificate_says_by_which_records_it_is_validated(certificate: Resource, unique: str) -> None:
    options = certificate.state["domainValidationOptions"]
    assert {option["domainName"] for option in options} == {f"{unique}.example.com", f"*.{unique}.example.com"}
    assert {option["resourceRecordType"] for option in options} == {"CNAME"}
    assert all(option["resourceRecordName"].endswith(f"{unique}.example.com.") for option in options)
    assert all(set(option) == {"domainName", "resourceRecordName", "resourceRecordType", "resourceRecordValue"}
               for option in options)  # fmt: skip
    assert certificate.state["arn"] == certificate.id
    assert certificate.state["status"] == "PENDING_VALIDATION"
    assert certificate.settled()


def test_a_certificate_is_tagged_in_place_and_replaced_for_other_names(certificate: Resource, aws: Client) -> None:
    certificate.update(tags={"a": "c"})
    tags = aws("acm").list_tags_for_certificate(CertificateArn=certificate.id)["Tags"]
    assert tags == [{"Key": "a", "Value": "c"}]
    assert certificate.settled()
    assert certificate.changes(domainName="x.example.com") == {"domainName": "UPDATE_REPLACE"}
    changed = certificate.changes(subjectAlternativeNames=["x.example.com"])
    assert changed == {"subjectAlternativeNames[0]": "UPDATE_REPLACE"}
    aws("acm").add_tags_to_certificate(CertificateArn=certificate.id, Tags=[{"Key": "new", "Value": "x"}])
    assert certificate.read() == {"tags.new": "DELETE"}
    certificate.delete()
    assert certificate.gone()


def test_a_validation_waits_until_the_records_are_there(program: Program, certificate: Resource, aws: Client) -> None:
    names = publish(aws, certificate.state["domainValidationOptions"])
    given = {"certificateArn": certificate.id, "validationRecordFqdns": names}
    validation = program.up(VALIDATION, **given)
    status = aws("acm").describe_certificate(CertificateArn=certificate.id)["Certificate"]["Status"]
    assert status == "ISSUED"
    assert validation.state["certificateArn"] == certificate.id
    assert validation.settled()
    assert validation.changes(certificateArn=f"{certificate.id}0") == {"certificateArn": "UPDATE_REPLACE"}
    assert certificate.read() == {}
    assert certificate.state["status"] == "ISSUED"


def test_acm_sees_the_records_of_a_zone_at_cloudflare_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "store.json"))
    monkeypatch.setattr(acm, "listed", lambda *_: [])  # no zones in Route 53
    option = {
        "ValidationMethod": "DNS",
        "ResourceRecord": {"Name": "_x.example.com.", "Value": "_y.acm-validations.aws."},
    }
    certificate = {"Type": "AMAZON_ISSUED", "Status": "ISSUED", "DomainValidationOptions": [option]}
    assert acm.judged(certificate)["Status"] == "PENDING_VALIDATION"
    record = {"id": "1", "type": "CNAME", "name": "_x.example.com", "content": "_y.acm-validations.aws"}
    with Store(tmp_path / "store.json").open() as paths:
        paths["/zones/b/dns_records"] = {"1": record}
    assert acm.judged(certificate)["Status"] == "ISSUED"


def test_a_validation_by_other_records_is_refused(program: Program, certificate: Resource) -> None:
    given = {"certificateArn": certificate.id, "validationRecordFqdns": ["_other.example.com"]}
    with pytest.raises((RuntimeError, PartialError), match="missing the validation record _"):
        program.up(VALIDATION, **given)


def test_a_certificate_that_is_no_longer_valid_needs_its_validation_again(
    program: Program, certificate: Resource, aws: Client
) -> None:
    names = publish(aws, certificate.state["domainValidationOptions"])
    validation = program.up(VALIDATION, certificateArn=certificate.id, validationRecordFqdns=names)
    aws("acm").delete_certificate(CertificateArn=certificate.id)
    assert validation.gone()


def test_imported_certificates_are_not_rehearsed(program: Program) -> None:
    given = {"domainName": "a.example.com", "privateKey": "x", "certificateBody": "y"}
    refused = program.resource(CERTIFICATE).refusals(given)
    assert [where for where, _ in refused] == ["certificateBody", "privateKey"]
    assert program.resource(CERTIFICATE).refusals({}) == [("domainName", "is required")]
    (where, why), *_ = program.resource(CERTIFICATE).refusals({"domainName": "a.example.com", "keyAlgorithm": "RSA_1"})
    assert (where, '"RSA_1" is none of' in why) == ("keyAlgorithm", True)


@pytest.mark.parametrize(
    ("inputs", "refused"),
    [
        ({"domainName": "a.example.com"}, ["validationMethod"]),
        ({"domainName": "a.example.com", "validationMethod": "DNS"}, []),
        ({"domainName": "a.example.com", "certificateAuthorityArn": "arn"}, []),
    ],
)
def test_a_certificate_says_how_it_is_validated_or_by_whom_it_is_issued(
    inputs: dict[str, str], refused: list[str]
) -> None:
    assert [each.path for each in of_entry(registry.type_of(CERTIFICATE).refuse, inputs)] == refused


def test_a_certificate_that_acm_did_not_issue_is_not_validated() -> None:
    imported = {"DescribeCertificate": {"Certificate": {"Type": "IMPORTED"}}}
    with pytest.raises(RuntimeError, match='its type is "IMPORTED"'):
        of_creation(VALIDATION, {"certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1"}, imported)
