"""EFS: ministack's, with the account's own subnets, groups and keys, and replications seen from both regions."""

import asyncio
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import ec2 as ministack_ec2
from ministack.services import efs as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client
from rehearsal.emulator.living import changes, clock, cuts, wishes
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/efs/latest/ug/API_"

DEFAULT_KEY = "alias/aws/elasticfilesystem"
"""https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html"""

MODES = {"ThroughputMode": ("bursting", "provisioned", "elastic"), "PerformanceMode": ("generalPurpose", "maxIO")}


@corrects("efs", "CreateFileSystem", see=f"{API}CreateFileSystem.html")
async def create_file_system(call: Call) -> Response:
    """Refuse what AWS refuses: another region's key, a mode that there is not, a token for the second time."""
    given = call.parameters
    check_modes(given)
    key = given.get("KmsKeyId")
    if key and not given.get("Encrypted"):
        raise AwsError("BadRequest", "KmsKeyId is only for encrypted file systems.")
    tokens = {kept["CreationToken"]: kept["FileSystemId"] for kept in file_systems(call.region)}
    if given.get("CreationToken") in tokens:
        found = tokens[given["CreationToken"]]
        raise AwsError("FileSystemAlreadyExists", f"File system '{found}' already exists with this token.", 409)
    arn = key_arn(key or DEFAULT_KEY, call.region) if given.get("Encrypted") else None
    response = await emulators.ask(call)
    answer = call.read(response)
    if arn:
        kept = store._file_systems.get_scoped(ACCOUNT, call.region, answer["FileSystemId"])
        answer["KmsKeyId"] = kept["KmsKeyId"] = arn
    return call.answer(answer)


@corrects("efs", "UpdateFileSystem", see=f"{API}UpdateFileSystem.html")
async def update_file_system(call: Call) -> Response:
    """Refuse a mode that there is not."""
    check_modes(call.parameters)
    return await emulators.ask(call)


def check_modes(given: dict[str, Any]) -> None:
    """Refuse modes that EFS doesn't have, and elastic throughput with maxIO."""
    for name, known in MODES.items():
        if given.get(name) and given[name] not in known:
            raise AwsError("ValidationException", f"{name} must be one of {', '.join(known)}.")
    if (given.get("ThroughputMode"), given.get("PerformanceMode")) == ("elastic", "maxIO"):
        raise AwsError("BadRequest", "Elastic throughput is not supported with maxIO.")


def key_arn(key: str, region: str) -> str:
    """The ARN of a key of the region; EFS makes its own where no key is named."""
    kms = client("kms", region)
    try:
        return str(kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    except ClientError as error:
        if key != DEFAULT_KEY:
            raise AwsError("BadRequest", f"KMS key {key} does not exist in {region}.") from error
        return f"arn:aws:kms:{region}:{ACCOUNT}:key/aws-managed-elasticfilesystem"


def file_systems(region: str) -> list[dict[str, Any]]:
    """The file systems of a region, as ministack keeps them."""
    found: list[dict[str, Any]] = store._file_systems.values_scoped(ACCOUNT, region)
    return found


@corrects("efs", "CreateMountTarget", see=f"{API}CreateMountTarget.html")
async def create_mount_target(call: Call) -> Response:
    """Show ministack the subnet and the security groups, which are moto's."""
    try:
        found = client("ec2", call.region).describe_subnets(SubnetIds=[call.parameters["SubnetId"]])["Subnets"]
    except ClientError as error:
        raise AwsError("SubnetNotFound", error.response["Error"]["Message"]) from error
    for subnet in found:
        ministack_ec2._subnets.set_scoped(ACCOUNT, call.region, subnet["SubnetId"], subnet)
    show_security_groups(call.parameters.get("SecurityGroups") or [], call.region)
    return await emulators.ask(call)


@corrects("efs", "ModifyMountTargetSecurityGroups", see=f"{API}ModifyMountTargetSecurityGroups.html")
async def modify_security_groups(call: Call) -> Response:
    """Show ministack the security groups, which are moto's."""
    show_security_groups(call.parameters.get("SecurityGroups") or [], call.region)
    return await emulators.ask(call)


def show_security_groups(wanted: list[str], region: str) -> None:
    """Put security groups where ministack looks for them; refuse those that there are not."""
    try:
        found = client("ec2", region).describe_security_groups(GroupIds=wanted)["SecurityGroups"] if wanted else []
    except ClientError as error:
        raise AwsError("SecurityGroupNotFound", error.response["Error"]["Message"]) from error
    for group in found:
        ministack_ec2._security_groups.set_scoped(ACCOUNT, region, group["GroupId"], group)


@corrects("efs", "DescribeReplicationConfigurations", see=f"{API}Destination.html")
async def describe_replications(call: Call) -> Response:
    """Show those as deleting whose destination is yet to take writes."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    for replication in answer["Replications"]:
        if wishes.under_way("efs", replication["SourceFileSystemId"]):
            replication["Destinations"] = [{**each, "Status": "DELETING"} for each in replication["Destinations"]]
    return call.answer(answer)


@corrects("efs", "DeleteReplicationConfiguration", see=f"{API}DeleteReplicationConfiguration.html")
async def delete_replication(call: Call) -> Response:
    """Delete it from either side: a failover does so from the destination's region, where the source is unknown.

    In the living mode it is deleting until the destination has all that arrived and takes writes.
    """
    source = call.parameters["SourceFileSystemId"].rsplit("/", 1)[-1]
    found = [(region, kept) for (_, region, name), kept in store._replication_configs.all_items() if name == source]
    if not found:
        return await emulators.ask(call)
    region, replication = found[0]
    sides = {replication["SourceFileSystemRegion"], *(each["Region"] for each in replication["Destinations"])}
    there = emulators.request_for("efs", call.operation, region, **call.parameters)
    asked = there if call.region in sides and region != call.region else call
    if not clock.on() or asked.region != region:
        return await emulators.ask(asked)
    local = call.parameters.get("DeletionMode") == "LOCAL_CONFIGURATION_ONLY"
    if not local and (cut := [side for side in sorted(sides) if side != call.region and cuts.region_is_cut(side)]):
        raise AwsError("InternalServerError", f"{cut[0]} does not answer; delete the local configuration only.", 500)
    ends = {"source": source, "destination": replication["Destinations"][0]["FileSystemId"], "local_only": local}
    if not wishes.under_way("efs", source):
        wishes.want("efs", "delete-replication", call.region, source, lambda _: _delete(asked), ends)
    return call.answer({})


def _delete(call: Call) -> None:
    """Delete a replication once the destination takes writes."""
    task = asyncio.get_running_loop().create_task(_delete_now(call))
    _deletions.add(task)
    task.add_done_callback(_deletions.discard)


_deletions: set[asyncio.Task[None]] = set()


async def _delete_now(call: Call) -> None:
    await emulators.ask(call)
    changes.note("efs")
