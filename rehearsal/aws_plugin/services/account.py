"""Functions about the account, the region and the partition."""

from collections.abc import Mapping
from typing import Any

import botocore.session

from rehearsal.aws_plugin.entry import Function, Hook, HookContext, Read


def _region(context: HookContext) -> Mapping[str, Any]:
    name = context.args.get("name") or context.region
    data = botocore.session.Session().get_data("partitions")["partitions"]
    found = next((each["regions"][name] for each in data if name in each["regions"]), None)
    if found is None:
        raise LookupError(f'AWS has no region "{name}"')
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": found.get("description", ""),
        "endpoint": f"ec2.{name}.amazonaws.com",
    }


def _partition(context: HookContext) -> Mapping[str, Any]:
    partitions = botocore.session.Session().get_data("partitions")["partitions"]
    suffix = next(each["outputs"]["dnsSuffix"] for each in partitions if each["id"] == context.partition)
    return {
        "id": context.partition,
        "partition": context.partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


FUNCTIONS = [
    Function(
        "aws:index/getCallerIdentity:getCallerIdentity",
        "sts",
        Read("GetCallerIdentity", rename={"accountId": "Account"}),
        id="{accountId}",
    ),
    Function("aws:index/getRegion:getRegion", "sts", Hook(_region, ("name",))),
    Function("aws:index/getPartition:getPartition", "sts", Hook(_partition)),
]
