"""A site, and the answers of an account in which everything is as it should be; tests change what they are about."""

import copy
from collections.abc import Mapping
from typing import Any

from ops.preflight.check import Check
from ops.preflight.checks.every import CHECKS
from ops.preflight.facts import Asked, Facts, Unanswered
from ops.preflight.lines import Line
from ops.preflight.needs import Site
from ops.preflight.quotas import wanted
from ops.preflight.stack_file import site_of
from program.settings.load import parse

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
ZONE_ID = "Z0123456789"
SERVERS = [f"ns-{number}.awsdns-{number}.org" for number in (1, 2, 3, 4)]
CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/11111111-2222-3333-4444-555555555555"

PROD: dict[str, Any] = {
    "domain": "www.example.com",
    "zone": "example.com",
    "primary": {"region": IRELAND, "cidr": "10.0.0.0/16"},
    "standby": {"region": FRANKFURT, "cidr": "10.1.0.0/16"},
    "servers": {"instanceType": "m7g.large", "minimum": 3, "maximum": 12},
    "sessions": {"nodeType": "cache.m7g.large", "nodes": 3},
    "failover": "automatic",
    "database": {},
    "backup": {"audit": True},
}


def site(*, accounts: tuple[str, ...] = (), **changes: Any) -> Site:
    """The site of prod's settings, with changes; None takes a setting away."""
    values = {key: value for key, value in {**PROD, **changes}.items() if value is not None}
    return site_of("prod", parse(values), accounts)


def zones(region: str) -> list[dict[str, Any]]:
    short = {IRELAND: "euw1", FRANKFURT: "euc1"}[region]
    return [
        {"ZoneId": f"{short}-az{number}", "ZoneName": f"{region}{letter}", "OptInStatus": "opt-in-not-required"}
        for number, letter in ((2, "a"), (1, "b"), (3, "c"))
    ]


def answers(wanted_by: Site) -> dict[Asked, Any]:
    """What AWS and DNS answer."""
    found: dict[Asked, Any] = {
        Asked("service-linked roles"): {"Roles": []},
        Asked("caller's role"): {"Role": {"Arn": "arn:aws:iam::123456789012:role/teams/deployer"}},
        Asked("hosted zones"): {
            "HostedZones": [
                {"Id": f"/hostedzone/{ZONE_ID}", "Name": "example.com.", "Config": {"PrivateZone": False}},
                {"Id": "/hostedzone/Z9", "Name": "example.com.", "Config": {"PrivateZone": True}},
            ]
        },
        Asked("hosted zone", about=ZONE_ID): {"DelegationSet": {"NameServers": SERVERS}},
        Asked("records", about=ZONE_ID): {"ResourceRecordSets": [{"Name": "xyz.example.com.", "Type": "A"}]},
        Asked("name servers"): {"servers": SERVERS, "served": True},
        Asked("issuers"): {"name": "example.com", "issuers": [], "restricted": False},
    }
    for principal in ("autoscaling", "elasticloadbalancing", "mrk.kms", "elasticache", "memorydb", "rds"):
        found[Asked("role creation", about=f"{principal}.amazonaws.com")] = simulated("allowed")
    for principal in ("backup", "restore-testing.backup", "reports.backup", "elasticfilesystem"):
        found[Asked("role creation", about=f"{principal}.amazonaws.com")] = simulated("allowed")
    for place in wanted_by.places:
        regional = of_region(place.region)
        found |= {Asked(question, place.region): answer for question, answer in regional.items()}
        for code in wanted(place):
            found[Asked("quota", place.region, code)] = {"Quota": {"Value": 60.0}}
    return found


def simulated(decision: str) -> dict[str, Any]:
    return {"EvaluationResults": [{"EvalActionName": "iam:CreateServiceLinkedRole", "EvalDecision": decision}]}


def of_region(region: str) -> dict[str, Any]:
    caller = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/deployer/ann", "UserId": "A"}
    names = [zone["ZoneName"] for zone in zones(region)]
    ids = [zone["ZoneId"] for zone in zones(region)]
    return {
        "caller": caller,
        "regions": {
            "Regions": [
                {"RegionName": IRELAND, "OptInStatus": "opt-in-not-required"},
                {"RegionName": FRANKFURT, "OptInStatus": "opted-in"},
            ]
        },
        "zones": {"AvailabilityZones": zones(region)},
        "offered zones": {"InstanceTypeOfferings": [{"InstanceType": "m7g.large", "Location": one} for one in ids]},
        "instance type": {"InstanceTypes": [{"InstanceType": "m7g.large", "VCpuInfo": {"DefaultVCpus": 2}}]},
        "instances": {"Reservations": []},
        "addresses": {"Addresses": []},
        "vpcs": {"Vpcs": [{"VpcId": "vpc-1"}]},
        "internet gateways": {"InternetGateways": []},
        "nat gateways": {"NatGateways": []},
        "subnets": {"Subnets": [{"SubnetId": "subnet-1", "AvailabilityZoneId": ids[1]}]},
        "load balancers": {"LoadBalancers": []},
        "functions": {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}},
        "databases": {"DBInstances": []},
        "database class": {
            "OrderableDBInstanceOptions": [
                {
                    "DBInstanceClass": "db.r7g.large",
                    "AvailabilityZones": [{"Name": name} for name in names],
                    "SupportsGlobalDatabases": True,
                }
            ]
        },
        "cache nodes": {"CacheClusters": []},
        "cache node type": {"ReservedCacheNodesOfferings": [{"CacheNodeType": "cache.m7g.large"}]},
        "durable node type": {"ReservedNodesOfferings": [{"NodeType": "db.r7g.large"}]},
        "backup settings": {"ResourceTypeOptInPreference": {"Aurora": True, "EFS": True, "Redshift Serverless": False}},
        "recorders": {
            "ConfigurationRecordersStatus": [{"name": "default", "recording": True, "lastStatus": "SUCCESS"}]
        },
        "certificate": {
            "Certificate": {
                "DomainName": "*.example.com",
                "SubjectAlternativeNames": ["example.com"],
                "Status": "ISSUED",
            }
        },
    }


Changes = Mapping[Asked, Any]


def facts(of: Site, changes: Changes | None = None) -> Facts:
    return Facts({**copy.deepcopy(answers(of)), **(changes or {})})


def in_both(question: str, answer: Any, about: str = "") -> dict[Asked, Any]:
    """One answer in both Regions."""
    return {Asked(question, region, about): answer for region in (IRELAND, FRANKFURT)}


def all_refused(of: Site) -> Facts:
    """An account in which the caller may nothing."""
    return Facts(dict.fromkeys(answers(of), Unanswered("AccessDenied")))


def check(subject: str) -> Check:
    [found] = [one for one in CHECKS if one.subject == subject]
    return found


def line(subject: str, of: Site, changes: Changes | None = None, region: str | None = None) -> Line:
    """What a check says; of the Regions, the first, if none is named."""
    lines = check(subject).lines(of, facts(of, changes))
    return next(one for one in lines if region in (None, one.region))


def subjects(of: Site) -> set[str]:
    """What is checked for a site at all."""
    return {check.subject for check in CHECKS if check.lines(of, facts(of))}
