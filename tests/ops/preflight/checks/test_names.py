"""The hosted zone, who is asked for it, and certificates."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ops.preflight.checks.names import covers
from ops.preflight.facts import Asked, Unanswered
from ops.preflight.lines import Verdict
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import CERTIFICATE, FRANKFURT, IRELAND, SERVERS, ZONE_ID, in_both, line

PROD = fakes.site()
GIVEN = fakes.site(certificates={region: CERTIFICATE.format(region) for region in (IRELAND, FRANKFURT)})
CLOUDFLARE = {"accountId": "a" * 32, "zoneId": "b" * 32}


def test_of_two_zones_the_one_that_dns_does_not_lead_to_is_to_go() -> None:
    changes = {
        Asked("hosted zones"): {
            "HostedZones": [{"Id": f"/hostedzone/{one}", "Name": "example.com."} for one in ("ZOLD", ZONE_ID)]
        },
        Asked("hosted zone", about="ZOLD"): {"DelegationSet": {"NameServers": ["ns-9.awsdns-9.com"]}},
    }
    found = line("hosted zone", PROD, changes)
    assert (found.verdict, found.mend) == (Verdict.WILL_FAIL, "aws route53 delete-hosted-zone --id ZOLD")
    assert fakes.check("delegation").lines(PROD, fakes.facts(PROD, changes)) == []
    unknown = line("hosted zone", PROD, {**changes, Asked("name servers"): Unanswered("LifetimeTimeout")})
    assert unknown.mend.endswith("--id <the one that the domain doesn't use>")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"servers": SERVERS[:2], "served": True}, "example.com leads to Z0123456789"),
        ({"servers": [], "served": False}, "example.com is delegated to servers that don't answer for it"),
        (
            {"servers": ["dns1.registrar.example"], "served": True},
            "example.com is delegated to dns1.registrar.example, which isn't Z0123456789",
        ),
        (Unanswered("LifetimeTimeout"), "name servers: LifetimeTimeout"),
    ],
)
def test_the_zone_must_be_the_one_that_the_world_asks(answer: Any, text: str) -> None:
    assert line("delegation", PROD, {Asked("name servers"): answer}).text == text


def test_what_cloudflare_serves_has_no_hosted_zone_and_what_it_delegates_is_delegated_by_the_program() -> None:
    proxied = fakes.site(edge="cloudflare", cloudflare=CLOUDFLARE, failover=None)
    assert not {"hosted zone", "delegation", "records"} & fakes.subjects(proxied)
    delegated = fakes.site(
        edge="cloudflare", cloudflare={**CLOUDFLARE, "mode": "delegate", "parentZone": "com"}, failover=None
    )
    not_yet = {Asked("name servers"): {"servers": [], "served": True}}
    assert line("delegation", delegated, not_yet).verdict is Verdict.OK


def test_records_of_a_load_balancer_may_be_the_stacks_own() -> None:
    own = {"Name": "www.example.com.", "Type": "A", "AliasTarget": {"DNSName": "lb-1.eu-west-1.elb.amazonaws.com."}}
    changes = {Asked("records", about=ZONE_ID): {"ResourceRecordSets": [own, {"Name": "z.example.com.", "Type": "A"}]}}
    assert line("records", PROD, changes).verdict is Verdict.CANT_TELL


def test_caa_records_that_name_amazon_let_it_issue() -> None:
    answer = {"name": "example.com", "issuers": ["letsencrypt.org", "amazontrust.com"], "restricted": True}
    assert line("certificates", PROD, {Asked("issuers"): answer}).verdict is Verdict.OK
    nobody = {"name": "example.com", "issuers": [""], "restricted": True}
    assert line("certificates", PROD, {Asked("issuers"): nobody}).text.endswith("allow only nobody")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"NotAfter": datetime(2027, 5, 4, tzinfo=UTC)}, "issued for www.example.com, until 2027-05-04"),
        ({"Status": "PENDING_VALIDATION"}, "is PENDING_VALIDATION, not ISSUED"),
        ({"Status": "EXPIRED"}, "is EXPIRED, not ISSUED"),
        ({"DomainName": "shop.example.com"}, "is for shop.example.com, example.com, not for www.example.com"),
    ],
)
def test_a_given_certificate_must_be_issued_for_the_name(change: dict[str, Any], text: str) -> None:
    good = fakes.of_region(IRELAND)["certificate"]["Certificate"]
    assert line("certificate", GIVEN, in_both("certificate", {"Certificate": {**good, **change}})).text == text


def test_a_certificate_of_iam_cant_be_told() -> None:
    iam = "arn:aws:iam::123456789012:server-certificate/old"
    given = fakes.site(certificates={IRELAND: iam, FRANKFURT: CERTIFICATE.format(FRANKFURT)})
    assert line("certificate", given, region=IRELAND).verdict is Verdict.CANT_TELL
    assert line("certificate", given, region=FRANKFURT).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("name", "domain", "expected"),
    [
        ("www.example.com", "www.example.com", True),
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.b.example.com", False),
        ("example.com", "www.example.com", False),
    ],
)
def test_a_wildcard_is_for_one_label(name: str, domain: str, expected: bool) -> None:
    assert covers(name, domain) is expected
