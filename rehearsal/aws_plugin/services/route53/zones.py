"""Route 53: hosted zones, and the function that finds them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError, is_unknown
from rehearsal.aws_plugin.entry import Call, Function, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.route53.health_checks import tags_of


def vpc_sent(member: Mapping[str, Any]) -> dict[str, Any]:
    """A VPC as Route 53 has it; the provider's region unless it says another."""
    return {"VPCId": member["vpcId"], "VPCRegion": member.get("vpcRegion") or "{region}"}


def create_zone(context: HookContext) -> Mapping[str, Any]:
    """Create a zone; a private one for its first VPC."""
    args = context.args
    request: dict[str, Any] = {"Name": args["name"], "CallerReference": uuid.uuid4().hex}
    settings = {"Comment": args.get("comment") or "", "PrivateZone": bool(args.get("vpcs"))}
    request["HostedZoneConfig"] = settings
    request |= {"DelegationSetId": args["delegationSetId"]} if args.get("delegationSetId") else {}
    if args.get("vpcs"):
        request["VPC"] = UNKNOWN if is_unknown(args["vpcs"]) else context.resolve(vpc_sent(args["vpcs"][0]))
    made = context.send(Call("CreateHostedZone"), request)
    return {"id": "" if context.dry else clean(made["HostedZone"]["Id"])}


def change_vpcs(context: HookContext) -> None:
    """Let VPCs join before others leave: a private zone can't be without one."""
    before, after = context.old.get("vpcs") or [], context.args.get("vpcs") or []
    if is_unknown([before, after]):
        return
    if not before:  # a new zone has its first VPC already
        before = after[:1]
    for operation, members in (
        ("AssociateVPCWithHostedZone", [each for each in after if each not in before]),
        ("DisassociateVPCFromHostedZone", [each for each in before if each not in after]),
    ):
        for member in members:
            request = {"HostedZoneId": context.id or "unknown", "VPC": context.resolve(vpc_sent(member))}
            context.send(Call(operation), request)


def empty_zone(context: HookContext) -> None:
    """With `forceDestroy`, delete all records but the zone's own NS and SOA."""
    if context.args.get("forceDestroy") is not True:
        return
    zone = context.call("GetHostedZone", {"Id": context.id})["HostedZone"]["Name"]
    for record in records_of(context, context.id):
        if not (record["Name"] == zone and record["Type"] in ("NS", "SOA")):
            batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
            context.call("ChangeResourceRecordSets", {"HostedZoneId": context.id, "ChangeBatch": batch})


def records_of(context: HookContext, zone: str) -> list[dict[str, Any]]:
    """All records of a hosted zone."""
    found: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = context.call("ListResourceRecordSets", {"HostedZoneId": zone, **start})
        found += page["ResourceRecordSets"]
        if not page["IsTruncated"]:
            return found
        names = {"StartRecordName": "NextRecordName", "StartRecordType": "NextRecordType"}
        names |= {"StartRecordIdentifier": "NextRecordIdentifier"}
        start = {mine: page[theirs] for mine, theirs in names.items() if page.get(theirs)}


def clean(zone: str) -> str:
    """The id without the folder in which the API has it."""
    return zone.removeprefix("/hostedzone/")


def read_zone(context: HookContext) -> Mapping[str, Any]:
    """The name as programs have it, the servers, the VPCs."""
    found = context.call("GetHostedZone", {"Id": context.id})
    servers = sorted((found.get("DelegationSet") or {}).get("NameServers", []))
    vpcs = [{"vpcId": each["VPCId"], "vpcRegion": each["VPCRegion"]} for each in found.get("VPCs") or []]
    given = {each["vpcId"]: each for each in context.args.get("vpcs") or []}
    return {
        "name": found["HostedZone"]["Name"].rstrip("."),
        "zoneId": context.id,
        "nameServers": servers,
        "primaryNameServer": servers[0] if servers else "",
        "vpcs": [each if given.get(each["vpcId"], {}).get("vpcRegion") else {"vpcId": each["vpcId"]} for each in vpcs],
    }


def find_zone(context: HookContext) -> Mapping[str, Any]:
    """One hosted zone, by id or by name, public unless `privateZone` or `vpcId` is given."""
    args = context.args
    if bool(args.get("zoneId")) == bool(args.get("name")):
        raise RefusedError("zoneId", "exactly one of zoneId and name is needed")
    found = _by_id(context, args["zoneId"]) if args.get("zoneId") else _by_name(context)
    zone = found["HostedZone"]
    servers = sorted((found.get("DelegationSet") or {}).get("NameServers", []))
    number = clean(zone["Id"])
    tags = context.call("ListTagsForResource", {"ResourceType": "hostedzone", "ResourceId": number})
    service = zone.get("LinkedService") or {}
    return {
        "id": number,
        "zoneId": number,
        "arn": f"arn:{context.partition}:route53:::hostedzone/{number}",
        "name": zone["Name"].rstrip("."),
        "callerReference": zone["CallerReference"],
        "comment": zone.get("Config", {}).get("Comment", ""),
        "privateZone": bool(zone.get("Config", {}).get("PrivateZone")),
        "resourceRecordSetCount": int(zone.get("ResourceRecordSetCount", 0)),
        "nameServers": servers,
        "primaryNameServer": servers[0] if servers else "",
        "linkedServicePrincipal": service.get("ServicePrincipal", ""),
        "linkedServiceDescription": service.get("Description", ""),
        "enableAcceleratedRecovery": False,
        "tags": {each["Key"]: each["Value"] for each in tags["ResourceTagSet"]["Tags"]},
        "vpcId": args.get("vpcId", ""),
    }


def _by_id(context: HookContext, zone: str) -> dict[str, Any]:
    found: dict[str, Any] = context.call("GetHostedZone", {"Id": clean(zone)})
    return found


def _by_name(context: HookContext) -> dict[str, Any]:
    args = context.args
    wanted, vpc = args["name"].rstrip(".").lower() + ".", args.get("vpcId")
    private = bool(args.get("privateZone")) or vpc is not None
    zones = _listed_zones(context)
    named = [each for each in zones if each["Name"] == wanted and bool(each["Config"].get("PrivateZone")) == private]
    found = [_by_id(context, each["Id"]) for each in named]
    found = [each for each in found if vpc is None or vpc in [v["VPCId"] for v in each.get("VPCs") or []]]
    found = [each for each in found if _has_tags(context, each["HostedZone"]["Id"])]
    if len(found) != 1:
        kind = "private" if private else "public"
        raise RuntimeError(f"aws:route53/getZone:getZone: {len(found)} {kind} hosted zones are called {wanted}")
    return found[0]


def _has_tags(context: HookContext, zone: str) -> bool:
    wanted = context.args.get("tags") or {}
    if not wanted:
        return True
    tags = context.call("ListTagsForResource", {"ResourceType": "hostedzone", "ResourceId": clean(zone)})
    pairs = {each["Key"]: each["Value"] for each in tags["ResourceTagSet"]["Tags"]}
    return bool(wanted.items() <= pairs.items())


def _listed_zones(context: HookContext) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = context.call("ListHostedZones", start)
        found += page["HostedZones"]
        if not page["IsTruncated"]:
            return found
        start = {"Marker": page["NextMarker"]}


TYPES = [
    Type(
        "aws:route53/zone:Zone",
        "route53",
        create=Hook(create_zone, takes=("comment", "delegationSetId", "name", "vpcs"), dry=True),
        then=(Hook(change_vpcs, takes=("vpcs",), dry=True),),
        update=(
            Call(
                "UpdateHostedZoneComment",
                {"Id": "{id}"},
                takes=("comment",),
                cleared={"comment": ""},
            ),
        ),
        read=(
            Read("GetHostedZone", {"Id": "{id}"}, "HostedZone", {"comment": "Config.Comment"}),
            Hook(read_zone),
        ),
        delete=(Hook(empty_zone), Call("DeleteHostedZone", {"Id": "{id}"})),
        tags=tags_of("hostedzone"),
        outputs={"arn": "arn:{partition}:route53:::hostedzone/{id}"},
        default={"comment": "Managed by Pulumi"},
        local=("forceDestroy",),
        required=("name",),
    ),
]

FUNCTIONS = [
    Function(
        "aws:route53/getZone:getZone",
        "route53",
        Hook(find_zone, takes=("name", "privateZone", "tags", "vpcId", "zoneId")),
    ),
]
