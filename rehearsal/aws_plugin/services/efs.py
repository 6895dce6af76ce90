"""EFS: file systems, their mount targets, access points and policies, and their replication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError
from rehearsal.aws_plugin.entry import Call, Function, Hook, HookContext, Read, Refuse, Tags, Type

ID = {"FileSystemId": "{id}"}
TAGS = Tags("TagResource", "UntagResource", {"ResourceId": "{id}"}, read="ListTagsForResource")
ARN = "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/"
DNS = "{fileSystemId}.efs.{region}.amazonaws.com"

ADDRESSES = (
    "IpAddress && Ipv6Address && 'DUAL_STACK' || IpAddress && 'IPV4_ONLY' || Ipv6Address && 'IPV6_ONLY' || `null`"
)
"""The type of address, which EFS doesn't answer."""

SETTABLE = ("ENABLED", "DISABLED", UNKNOWN)
"""The provider refuses EFS's own word for a replica, REPLICATING, also where a refresh has put it in the program's
mouth: https://github.com/pulumi/pulumi-aws/issues/6041"""

PROVISIONED = {
    "ProvisionedThroughputInMibps": "{throughputMode == 'provisioned' && provisionedThroughputInMibps || `null`}"
}
"""Sent in the one mode that takes it."""

PUT_POLICY = Call("PutFileSystemPolicy")
PUT_BACKUPS = Call("PutBackupPolicy")


def refuse_protection(context: HookContext) -> None:
    """Refuse a protection that only EFS itself sets."""
    block = context.args.get("protection")
    wanted = block.get("replicationOverwrite", UNKNOWN) if isinstance(block, Mapping) else UNKNOWN
    if wanted not in SETTABLE:
        raise RefusedError("protection.replicationOverwrite", f'expected one of ["ENABLED" "DISABLED"], got {wanted}')


PUT_LIFECYCLE = Call(
    "PutLifecycleConfiguration",
    ID,
    takes=("lifecyclePolicies",),
    cleared={"lifecyclePolicies": []},
)
PROTECT = (
    Hook(refuse_protection, takes=("protection",), dry=True),
    Call(
        "UpdateFileSystemProtection",
        {**ID, "ReplicationOverwriteProtection": "{protection.replicationOverwrite}"},
        takes=("protection",),
        when="{protection.replicationOverwrite}",
    ),
)


def read_protection(context: HookContext) -> Mapping[str, Any]:
    """The protection from being overwritten, as it is."""
    found = context.call("DescribeFileSystems", {"FileSystemId": context.id})["FileSystems"][0]
    return {"protection": {"replicationOverwrite": found["FileSystemProtection"]["ReplicationOverwriteProtection"]}}


def delete_replication(context: HookContext) -> None:
    """Delete it as the provider does: in the destination's region, then in the source's."""
    destination = context.args["destination"]
    block = destination[0] if isinstance(destination, list) else destination
    for region in (block.get("region") or context.region, context.region):
        here, context.region = context.region, region
        try:
            context.call("DeleteReplicationConfiguration", {"SourceFileSystemId": context.id})
        except CallError as error:
            if not is_gone(error.cause):
                raise
        finally:
            context.region = here


def look_up(context: HookContext) -> Mapping[str, Any]:
    """The one file system with this id, token and tags; the error says what the provider's says."""
    args = context.args
    named = {"FileSystemId": args.get("fileSystemId"), "CreationToken": args.get("creationToken")}
    try:
        answer = context.call("DescribeFileSystems", {key: value for key, value in named.items() if value})
        found = [each for each in answer["FileSystems"] if (args.get("tags") or {}).items() <= tags_of(each).items()]
    except CallError as error:
        if not is_gone(error.cause):
            raise
        found = []
    if len(found) != 1:
        raise RuntimeError("multiple EFS file systems matched" if found else "no matching EFS file system found")
    return sent(context, found[0])


def tags_of(found: Mapping[str, Any]) -> dict[str, str]:
    """Tags as a map."""
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}


def sent(context: HookContext, found: Mapping[str, Any]) -> Mapping[str, Any]:
    """A described file system as the function answers it."""
    file_system = found["FileSystemId"]
    lifecycle = context.call("DescribeLifecycleConfiguration", {"FileSystemId": file_system})["LifecyclePolicies"]
    names = {
        "TransitionToIA": "transitionToIa",
        "TransitionToArchive": "transitionToArchive",
        "TransitionToPrimaryStorageClass": "transitionToPrimaryStorageClass",
    }
    return {
        "id": file_system,
        "fileSystemId": file_system,
        "arn": found["FileSystemArn"],
        "creationToken": found["CreationToken"],
        "dnsName": f"{file_system}.efs.{context.region}.amazonaws.com",
        "encrypted": found.get("Encrypted", False),
        "kmsKeyId": found.get("KmsKeyId", ""),
        "name": found.get("Name", ""),
        "performanceMode": found["PerformanceMode"],
        "throughputMode": found["ThroughputMode"],
        "sizeInBytes": found["SizeInBytes"]["Value"],
        "tags": tags_of(found),
        "lifecyclePolicies": [{to: each.get(name, "") for name, to in names.items()} for each in lifecycle],
        "protections": [{"replicationOverwrite": found["FileSystemProtection"]["ReplicationOverwriteProtection"]}],
    }


TYPES = [
    Type(
        "aws:efs/fileSystem:FileSystem",
        "efs",
        refuse=(Refuse("kmsKeyId", "kmsKeyId && !encrypted", "needs encrypted"),),
        create=Call(
            "CreateFileSystem",
            {"CreationToken": "{creationToken || unique}", **PROVISIONED},
            skip=("lifecyclePolicies", "protection"),
        ),
        id="FileSystemId",
        then=(PUT_LIFECYCLE, *PROTECT),
        update=(
            Call(
                "UpdateFileSystem",
                {**ID, **PROVISIONED},
                takes=("throughputMode", "provisionedThroughputInMibps"),
                along={"*": ("throughputMode",)},
                cleared={"throughputMode": "bursting"},
            ),
            PUT_LIFECYCLE,
            *PROTECT,
        ),
        read=(
            Read("DescribeFileSystems", ID, "FileSystems[0]"),
            Read("DescribeLifecycleConfiguration", ID),
            Hook(read_protection),
        ),
        delete=Call("DeleteFileSystem", ID),
        tags=TAGS,
        outputs={"arn": "FileSystemArn", "dnsName": "{id}.efs.{region}.amazonaws.com"},
        default={"throughputMode": "bursting"},
        computed=(
            *("availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode", "protection"),
        ),
    ),
    Type(
        "aws:efs/mountTarget:MountTarget",
        "efs",
        create=Call("CreateMountTarget"),
        id="MountTargetId",
        update=(Call("ModifyMountTargetSecurityGroups", {"MountTargetId": "{id}"}, takes=("securityGroups",)),),
        read=(
            Read(
                "DescribeMountTargets",
                {"MountTargetId": "{id}"},
                "MountTargets[0]",
                {"ipAddressType": ADDRESSES},
            ),
            Read("DescribeMountTargetSecurityGroups", {"MountTargetId": "{id}"}),
        ),
        delete=Call("DeleteMountTarget", {"MountTargetId": "{id}"}),
        outputs={
            "dnsName": DNS,
            "fileSystemArn": f"{ARN}{{fileSystemId}}",
            "mountTargetDnsName": "{found.AvailabilityZoneName}." + DNS,
        },
        computed=("ipAddress", "ipAddressType", "ipv6Address", "securityGroups"),
    ),
    Type(
        "aws:efs/accessPoint:AccessPoint",
        "efs",
        create=Call("CreateAccessPoint", {"ClientToken": "{unique}"}),
        id="AccessPointId",
        read=Read("DescribeAccessPoints", {"AccessPointId": "{id}"}, "AccessPoints[0]"),
        delete=Call("DeleteAccessPoint", {"AccessPointId": "{id}"}),
        tags=TAGS,
        outputs={"arn": "AccessPointArn", "fileSystemArn": f"{ARN}{{fileSystemId}}"},
        computed=("rootDirectory",),
    ),
    Type(
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        "efs",
        create=PUT_POLICY,
        id="{fileSystemId}",
        update=(PUT_POLICY,),
        read=Read("DescribeFileSystemPolicy", ID),
        delete=Call("DeleteFileSystemPolicy", ID),
        replace=("fileSystemId",),
    ),
    Type(
        "aws:efs/backupPolicy:BackupPolicy",
        "efs",
        create=PUT_BACKUPS,
        id="{fileSystemId}",
        update=(PUT_BACKUPS,),
        read=Read("DescribeBackupPolicy", ID),
        delete=Call("PutBackupPolicy", {**ID, "BackupPolicy": {"Status": "DISABLED"}}),
        replace=("fileSystemId",),
    ),
    Type(
        "aws:efs/replicationConfiguration:ReplicationConfiguration",
        "efs",
        create=Call("CreateReplicationConfiguration", rename={"destination": "Destinations"}),
        id="SourceFileSystemId",
        read=Read(
            "DescribeReplicationConfigurations",
            ID,
            "Replications[0]",
            rename={"destination": "Destinations[0]"},
        ),
        delete=Hook(delete_replication),
    ),
]

FUNCTIONS = [
    Function(
        "aws:efs/getFileSystem:getFileSystem",
        "efs",
        Hook(look_up, takes=("creationToken", "fileSystemId", "tags")),
    ),
]
