"""Route 53: records. A record has no id of its own; it is its zone, name, type and set identifier."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.encode import scalar
from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError, input_shape, is_unknown, operation
from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Type
from rehearsal.aws_plugin.services.route53.zones import clean, records_of

POLICIES = (
    *("cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy"),
    *("latencyRoutingPolicies", "multivalueAnswerRoutingPolicy", "weightedRoutingPolicies"),
)
"""A record has at most one of these, and then it has a set identifier.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html"""

CHANGING = ("aliases", "healthCheckId", "records", "setIdentifier", "ttl", "type", *POLICIES)
CHOICES = {"failoverRoutingPolicies.type": "Failover", "latencyRoutingPolicies.region": "Region"}
"""Nested arguments of which AWS takes a few values only, and where a record has them."""
QUOTED = ("SPF", "TXT")
WAITS = 60
"""Times that a change is queried until it is in all of Route 53's servers."""


def refuse_record(context: HookContext) -> None:
    """Refuse at preview what the real provider and Route 53 refuse in any zone."""
    args = context.args
    given = [name for name in ("aliases", "records") if args.get(name)]
    if len(given) != 1:
        raise RefusedError(given[-1] if given else "records", "exactly one of aliases and records is needed")
    if (args.get("ttl") is None) == ("records" in given):
        raise RefusedError("ttl", "is required with records" if "records" in given else "an alias has none of its own")
    policies = [name for name in POLICIES if args.get(name)]
    if len(policies) > 1:
        raise RefusedError(policies[1], f"can't be given together with {policies[0]}")
    if bool(policies) != bool(args.get("setIdentifier")):
        reason = f"is required with {policies[0]}" if policies else "is for records with a routing policy"
        raise RefusedError("setIdentifier", reason)
    for name in ("aliases", *POLICIES):
        if isinstance(args.get(name), list) and len(args[name]) > 1:
            raise RefusedError(name, f"has {len(args[name])} blocks; there can be one")
    record = input_shape("route53", "ChangeResourceRecordSets").members["ChangeBatch"].members["Changes"].member
    members = record.members["ResourceRecordSet"].members
    for path, member in {"type": "Type", **CHOICES}.items():
        block, _, inner = path.partition(".")
        value = _block(args.get(block))
        if inner:
            value = value.get(inner) if isinstance(value, dict) else None
        if value is not None and not is_unknown(value):
            scalar(value, members[member], path)


def full_name(name: str, zone: str) -> str:
    """A record's name with its zone's, without the last dot."""
    short, zone = name.rstrip(".").lower(), zone.rstrip(".").lower()
    if not short:
        return zone
    return short if short == zone or short.endswith(f".{zone}") else f"{short}.{zone}"


def _block(value: Any) -> Any:
    """The block in a list of one."""
    return value[0] if isinstance(value, list) and value else value


def record_set(args: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A record as the API has it."""
    found: dict[str, Any] = {"Name": name, "Type": args["type"]}
    simple = {"setIdentifier": "SetIdentifier", "healthCheckId": "HealthCheckId", "ttl": "TTL"}
    found |= {member: args[argument] for argument, member in simple.items() if args.get(argument) not in (None, "")}
    if args.get("records"):
        found["ResourceRecords"] = _values(args["records"], args["type"])
    if args.get("multivalueAnswerRoutingPolicy"):
        found["MultiValueAnswer"] = True
    blocks = {name: _block(args[name]) for name in ("aliases", *POLICIES) if args.get(name)}
    for argument, block in blocks.items():
        if argument in BLOCKS:
            sent = {} if block == UNKNOWN else _sent(BLOCKS[argument][1], block)
            member = BLOCKS[argument][0]
            found |= {member: UNKNOWN if block == UNKNOWN else sent} if member else sent
    return found


BLOCKS: dict[str, tuple[str, dict[str, str]]] = {
    "aliases": (
        "AliasTarget",
        {"name": "DNSName", "zoneId": "HostedZoneId", "evaluateTargetHealth": "EvaluateTargetHealth"},
    ),
    "cidrRoutingPolicy": ("CidrRoutingConfig", {"collectionId": "CollectionId", "locationName": "LocationName"}),
    "failoverRoutingPolicies": ("", {"type": "Failover"}),
    "geolocationRoutingPolicies": (
        "GeoLocation",
        {"continent": "ContinentCode", "country": "CountryCode", "subdivision": "SubdivisionCode"},
    ),
    "geoproximityRoutingPolicy": (
        "GeoProximityLocation",
        {"awsRegion": "AWSRegion", "bias": "Bias", "coordinates": "Coordinates", "localZoneGroup": "LocalZoneGroup"},
    ),
    "latencyRoutingPolicies": ("", {"region": "Region"}),
    "weightedRoutingPolicies": ("", {"weight": "Weight"}),
}
"""Block of the SDK -> member of the API's record (none: the record itself), and properties -> members."""


def _sent(members: Mapping[str, str], block: Mapping[str, Any]) -> dict[str, Any]:
    sent = {members[name]: value for name, value in block.items() if value is not None and name in members}
    place = _block(sent.get("Coordinates"))
    if isinstance(place, dict):
        sent["Coordinates"] = {"Latitude": place["latitude"], "Longitude": place["longitude"]}
    return sent


def _values(records: Any, kind: str) -> Any:
    """Values as the API has them: texts in quotes."""
    if records == UNKNOWN:
        return UNKNOWN
    plain = [str(each) for each in records]
    return [{"Value": each if kind not in QUOTED or is_unknown(each) else f'"{each}"'} for each in plain]


def record_id(args: Mapping[str, Any]) -> str:
    """ZONE_name_TYPE, and _identifier if there is one; the real provider's, which `pulumi import` takes."""
    parts = [clean(args["zoneId"]), args["name"].lower(), args["type"], args.get("setIdentifier") or ""]
    return "_".join(part for part in parts if part)


def parsed_id(id: str) -> dict[str, Any]:
    """The arguments in an id; names may contain the underscore, too."""
    kinds = operation("route53", "ListResourceRecordSets").input_shape.members["StartRecordType"].enum
    parts = id.split("_")
    at = next((index for index, part in enumerate(parts) if index > 1 and part in kinds), 0)
    if not at:
        raise RuntimeError(f'"{id}" is not ZONE_name_TYPE or ZONE_name_TYPE_identifier')
    found = {"zoneId": parts[0], "name": "_".join(parts[1:at]), "type": parts[at]}
    return found | ({"setIdentifier": "_".join(parts[at + 1 :])} if parts[at + 1 :] else {})


def zone_name(context: HookContext, zone: str) -> str:
    """The name of a hosted zone."""
    return str(context.call("GetHostedZone", {"Id": clean(zone)})["HostedZone"]["Name"])


def change(context: HookContext, zone: str, changes: list[tuple[str, dict[str, Any]]]) -> None:
    """Make changes as one, and wait until all servers of Route 53 have them."""
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    answer = context.send(Call("ChangeResourceRecordSets"), {"HostedZoneId": clean(zone), "ChangeBatch": batch})
    for _ in range(0 if context.dry else WAITS):
        status = context.call("GetChange", {"Id": answer["ChangeInfo"]["Id"]})["ChangeInfo"]["Status"]
        if status == "INSYNC":
            return
        time.sleep(1)


def create_record(context: HookContext) -> Mapping[str, Any]:
    """Create a record; an existing one is an error, unless the program says `allowOverwrite`."""
    args = context.args
    name = args["name"] if context.dry else full_name(args["name"], zone_name(context, args["zoneId"]))
    action = "UPSERT" if args.get("allowOverwrite") is True else "CREATE"
    change(context, args["zoneId"], [(action, record_set(args, name))])
    return {"id": "" if context.dry else record_id(args)}


def update_record(context: HookContext) -> None:
    """Change a record; under another type or identifier it is another one, exchanged in the same batch."""
    if context.dry:
        change(context, context.args["zoneId"], [("UPSERT", record_set(context.args, context.args["name"]))])
        return
    zone = context.args["zoneId"]
    name = full_name(context.args["name"], zone_name(context, zone))
    wanted = record_set(context.args, name)
    if not {"type", "setIdentifier"} & context.changed:
        change(context, zone, [("UPSERT", wanted)])
        return
    before = find_record(context, {**context.old, "zoneId": zone})
    action = "UPSERT" if context.args.get("allowOverwrite") is True else "CREATE"
    change(context, zone, [*([("DELETE", before)] if before else []), (action, wanted)])


def delete_record(context: HookContext) -> None:
    """Delete a record as it is now, whoever changed it."""
    found = find_record(context, context.args)
    if found:
        change(context, context.args["zoneId"], [("DELETE", found)])


def find_record(context: HookContext, args: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record of that name, type and identifier."""
    zone = clean(args["zoneId"])
    try:
        wanted = full_name(args["name"], zone_name(context, zone))
        every = records_of(context, zone)
    except CallError as error:
        if is_gone(error.cause):
            return None
        raise
    for record in every:
        name = record["Name"].rstrip(".").lower().replace(r"\052", "*")
        same = (name, record["Type"], record.get("SetIdentifier") or "")
        if same == (wanted, args["type"], args.get("setIdentifier") or ""):
            return record
    return None


def read_record(context: HookContext) -> Mapping[str, Any] | None:
    """The record in the SDK's terms. What AWS no longer has is empty, so that it shows as drift."""
    args = context.args if context.args.get("type") else parsed_id(context.id)
    found = find_record(context, args)
    if found is None:
        return None
    state: dict[str, Any] = {name: [] for name in ("aliases", "records", *LISTS) if args.get(name)}
    name = found["Name"].rstrip(".").replace(r"\052", "*")
    state |= {key: args[key] for key in ("zoneId", "name", "type", "setIdentifier") if args.get(key)}
    state |= {"fqdn": name, "ttl": found.get("TTL"), "healthCheckId": found.get("HealthCheckId", "")}
    state["multivalueAnswerRoutingPolicy"] = found.get("MultiValueAnswer") or None
    if found.get("ResourceRecords"):
        state["records"] = [_unquoted(each["Value"], found["Type"]) for each in found["ResourceRecords"]]
    for argument, (member, members) in BLOCKS.items():
        place = found.get(member) if member else found
        block = _read_block(place, members)
        if block:
            state[argument] = [block] if argument in ("aliases", *LISTS) else block
    if "aliases" in state:
        state["aliases"] = [_as_given(each, _block(args.get("aliases"))) for each in state["aliases"]]
    return {key: value for key, value in state.items() if value is not None}


LISTS = tuple(name for name in POLICIES if name.endswith("Policies"))


def _unquoted(value: str, kind: str) -> str:
    return value.removeprefix('"').removesuffix('"') if kind in QUOTED else value


def _read_block(place: Any, members: Mapping[str, str]) -> dict[str, Any]:
    found = {name: (place or {}).get(member) for name, member in members.items()}
    where = found.get("coordinates")
    if isinstance(where, dict):
        found["coordinates"] = [{"latitude": where["Latitude"], "longitude": where["Longitude"]}]
    return {name: value for name, value in found.items() if value is not None}


def _as_given(actual: dict[str, Any], given: Any) -> dict[str, Any]:
    """An alias with its name as the program writes it, if Route 53 means the same."""
    if not isinstance(given, dict):
        return {**actual, "name": actual["name"].rstrip(".")}
    one, other = (str(each["name"]).lower().rstrip(".").removeprefix("dualstack.") for each in (actual, given))
    return {**actual, "name": given["name"] if one == other else actual["name"].rstrip(".")}


TYPES = [
    Type(
        "aws:route53/record:Record",
        "route53",
        create=Hook(create_record, takes=("zoneId", "name", *CHANGING), dry=True),
        then=(Hook(refuse_record, dry=True),),
        update=(Hook(update_record, takes=CHANGING, dry=True),),
        read=Hook(read_record),
        delete=Hook(delete_record),
        local=("allowOverwrite",),
        watched=("healthCheckId",),
    ),
]
