"""Certificate Manager: a certificate is issued when its validation records are there, not when a second has passed."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.cloudflare_plugin import store
from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.route53 import records
from rehearsal.emulator.emulators import client, listed
from rehearsal.emulator.wire import Call, Response

GUIDE = "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html"


@corrects("acm", "DescribeCertificate", see=GUIDE)
async def describe(call: Call) -> Response:
    """Describe a certificate whose records are missing as pending."""
    answer = call.read(await emulators.ask(call))
    return call.answer({"Certificate": judged(answer["Certificate"])})


@corrects("acm", "ListCertificates", see=GUIDE)
async def list_certificates(call: Call) -> Response:
    """List certificates with the status that they are described with."""
    wanted = call.parameters.get("CertificateStatuses")
    found = []
    for summary in listed("acm", call.region, "list_certificates", "CertificateSummaryList"):
        status = status_of(call.region, summary["CertificateArn"])
        if not wanted or status in wanted:
            found.append({**summary, "Status": status})
    return call.answer({"CertificateSummaryList": found})


def status_of(region: str, arn: str) -> str | None:
    """The status of a certificate; None where the region has none of that ARN."""
    try:
        found = client("acm", region).describe_certificate(CertificateArn=arn)["Certificate"]
    except ClientError:
        return None
    return str(judged(found)["Status"])


def judged(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate, with the status that follows from the records in the account's public hosted zones."""
    records = [o for o in certificate.get("DomainValidationOptions", []) if o.get("ValidationMethod") == "DNS"]
    if certificate["Type"] != "AMAZON_ISSUED" or not records:
        return certificate
    known = cnames()
    for option in records:
        record = option["ResourceRecord"]
        there = known.get(dotted(record["Name"])) == dotted(record["Value"])
        option["ValidationStatus"] = "SUCCESS" if there else "PENDING_VALIDATION"
    if all(option["ValidationStatus"] == "SUCCESS" for option in records):
        return {**certificate, "Status": "ISSUED"}
    pending = {**certificate, "Status": "PENDING_VALIDATION"}
    pending.pop("IssuedAt", None)
    return pending


def cnames() -> dict[str, str]:
    """All CNAME records of the account's public hosted zones, and of zones at Cloudflare, which ACM sees as well."""
    found = {dotted(name): dotted(content) for name, content in store.from_environment().records("CNAME").items()}
    for zone in listed("route53", "us-east-1", "list_hosted_zones", "HostedZones"):
        if zone["Config"]["PrivateZone"]:
            continue
        for record in records(zone["Id"]):
            if record["Type"] == "CNAME" and record.get("ResourceRecords"):
                found[dotted(record["Name"])] = dotted(record["ResourceRecords"][0]["Value"])
    return found


def dotted(name: str) -> str:
    """A domain name in lower case with its final dot."""
    return name.lower().rstrip(".") + "."
