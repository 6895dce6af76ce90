"""Route 53: a record is its name, its type and its identifier, and one of them is deleted at a time."""

from collections.abc import Callable
from typing import Any

import pytest

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
