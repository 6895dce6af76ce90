"""Certificate Manager: certificates that it issues, and the wait until they are."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Read, Refuse, Tags, Type

CERTIFICATE = {"CertificateArn": "{id}"}

VALIDATED = {"CertificateArn": "{certificateArn}"}

RECORDS_PATIENCE = 10.0
"""Seconds until ACM has made up the validation records of a new certificate (the real provider waits 5 minutes)."""


def await_records(context: HookContext) -> None:
    """A new certificate has its validation records only after a moment."""
    until = time.monotonic() + RECORDS_PATIENCE
    while time.monotonic() < until:
        certificate = context.call("DescribeCertificate", {"CertificateArn": context.id})["Certificate"]
        options = certificate.get("DomainValidationOptions", [])
        if options and all("ResourceRecord" in each or each.get("ValidationMethod") == "EMAIL" for each in options):
            return
        time.sleep(0.2)
    raise RuntimeError(f"RequestCertificate: {context.id} has no validation records after {RECORDS_PATIENCE:.0f} s")


def other_names(context: HookContext) -> Mapping[str, Any]:
    """ACM lists the domain among its alternative names; the program may leave it out."""
    certificate = context.call("DescribeCertificate", {"CertificateArn": context.id})["Certificate"]
    given = context.args.get("subjectAlternativeNames") or []
    names = certificate.get("SubjectAlternativeNames", [])
    return {"subjectAlternativeNames": [n for n in names if n != certificate["DomainName"] or n in given]}


def check_records(context: HookContext) -> None:
    """Refuse a certificate that ACM doesn't issue, and records that aren't its, as the real provider does."""
    certificate = context.call("DescribeCertificate", context.request(VALIDATED))["Certificate"]
    if certificate.get("Type") != "AMAZON_ISSUED":
        reason = f'its type is "{certificate.get("Type")}"; only AMAZON_ISSUED certificates are validated by records'
        raise RuntimeError(f"certificateArn: {context.args['certificateArn']}: {reason}")
    wanted = context.args.get("validationRecordFqdns")
    if not wanted:
        return
    records = [each["ResourceRecord"]["Name"] for each in certificate["DomainValidationOptions"]]
    given = {name.rstrip(".") for name in wanted}
    missing = sorted({name.rstrip(".") for name in records} - given)
    if missing:
        raise RuntimeError(f"validationRecordFqdns: missing the validation record {', '.join(missing)}")


TYPES = [
    Type(
        "aws:acm/certificate:Certificate",
        "acm",
        refuse=(
            Refuse(
                "validationMethod",
                "domainName && !certificateAuthorityArn && !validationMethod",
                "it or certificateAuthorityArn is wanted",
            ),
        ),
        create=Call("RequestCertificate", rename={"validationOptions": "DomainValidationOptions"}),
        id="CertificateArn",
        then=(Hook(await_records),),
        update=(Call("UpdateCertificateOptions", CERTIFICATE, takes=("options",)),),
        read=(
            Read(
                "DescribeCertificate",
                CERTIFICATE,
                "Certificate",
                rename={
                    "domainValidationOptions": (
                        "DomainValidationOptions[?ResourceRecord].{domainName: DomainName, "
                        "resourceRecordName: ResourceRecord.Name, resourceRecordType: ResourceRecord.Type, "
                        "resourceRecordValue: ResourceRecord.Value}"
                    ),
                    "validationOptions": "`null`",  # what was asked for is not what is answered under that name
                    "validationEmails": "DomainValidationOptions[].ValidationEmails[]",
                    "validationMethod": "DomainValidationOptions[0].ValidationMethod",
                },
            ),
            Hook(other_names, takes=("subjectAlternativeNames",)),
        ),
        delete=Call("DeleteCertificate", CERTIFICATE),
        tags=Tags(
            "AddTagsToCertificate",
            "RemoveTagsFromCertificate",
            CERTIFICATE,
            read="ListTagsForCertificate",
        ),
        outputs={"arn": "CertificateArn"},
        required=("domainName",),
        computed=("keyAlgorithm", "validationMethod", "options", "subjectAlternativeNames"),
    ),
    Type(
        "aws:acm/certificateValidation:CertificateValidation",
        "acm",
        create=Call("DescribeCertificate", VALIDATED),
        id="{certificateArn}",
        then=(
            Hook(check_records, takes=("certificateArn", "validationRecordFqdns")),
            Call("DescribeCertificate", VALIDATED, wait="certificate_validated", waits=VALIDATED),
        ),
        read=Read("DescribeCertificate", VALIDATED, "[Certificate][?Status=='ISSUED'] | [0]"),
        replace=("validationRecordFqdns",),
    ),
]
