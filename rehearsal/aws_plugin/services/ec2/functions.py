"""EC2: functions that look up zones, what they offer, images, VPCs, subnets and security groups."""

import re
from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls import tagging
from rehearsal.aws_plugin.calls.decode import camel
from rehearsal.aws_plugin.entry import Function, Hook, HookContext

LOOKUP = ("filters", "tags", "id")


def _filters(context: HookContext, names: Mapping[str, str]) -> dict[str, Any]:
    """The Filters of a request: the program's own, those of tags, and those of arguments by name."""
    args = context.args
    found = [{"Name": each["name"], "Values": each["values"]} for each in args.get("filters") or []]
    found += [{"Name": f"tag:{key}", "Values": [value]} for key, value in (args.get("tags") or {}).items()]
    for argument, name in names.items():
        if argument in args:
            value = str(args[argument])
            found.append({"Name": name, "Values": [value.lower() if isinstance(args[argument], bool) else value]})
    return {"Filters": found} if found else {}


def _only(found: list[Any], what: str, context: HookContext) -> Any:
    if len(found) != 1:
        raise LookupError(f"{len(found)} {what} match {context.args}; exactly one is wanted")
    return found[0]


def _described(context: HookContext, kind: str, id: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """An item of an answer in the SDK's terms, as far as the function has such outputs."""
    outputs = {name: value for name, value in camel(item).items() if name in context.cls.outputs}
    arn = f"arn:{context.partition}:ec2:{context.region}:{context.account}:{kind}/{id}"
    return {**outputs, "id": id, "arn": arn, "tags": tagging.decode(item.get("Tags") or []) or {}}


def _zones(context: HookContext) -> Mapping[str, Any]:
    args = context.args
    request = {**_filters(context, {"state": "state"}), "AllAvailabilityZones": bool(args.get("allAvailabilityZones"))}
    zones = context.call("DescribeAvailabilityZones", request)["AvailabilityZones"]
    kept = [
        each
        for each in sorted(zones, key=lambda each: str(each["ZoneName"]))
        if each["ZoneName"] not in (args.get("excludeNames") or [])
        and each["ZoneId"] not in (args.get("excludeZoneIds") or [])
    ]
    return {
        "id": context.region,
        "names": [each["ZoneName"] for each in kept],
        "zoneIds": [each["ZoneId"] for each in kept],
        "groupNames": sorted({each.get("GroupName") or context.region for each in kept}),
    }


def _instance_type_offerings(context: HookContext) -> Mapping[str, Any]:
    """The offers in the order of AWS's answer; without a location type, AWS answers for the region."""
    place = {"LocationType": context.args["locationType"]} if "locationType" in context.args else {}
    offers: list[Mapping[str, Any]] = []
    token: dict[str, Any] = {}
    while True:
        answer = context.call("DescribeInstanceTypeOfferings", {**_filters(context, {}), **place, **token})
        offers += answer["InstanceTypeOfferings"]
        if not answer.get("NextToken"):
            break
        token = {"NextToken": answer["NextToken"]}
    return {
        "id": context.region,
        "instanceTypes": [each["InstanceType"] for each in offers],
        "locations": [each["Location"] for each in offers],
        "locationTypes": [each["LocationType"] for each in offers],
    }


def _image(context: HookContext) -> Mapping[str, Any]:
    args = context.args
    request = _filters(context, {})
    request |= {"Owners": args["owners"]} if args.get("owners") else {}
    request |= {"ExecutableUsers": args["executableUsers"]} if args.get("executableUsers") else {}
    images = context.call("DescribeImages", {**request, "IncludeDeprecated": bool(args.get("includeDeprecated"))})
    pattern = re.compile(args.get("nameRegex") or "")
    found = [each for each in images["Images"] if pattern.search(each.get("Name") or "")]
    if args.get("mostRecent") and found:
        found = [max(found, key=lambda each: str(each.get("CreationDate") or ""))]
    image = _only(found, "images", context)
    described = _described(context, "image", image["ImageId"], image)
    devices = [_device(each) for each in image.get("BlockDeviceMappings") or []]
    arn = f"arn:{context.partition}:ec2:{context.region}::image/{image['ImageId']}"
    return {**described, "arn": arn, "blockDeviceMappings": devices}


def _device(mapping: Mapping[str, Any]) -> dict[str, Any]:
    ebs = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in mapping.get("Ebs", {}).items()
    }
    return {**camel({key: value for key, value in mapping.items() if key != "Ebs"}), "ebs": camel(ebs)}


def _vpc(context: HookContext) -> Mapping[str, Any]:
    ids = {"VpcIds": [context.args["id"]]} if "id" in context.args else {}
    names = {"cidrBlock": "cidr", "default": "is-default", "dhcpOptionsId": "dhcp-options-id", "state": "state"}
    vpc = _only(context.call("DescribeVpcs", {**ids, **_filters(context, names)})["Vpcs"], "VPCs", context)
    found = _described(context, "vpc", vpc["VpcId"], vpc)
    for name in ("enableDnsHostnames", "enableDnsSupport"):
        answer = context.call("DescribeVpcAttribute", {"VpcId": vpc["VpcId"], "Attribute": name})
        found[name] = answer[name[0].upper() + name[1:]]["Value"]
    return {**found, "default": vpc["IsDefault"]}


def _subnet_list(context: HookContext) -> list[dict[str, Any]]:
    ids = {"SubnetIds": [context.args["id"]]} if "id" in context.args else {}
    names = {
        "availabilityZone": "availabilityZone",
        "availabilityZoneId": "availabilityZoneId",
        "cidrBlock": "cidrBlock",
        "defaultForAz": "defaultForAz",
        "state": "state",
        "vpcId": "vpc-id",
    }
    return list(context.call("DescribeSubnets", {**ids, **_filters(context, names)})["Subnets"])


def _subnets(context: HookContext) -> Mapping[str, Any]:
    return {"id": context.region, "ids": [each["SubnetId"] for each in _subnet_list(context)]}


def _subnet(context: HookContext) -> Mapping[str, Any]:
    subnet = _only(_subnet_list(context), "subnets", context)
    return _described(context, "subnet", subnet["SubnetId"], subnet)


def _security_group(context: HookContext) -> Mapping[str, Any]:
    ids = {"GroupIds": [context.args["id"]]} if "id" in context.args else {}
    request = {**ids, **_filters(context, {"name": "group-name", "vpcId": "vpc-id"})}
    group = _only(context.call("DescribeSecurityGroups", request)["SecurityGroups"], "security groups", context)
    return {**_described(context, "security-group", group["GroupId"], group), "name": group["GroupName"]}


def _prefix_list(context: HookContext) -> Mapping[str, Any]:
    ids = {"PrefixListIds": [context.args["id"]]} if "id" in context.args else {}
    request = {**ids, **_filters(context, {"name": "prefix-list-name"})}
    found = _only(context.call("DescribeManagedPrefixLists", request)["PrefixLists"], "prefix lists", context)
    id = found["PrefixListId"]
    entries = context.call("GetManagedPrefixListEntries", {"PrefixListId": id})["Entries"]
    return {
        **_described(context, "prefix-list", id, found),
        "arn": found["PrefixListArn"],
        "name": found["PrefixListName"],
        "maxEntries": found.get("MaxEntries") or len(entries),
        "version": found.get("Version") or 1,
        "entries": [{"cidr": each["Cidr"], "description": each.get("Description") or ""} for each in entries],
    }


FUNCTIONS = [
    Function(
        "aws:index/getAvailabilityZones:getAvailabilityZones",
        "ec2",
        Hook(_zones, ("allAvailabilityZones", "excludeNames", "excludeZoneIds", "filters", "state")),
    ),
    Function(
        "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
        "ec2",
        Hook(_instance_type_offerings, ("filters", "locationType")),
    ),
    Function(
        "aws:ec2/getAmi:getAmi",
        "ec2",
        Hook(_image, ("executableUsers", "filters", "includeDeprecated", "mostRecent", "nameRegex", "owners", "tags")),
    ),
    Function(
        "aws:ec2/getVpc:getVpc",
        "ec2",
        Hook(_vpc, (*LOOKUP, "cidrBlock", "default", "dhcpOptionsId", "state")),
    ),
    Function("aws:ec2/getSubnets:getSubnets", "ec2", Hook(_subnets, ("filters", "tags"))),
    Function(
        "aws:ec2/getSubnet:getSubnet",
        "ec2",
        Hook(
            _subnet,
            (*LOOKUP, "availabilityZone", "availabilityZoneId", "cidrBlock", "defaultForAz", "state", "vpcId"),
        ),
    ),
    Function(
        "aws:ec2/getManagedPrefixList:getManagedPrefixList",
        "ec2",
        Hook(_prefix_list, (*LOOKUP, "name")),
    ),
    Function("aws:ec2/getSecurityGroup:getSecurityGroup", "ec2", Hook(_security_group, (*LOOKUP, "name", "vpcId"))),
]
