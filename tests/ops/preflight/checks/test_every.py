"""Every check in its three verdicts, and the commands that mend."""

import re
import shlex
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from ops.preflight.check import run
from ops.preflight.checks.every import CHECKS
from ops.preflight.facts import Asked, Unanswered
from ops.preflight.lines import Line, Verdict
from ops.preflight.needs import Site
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import CERTIFICATE, FRANKFURT, IRELAND, ZONE_ID, in_both

PROD = fakes.site()
TCP = fakes.site(protocol="tcp", port=5000)
GIVEN = fakes.site(certificates={region: CERTIFICATE.format(region) for region in (IRELAND, FRANKFURT)})


def of_zones(*ids: str) -> dict[str, Any]:
    return {"InstanceTypeOfferings": [{"InstanceType": "m7g.large", "Location": zone} for zone in ids]}


def quota(code: str, value: int) -> dict[Asked, Any]:
    return in_both("quota", {"Quota": {"Value": float(value)}}, code)


FAILING: dict[str, tuple[Site, dict[Asked, Any], str]] = {
    "identity": (PROD, in_both("caller", Unanswered("ExpiredToken")), "AWS refuses the credentials: ExpiredToken"),
    "Region": (
        PROD,
        in_both("regions", {"Regions": [{"RegionName": IRELAND, "OptInStatus": "not-opted-in"}]}),
        "is not enabled",
    ),
    "service-linked roles": (
        PROD,
        {Asked("role creation", about="rds.amazonaws.com"): fakes.simulated("explicitDeny")},
        "RDS: missing, and the caller may not iam:CreateServiceLinkedRole",
    ),
    "hosted zone": (PROD, {Asked("hosted zones"): {"HostedZones": []}}, "the account has no public zone example.com"),
    "delegation": (PROD, {Asked("name servers"): {"servers": [], "served": True}}, "example.com isn't delegated"),
    "records": (
        PROD,
        {Asked("records", about=ZONE_ID): {"ResourceRecordSets": [{"Name": "www.example.com.", "Type": "CNAME"}]}},
        "www.example.com has CNAME already",
    ),
    "certificates": (
        PROD,
        {Asked("issuers"): {"name": "example.com", "issuers": ["letsencrypt.org"], "restricted": True}},
        "the CAA records of example.com allow only letsencrypt.org",
    ),
    "certificate": (
        GIVEN,
        in_both("certificate", Unanswered("ResourceNotFoundException")),
        f"{CERTIFICATE.format(IRELAND)} isn't there",
    ),
    "zones": (
        PROD,
        in_both("zones", {"AvailabilityZones": fakes.zones(IRELAND)[:2]}),
        "3 needed; there are euw1-az1, euw1-az2",
    ),
    "instance type": (
        PROD,
        in_both("offered zones", of_zones("euw1-az1", "euw1-az2", "euc1-az1")),
        "m7g.large isn't offered in euw1-az3",
    ),
    "database class": (
        PROD,
        in_both("database class", {"OrderableDBInstanceOptions": []}),
        "db.r7g.large with Aurora PostgreSQL 17.7 isn't offered in this Region",
    ),
    "session nodes": (
        PROD,
        {**in_both("cache node type", {"ReservedCacheNodesOfferings": []}), **in_both("offered zones", of_zones())},
        "cache.m7g.large is not sold in this Region",
    ),
    "vCPUs": (
        PROD,
        quota("L-1216C47A", 16),
        "6 at the minimum of 3, 8 at a refresh, 24 at the maximum of 12 m7g.large; 16 of 16 are free: "
        "too few from the maximum of 12 on",
    ),
    "VPCs": (PROD, quota("L-F678F1CE", 1), "1 needed; 0 of 1 are free"),
    "internet gateways": (PROD, quota("L-A4707A72", 0), "1 needed; 0 of 0 are free"),
    "Elastic IPs": (PROD, quota("L-0263D0A3", 2), "3 needed; 2 of 2 are free"),
    "Application Load Balancers": (PROD, quota("L-53DA6B97", 0), "1 needed; 0 of 0 are free"),
    "Network Load Balancers": (TCP, quota("L-69A177A2", 0), "1 needed; 0 of 0 are free"),
    "database instances": (PROD, quota("L-7B6409FD", 2), "3 needed; 2 of 2 are free"),
    "cache nodes": (PROD, quota("L-DFE45DF3", 2), "3 needed; 2 of 2 are free"),
    "NAT gateways in a zone": (
        PROD,
        {
            **quota("L-FE5A380F", 1),
            **in_both("nat gateways", {"NatGateways": [{"NatGatewayId": "nat-1", "SubnetId": "subnet-1"}]}),
        },
        "1 needed in each of euw1-az1, euw1-az2, euw1-az3; 0 of 1 are free in euw1-az1",
    ),
    "rules of a security group": (PROD, quota("L-0EA8095F", 1), "2 needed at the most; 1 are allowed"),
    "Lambda concurrency": (
        PROD,
        in_both("functions", {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 1}}),
        "2 needed at once; 1 of 10 are unreserved",
    ),
    "AWS Backup": (
        PROD,
        in_both("backup settings", {"ResourceTypeOptInPreference": {"Aurora": False, "Redshift Serverless": False}}),
        "not opted in for Aurora: there would be no backup, and no error",
    ),
    "AWS Config": (
        PROD,
        in_both("recorders", {"ConfigurationRecordersStatus": [{"name": "default", "recording": False}]}),
        "default doesn't record, and the audit would have no results",
    ),
}
"""By check: a site, what is different in its account, and what the check says of it."""


def failing(subject: str) -> Line:
    of, changes, _ = FAILING[subject]
    return fakes.line(subject, of, changes)


def test_each_check_has_a_case_in_which_it_fails() -> None:
    assert set(FAILING) == {check.subject for check in CHECKS}


@pytest.mark.parametrize("of", [PROD, TCP, GIVEN, fakes.site(sessions={"durable": True, "nodes": 3}, storage={})])
def test_in_a_good_account_each_check_is_ok(of: Site) -> None:
    changes = in_both(
        "offered zones",
        {
            "InstanceTypeOfferings": [
                {"InstanceType": kind, "Location": zone["ZoneId"]}
                for kind in ("m7g.large", "r7g.large", "r7g.xlarge")
                for region in (IRELAND, FRANKFURT)
                for zone in fakes.zones(region)
            ]
        },
    )
    lines = run(CHECKS, of, fakes.facts(of, changes))
    assert [line for line in lines if line.verdict is not Verdict.OK] == []
    assert not any(line.mend for line in lines)


@pytest.mark.parametrize("subject", FAILING)
def test_a_check_fails_and_says_what_mends_it(subject: str) -> None:
    line = failing(subject)
    assert (line.verdict, line.subject, line.text) == (Verdict.WILL_FAIL, subject, FAILING[subject][2])
    assert line.mend


@pytest.mark.parametrize("subject", FAILING)
def test_without_answers_a_check_cant_tell(subject: str) -> None:
    of = FAILING[subject][0]
    lines = fakes.check(subject).lines(of, fakes.all_refused(of))
    assert {line.verdict for line in lines} == {Verdict.CANT_TELL}
    assert all("AccessDenied" in line.text for line in lines)


def commands() -> list[tuple[str, list[str]]]:
    """Every `aws` command in a line that mends, by the check's subject."""
    found = []
    for subject in FAILING:
        for part in re.split(r" && |; do |; done", failing(subject).mend):
            at = part.find("aws ")
            if at >= 0 and not part.startswith("sign in"):
                found.append((subject, shlex.split(part[at:])[1:]))
    return found


@pytest.mark.parametrize(("subject", "words"), commands(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_command_that_mends_exists_with_its_options(subject: str, words: list[str]) -> None:
    service, command, *rest = words
    if service == "route53" and command == "create-hosted-zone":
        rest = [word for word in rest if not word.startswith("$")]
    model = botocore.session.get_session().get_service_model({"configservice": "config"}.get(service, service))
    [operation] = [name for name in model.operation_names if xform_name(name, "-") == command]
    known = {xform_name(name, "-") for name in model.operation_model(operation).input_shape.members}
    options = {word.removeprefix("--") for word in rest if word.startswith("--")}
    assert options - {"region", "query"} <= known, subject
