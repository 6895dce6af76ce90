"""Route 53: changes that AWS refuses as a whole, and health checks that records still name."""

import re
from collections.abc import Iterator
from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.balancer_zones import hosted_zone
from rehearsal.emulator.emulators import client, listed
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_"


BALANCER = re.compile(r"[^.]+\.((?P<application>[a-z0-9-]+)\.elb|elb\.(?P<network>[a-z0-9-]+))\.amazonaws\.com")
"""The name of an application or a network balancer, with its region."""


def invalid(message: str) -> AwsError:
    """The error for a batch of changes of which at least one is refused."""
    return AwsError("InvalidChangeBatch", message)


@corrects("route53", "ChangeResourceRecordSets", see=f"{API}ChangeResourceRecordSets.html")
async def change(call: Call) -> Response:
    """Refuse a simple record beside one with a routing policy, aliases to wrong zones or nothing, unknown checks."""
    zone = call.parameters["HostedZoneId"]
    before = {key(record): record for record in records(zone)}
    kept = dict(before)
    for wanted in call.parameters["ChangeBatch"]["Changes"]:
        record = wanted["ResourceRecordSet"]
        if wanted["Action"] == "DELETE":
            if kept.pop(key(record), None) is None:
                raise invalid(
                    f"Tried to delete resource record set [name='{record['Name']}', type='{record['Type']}'] but it "
                    "was not found"
                )
            continue
        check_alias(record)
        check_alias_inside(zone, record, kept)
        check_health_check(record)
        if wanted["Action"] == "CREATE" and key(record) in kept:
            raise invalid(
                f"Tried to create resource record set [name='{record['Name']}', type='{record['Type']}'] but it "
                "already exists"
            )
        check_neighbours(record, kept)
        kept[key(record)] = record
    answer = await emulators.ask(without_create(call))
    put_back(zone, [record for name, record in before.items() if name in kept])
    return answer


def without_create(call: Call) -> Call:
    """The same changes as UPSERTs: moto refuses to create again what was deleted if a record comes after its name."""
    changes = [
        {**change, "Action": "UPSERT"} if change["Action"] == "CREATE" else change
        for change in call.parameters["ChangeBatch"]["Changes"]
    ]
    batch = {**call.parameters["ChangeBatch"], "Changes": changes}
    given = {"HostedZoneId": call.parameters["HostedZoneId"], "ChangeBatch": batch}
    return emulators.request_for("route53", "ChangeResourceRecordSets", "us-east-1", **given)


def put_back(zone: str, staying: list[dict[str, Any]]) -> None:
    """Restore records that moto deletes along: all that have the identifier, whatever their name and type."""
    there = {key(record) for record in records(zone)}
    lost = [{"Action": "UPSERT", "ResourceRecordSet": record} for record in staying if key(record) not in there]
    if lost:
        client("route53", "us-east-1").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": lost})


def key(record: dict[str, Any]) -> tuple[str, str, str]:
    """The key that distinguishes a record from all others of a hosted zone."""
    name = record["Name"].lower().rstrip(".").replace("*", r"\052")
    return name, record["Type"], record.get("SetIdentifier", "")


def records(zone: str) -> Iterator[dict[str, Any]]:
    """The records of a hosted zone."""
    yield from listed("route53", "us-east-1", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone)


def check_neighbours(record: dict[str, Any], kept: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    """Refuse simple beside routed, two primaries or two secondaries, and a CNAME beside anything."""
    name, kind, identifier = key(record)
    for (other_name, other_kind, other_identifier), other in kept.items():
        if other_name != name or (other_kind, other_identifier) == (kind, identifier):
            continue
        said = (
            f"RRSet with DNS name {record['Name']}, type {kind}, SetIdentifier {identifier or 'null'} cannot be created"
        )
        if "CNAME" in (kind, other_kind) and kind != other_kind:
            raise invalid(f"{said} as a CNAME and other records cannot have the same name")
        if other_kind != kind:
            continue
        if bool(identifier) != bool(other_identifier):
            raise invalid(f"{said} as a non multivalue answer rrset exists with the same name and type.")
        if "Region" in record and record["Region"] == other.get("Region"):
            raise invalid(f"{said} because there is already a record of {record['Region']} with this name and type.")
        if "Failover" in record and record["Failover"] == other.get("Failover"):
            raise invalid(f"{said} because there is already a {record['Failover']} record with this name and type.")


def check_alias(record: dict[str, Any]) -> None:
    """Refuse an alias to a load balancer's name with another region's (or kind's) hosted zone."""
    alias = record.get("AliasTarget")
    name = alias["DNSName"].lower().rstrip(".").removeprefix("dualstack.") if alias else ""
    found = BALANCER.fullmatch(name)
    if not alias or not found:
        return
    kind = "network" if found["network"] else "application"
    right = hosted_zone(found["network"] or found["application"], kind, alias["HostedZoneId"])
    if alias["HostedZoneId"] != right:
        raise invalid(
            f"Tried to create an alias that targets {name}., type {record['Type']} in zone {alias['HostedZoneId']}, "
            "but the alias target name does not lie within the target zone"
        )


def check_alias_inside(zone: str, record: dict[str, Any], kept: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    """Refuse an alias to a name of the same zone that has no record of the type.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
    """
    alias = record.get("AliasTarget")
    if not alias or alias["HostedZoneId"].rsplit("/", 1)[-1] != zone.rsplit("/", 1)[-1]:
        return
    wanted = (alias["DNSName"].lower().rstrip("."), record["Type"])
    if wanted not in {(name, kind) for name, kind, _ in kept}:
        raise invalid(
            f"Tried to create an alias that targets {wanted[0]}., type {record['Type']} in zone {zone}, but that "
            "target was not found"
        )


def check_health_check(record: dict[str, Any]) -> None:
    """Refuse a health check that does not exist."""
    wanted = record.get("HealthCheckId")
    known = listed("route53", "us-east-1", "list_health_checks", "HealthChecks") if wanted else []
    if wanted and wanted not in {check["Id"] for check in known}:
        raise AwsError("NoSuchHealthCheck", f"A health check with id {wanted} does not exist.", 404)


@corrects("route53", "DeleteHealthCheck", see=f"{API}DeleteHealthCheck.html")
async def delete_health_check(call: Call) -> Response:
    """Refuse a health check that a record still names."""
    wanted = call.parameters["HealthCheckId"]
    for zone in listed("route53", "us-east-1", "list_hosted_zones", "HostedZones"):
        for record in records(zone["Id"]):
            if record.get("HealthCheckId") == wanted:
                raise AwsError(
                    "HealthCheckInUse", f"The health check {wanted} is in use by {record['Name']} {record['Type']}."
                )
    return await emulators.ask(call)
