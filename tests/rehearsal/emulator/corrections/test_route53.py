"""Route 53: a record is its name, its type and its identifier, and one of them is deleted at a time."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.xdist_group("emulator")


def failover_pair(dns: Any, name: str) -> str:
    """A zone with A and AAAA records for a primary and a standby."""
    zone: str = dns.create_hosted_zone(Name=f"{name}.example.com", CallerReference=name)["HostedZone"]["Id"]
    pairs = [(kind, role) for kind in ("A", "AAAA") for role in ("primary", "standby")]
    change(dns, zone, *(("CREATE", record(f"www.{name}.example.com", *pair)) for pair in pairs))
    return zone


def record(name: str, kind: str, role: str) -> dict[str, Any]:
    value = "192.0.2.1" if kind == "A" else "2001:db8::1"
    return {
        "Name": name,
        "Type": kind,
        "SetIdentifier": role,
        "Failover": "PRIMARY" if role == "primary" else "SECONDARY",
        "TTL": 60,
        "ResourceRecords": [{"Value": value}],
    }


def change(dns: Any, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": changed} for action, changed in changes]}
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def left(dns: Any, zone: str) -> set[tuple[str, str]]:
    found = dns.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {(each["Type"], each["SetIdentifier"]) for each in found if "SetIdentifier" in each}


def test_deleting_the_standbys_ipv4_record_leaves_its_ipv6_record(aws: Callable[..., Any], unique: str) -> None:
    dns = aws("route53")
    zone = failover_pair(dns, unique)
    change(dns, zone, ("DELETE", record(f"www.{unique}.example.com", "A", "standby")))
    assert left(dns, zone) == {("A", "primary"), ("AAAA", "primary"), ("AAAA", "standby")}


def test_moto_alone_still_deletes_all_that_have_the_identifier(moto_alone: Callable[..., Any], unique: str) -> None:
    dns = moto_alone("route53")
    zone = failover_pair(dns, unique)
    change(dns, zone, ("DELETE", record(f"www.{unique}.example.com", "A", "standby")))
    assert left(dns, zone) == {("A", "primary"), ("AAAA", "primary")}  # when this fails, `put_back` can go


def again(dns: Any, name: str) -> None:
    """Create a record, delete it, and create it again, beside another that comes after it."""
    zone = dns.create_hosted_zone(Name=f"{name}.example.com", CallerReference=f"{name}-again")["HostedZone"]["Id"]
    first = record(f"a.{name}.example.com", "A", "primary")
    change(dns, zone, ("CREATE", first), ("CREATE", record(f"b.{name}.example.com", "A", "standby")))
    change(dns, zone, ("DELETE", first))
    change(dns, zone, ("CREATE", first))


def test_a_record_can_be_created_again(aws: Callable[..., Any], unique: str) -> None:
    again(aws("route53"), unique)


def test_moto_alone_still_refuses_to_create_a_record_again(moto_alone: Callable[..., Any], unique: str) -> None:
    with pytest.raises(ClientError, match="already exists"):
        again(moto_alone("route53"), unique)  # when this fails, `without_create` can go


@pytest.mark.parametrize("target", ["missing", "aaaa"])
def test_an_alias_to_a_name_of_the_zone_needs_a_record_of_its_type_there(
    aws: Callable[..., Any], unique: str, target: str
) -> None:
    dns = aws("route53")
    zone = dns.create_hosted_zone(Name=f"{unique}.example.com", CallerReference=unique)["HostedZone"]["Id"]
    change(dns, zone, ("CREATE", record(f"aaaa.{unique}.example.com", "AAAA", "primary")))

    def alias(kind: str) -> dict[str, Any]:
        where = {"DNSName": f"{target}.{unique}.example.com", "HostedZoneId": zone.rsplit("/", 1)[-1]}
        return {
            "Name": f"www.{unique}.example.com",
            "Type": kind,
            "AliasTarget": {**where, "EvaluateTargetHealth": True},
        }

    with pytest.raises(ClientError, match="target was not found"):
        change(dns, zone, ("CREATE", alias("A")))
    if target == "aaaa":
        change(dns, zone, ("CREATE", alias("AAAA")))


def test_two_latency_records_of_one_name_are_of_two_regions(aws: Callable[..., Any], unique: str) -> None:
    dns = aws("route53")
    zone = dns.create_hosted_zone(Name=f"{unique}.example.com", CallerReference=unique)["HostedZone"]["Id"]

    def latency(identifier: str, region: str) -> dict[str, Any]:
        given = record(f"www.{unique}.example.com", "A", "primary")
        del given["Failover"]
        return {**given, "SetIdentifier": identifier, "Region": region}

    change(dns, zone, ("CREATE", latency("a", "eu-west-1")), ("CREATE", latency("b", "eu-central-1")))
    with pytest.raises(ClientError, match="already a record of eu-west-1"):
        change(dns, zone, ("CREATE", latency("c", "eu-west-1")))


@pytest.fixture
def zone(aws: Callable[..., Any], unique: str) -> str:
    made = aws("route53").create_hosted_zone(Name=f"{unique}.org", CallerReference=unique)["HostedZone"]["Id"]
    return str(made)


@pytest.fixture
def change_www(aws: Callable[..., Any], zone: str, unique: str, refused: Callable[..., str]) -> Callable[..., str]:
    """Change one record of `www` in the zone; the code of the error, if any."""

    def change_one(action: str = "CREATE", **record: Any) -> str:
        wanted = {"Action": action, "ResourceRecordSet": {"Name": f"www.{unique}.org", **record}}
        return refused(aws("route53").change_resource_record_sets, HostedZoneId=zone, ChangeBatch={"Changes": [wanted]})

    return change_one


def alias(region: str = "eu-west-1", zone: str = "Z32O12XQLNTSW2") -> dict[str, Any]:
    name = f"dualstack.lb-1.{region}.elb.amazonaws.com"
    return {"AliasTarget": {"HostedZoneId": zone, "DNSName": name, "EvaluateTargetHealth": True}}


def health_check(aws: Callable[..., Any], unique: str) -> str:
    config = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": f"{unique}.example.com",
        "ResourcePath": "/healthz",
        "RequestInterval": 10,
        "FailureThreshold": 2,
    }
    made = aws("route53").create_health_check(CallerReference=unique, HealthCheckConfig=config)["HealthCheck"]
    return str(made["Id"])


def test_a_failover_pair_keeps_its_health_check(
    aws: Callable[..., Any], zone: str, change_www: Callable[..., str], unique: str, refused: Callable[..., str]
) -> None:
    check = health_check(aws, unique)
    for kind in ("A", "AAAA"):
        primary = {"Type": kind, "SetIdentifier": "primary", "Failover": "PRIMARY", "HealthCheckId": check}
        assert change_www(**primary, **alias()) == ""
        secondary = {"Type": kind, "SetIdentifier": "standby", "Failover": "SECONDARY"}
        assert change_www(**secondary, **alias("eu-central-1", "Z215JYRZR1TBD5")) == ""
    found = aws("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert sorted((r["Type"], r["Failover"]) for r in found if "Failover" in r) == [
        *(("A", "PRIMARY"), ("A", "SECONDARY")),
        *(("AAAA", "PRIMARY"), ("AAAA", "SECONDARY")),
    ]
    assert refused(aws("route53").delete_health_check, HealthCheckId=check) == "HealthCheckInUse"


def test_records_that_contradict_each_other_are_refused(change_www: Callable[..., str]) -> None:
    simple = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    primary = {"Type": "A", "SetIdentifier": "one", "Failover": "PRIMARY", **alias()}
    assert change_www(**primary) == ""
    assert change_www(**primary) == "InvalidChangeBatch"
    assert change_www("UPSERT", **primary) == ""
    assert change_www("UPSERT", **simple) == "InvalidChangeBatch"
    assert change_www(**{**primary, "SetIdentifier": "two"}) == "InvalidChangeBatch"
    cname = {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example.com"}]}
    assert change_www(**cname) == "InvalidChangeBatch"
    assert change_www("DELETE", **simple) == "InvalidChangeBatch"
    assert change_www("DELETE", **primary) == ""
    assert change_www(**simple) == ""


def test_an_alias_lies_in_the_zone_of_its_targets_region(change_www: Callable[..., str]) -> None:
    assert change_www(Type="A", **alias("eu-central-1", "Z32O12XQLNTSW2")) == "InvalidChangeBatch"
    assert change_www(Type="A", **alias("eu-central-1", "Z215JYRZR1TBD5")) == ""


def test_a_record_names_a_health_check_that_exists(change_www: Callable[..., str]) -> None:
    wanted = {"Type": "A", "SetIdentifier": "one", "Failover": "PRIMARY", "HealthCheckId": "none", **alias()}
    assert change_www(**wanted) == "NoSuchHealthCheck"
