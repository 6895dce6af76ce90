"""Record sets and health checks as Route 53's API answers them, read into what the rules need."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SINGLE = re.compile(r"\{'Value': '(.*)'\}")
"""An emulator's way to write the SOA record's value."""


@dataclass(frozen=True)
class Alias:
    """Where an alias record points."""

    zone: str
    name: str
    evaluates: bool = False
    """Whether the record is only as healthy as its target (EvaluateTargetHealth)."""


@dataclass(frozen=True)
class RecordSet:
    """One record set. Which policy it is of, its fields tell; a simple one has none of them."""

    name: str
    type: str
    values: tuple[str, ...] = ()
    ttl: float = 300.0
    alias: Alias | None = None
    identifier: str = ""
    check: str | None = None
    failover: str | None = None
    weight: int | None = None
    region: str | None = None
    multivalue: bool = False
    location: Mapping[str, str] | None = None
    unsupported: str = ""
    """A routing policy that is not rehearsed: geoproximity, or by CIDR."""

    @property
    def policy(self) -> str:
        """Which routing policy the record set follows."""
        found = {
            "failover": self.failover is not None,
            "weighted": self.weight is not None,
            "latency": self.region is not None,
            "multivalue": self.multivalue,
            "geolocation": self.location is not None,
        }
        return self.unsupported or next((name for name, given in found.items() if given), "simple")


def read(given: Mapping[str, Any]) -> RecordSet:
    """Return the record set of an answer of ListResourceRecordSets."""
    alias = given.get("AliasTarget")
    unsupported = "geoproximity" if "GeoProximityLocation" in given else "cidr" if "CidrRoutingConfig" in given else ""
    return RecordSet(
        name=plain(given["Name"]),
        type=given["Type"],
        values=tuple(SINGLE.sub(r"\1", each["Value"]) for each in given.get("ResourceRecords", [])),
        ttl=float(given.get("TTL", 300)),
        alias=Alias(short(alias["HostedZoneId"]), plain(alias["DNSName"]), bool(alias.get("EvaluateTargetHealth")))
        if alias
        else None,
        identifier=given.get("SetIdentifier", ""),
        check=given.get("HealthCheckId") or None,
        failover=given.get("Failover"),
        weight=int(given["Weight"]) if "Weight" in given else None,
        region=given.get("Region"),
        multivalue=bool(given.get("MultiValueAnswer")),
        location=given.get("GeoLocation"),
        unsupported=unsupported,
    )


def plain(name: str) -> str:
    r"""Return a name in lower case, without the last dot, its wildcard as `*` instead of `\052`."""
    return name.lower().rstrip(".").replace(r"\052", "*")


def short(zone: str) -> str:
    """Return a hosted zone's id without its path."""
    return zone.rsplit("/", 1)[-1]
