"""Subnet groups and parameter groups of MemoryDB."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.memorydb import API, GUIDE, drop, found, impossible, invalid, keep, of_kind, wanted
from rehearsal.emulator.emulators import client
from rehearsal.emulator.wire import AwsError, Call

DEFAULTS = {
    "activedefrag": "no",
    "activerehashing": "yes",
    "hash-max-listpack-entries": "512",
    "hash-max-listpack-value": "64",
    "latency-tracking": "no",
    "lazyfree-lazy-eviction": "no",
    "lazyfree-lazy-expire": "no",
    "lazyfree-lazy-user-del": "no",
    "lfu-decay-time": "1",
    "lfu-log-factor": "10",
    "list-compress-depth": "0",
    "maxmemory-policy": "noeviction",
    "maxmemory-samples": "3",
    "notify-keyspace-events": "",
    "set-max-intset-entries": "512",
    "slowlog-log-slower-than": "10000",
    "slowlog-max-len": "128",
    "tcp-keepalive": "300",
    "timeout": "0",
    "tracking-table-max-keys": "1000000",
    "zset-max-listpack-entries": "128",
    "zset-max-listpack-value": "64",
}
"""Parameters and their defaults, those that a session store may care for:
https://docs.aws.amazon.com/memorydb/latest/devguide/parametergroups.redis.html"""

POLICIES = {
    "noeviction",
    *(f"{keys}-{how}" for keys in ("allkeys", "volatile") for how in ("lru", "lfu", "random")),
    "volatile-ttl",
}
FAMILIES = ("memorydb_redis6", "memorydb_redis7", "memorydb_valkey7")
STANDARD = {f"default.{family.replace('_', '-')}": family for family in FAMILIES}
"""The groups that AWS has for each family; nobody can change them."""


def _subnets(call: Call) -> dict[str, Any]:
    try:
        given = client("ec2", call.region).describe_subnets(SubnetIds=call.parameters["SubnetIds"])["Subnets"]
    except ClientError as error:
        raise AwsError("InvalidSubnet", error.response["Error"]["Message"]) from error
    if len({subnet["VpcId"] for subnet in given}) != 1:
        raise AwsError("InvalidSubnet", "The subnets are not all in one VPC.")
    subnets = [{"Identifier": s["SubnetId"], "AvailabilityZone": {"Name": s["AvailabilityZone"]}} for s in given]
    return {"VpcId": given[0]["VpcId"], "Subnets": subnets}


@implements("memorydb", "CreateSubnetGroup", see=f"{API}CreateSubnetGroup.html")
def create_subnets(call: Call) -> dict[str, Any]:
    """Make a group of subnets of one VPC."""
    name = call.parameters["SubnetGroupName"]
    group = {"Name": name, "Description": call.parameters.get("Description", ""), **_subnets(call)}
    return {"SubnetGroup": keep("SubnetGroup", call.region, name, group, call)}


@implements("memorydb", "DescribeSubnetGroups", see=f"{API}DescribeSubnetGroups.html")
def describe_subnets(call: Call) -> dict[str, Any]:
    """Describe subnet groups."""
    return {"SubnetGroups": found("SubnetGroup", call.region, call.parameters.get("SubnetGroupName"))}


@implements("memorydb", "UpdateSubnetGroup", see=f"{API}UpdateSubnetGroup.html")
def update_subnets(call: Call) -> dict[str, Any]:
    """Change description or subnets; a subnet with a node stays."""
    given = call.parameters
    group = wanted("SubnetGroup", call.region, given["SubnetGroupName"])
    group["Description"] = given.get("Description", group["Description"])
    if "SubnetIds" in given:
        group |= _subnets(call)
    return {"SubnetGroup": group}


@implements("memorydb", "DeleteSubnetGroup", see=f"{API}DeleteSubnetGroup.html")
def delete_subnets(call: Call) -> dict[str, Any]:
    """Delete a subnet group that no cluster has."""
    name = call.parameters["SubnetGroupName"]
    _refuse_used("SubnetGroupName", name, call.region, "SubnetGroupInUseFault")
    return {"SubnetGroup": drop("SubnetGroup", call.region, name)}


def _refuse_used(member: str, name: str, region: str, code: str) -> None:
    if users := [cluster["Name"] for cluster in of_kind("Cluster", region) if cluster[member] == name]:
        raise AwsError(code, f"{name} is in use by {', '.join(users)}.")


def family_of(region: str, name: str) -> str:
    """The family of a parameter group; its not-found error if there is none."""
    family = STANDARD.get(name) or wanted("ParameterGroup", region, name)["Family"]
    return str(family)


def _own(call: Call) -> dict[str, Any]:
    name = call.parameters["ParameterGroupName"]
    if name in STANDARD:
        raise AwsError("InvalidParameterGroupStateFault", f"{name} can not be changed.")
    return wanted("ParameterGroup", call.region, name)


def _shown(group: dict[str, Any]) -> dict[str, Any]:
    return {"ParameterGroup": {key: value for key, value in group.items() if key != "_values"}}


@implements("memorydb", "CreateParameterGroup", see=f"{API}CreateParameterGroup.html")
def create_parameters(call: Call) -> dict[str, Any]:
    """Make a parameter group of a family that there is."""
    given = call.parameters
    name, family = given["ParameterGroupName"], given["Family"]
    if family not in FAMILIES:
        raise invalid(f"{family} is not one of {', '.join(FAMILIES)}.")
    if name in STANDARD:
        raise AwsError("ParameterGroupAlreadyExistsFault", f"ParameterGroup {name} already exists.")
    group = {"Name": name, "Family": family, "Description": given.get("Description", ""), "_values": {}}
    return _shown(keep("ParameterGroup", call.region, name, group, call))


@implements("memorydb", "DescribeParameterGroups", see=f"{API}DescribeParameterGroups.html")
def describe_groups(call: Call) -> dict[str, Any]:
    """Describe the account's own parameter groups."""
    groups = found("ParameterGroup", call.region, call.parameters.get("ParameterGroupName"))
    return {"ParameterGroups": [_shown(group)["ParameterGroup"] for group in groups]}


@implements("memorydb", "DescribeParameters", see=f"{API}DescribeParameters.html")
def describe_parameters(call: Call) -> dict[str, Any]:
    """List all parameters of a group with their values; AWS doesn't say who set them."""
    name = call.parameters["ParameterGroupName"]
    own = {} if name in STANDARD else wanted("ParameterGroup", call.region, name)["_values"]
    values = DEFAULTS | own
    return {"Parameters": [{"Name": key, "Value": value, "DataType": "string"} for key, value in values.items()]}


@implements("memorydb", "UpdateParameterGroup", see=f"{API}UpdateParameterGroup.html")
def update_parameters(call: Call) -> dict[str, Any]:
    """Set parameters that there are."""
    group = _own(call)
    for pair in call.parameters["ParameterNameValues"]:
        name, value = pair["ParameterName"], pair["ParameterValue"]
        if name not in DEFAULTS:
            raise invalid(f"Invalid parameter name: {name}")
        if name == "maxmemory-policy" and value not in POLICIES:
            raise invalid(f"{value} is not a policy for {name}.")
        group["_values"][name] = value
    return _shown(group)


@implements("memorydb", "ResetParameterGroup", see=f"{GUIDE}parametergroups.html")
def reset_parameters(call: Call) -> dict[str, Any]:
    """Set some or all parameters back to their defaults."""
    group, names = _own(call), call.parameters.get("ParameterNames", [])
    if bool(names) == bool(call.parameters.get("AllParameters")):
        raise impossible("Give either ParameterNames or AllParameters.")
    for name in names or list(group["_values"]):
        group["_values"].pop(name, None)
    return _shown(group)


@implements("memorydb", "DeleteParameterGroup", see=f"{API}DeleteParameterGroup.html")
def delete_parameters(call: Call) -> dict[str, Any]:
    """Delete a parameter group that no cluster has."""
    group = _own(call)
    _refuse_used("ParameterGroupName", group["Name"], call.region, "InvalidParameterGroupStateFault")
    return _shown(drop("ParameterGroup", call.region, group["Name"]))
