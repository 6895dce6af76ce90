"""Shared storage copied to another region, and what keeps a promoted copy from being overwritten."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted
from ha_web.storage.rules import promoted_warning, says_that_there_is_none

LOOKUP = "aws:efs/getFileSystem:getFileSystem"


class StorageReplicationArgs(TypedDict):
    """Two file systems: one that is written, one that takes the copy."""

    source_file_system_id: pulumi.Input[str]
    """File system that servers write to."""
    source_region: str
    """Its region."""
    destination_file_system_id: pulumi.Input[str]
    """File system that takes the copy: a SharedStorage made with `receives_replica`. What is in it is lost."""
    destination_region: str
    """Its region."""


class StorageReplication(pulumi.ComponentResource):
    """EFS copies one file system to the other, all the time and one way.

    AWS: most changes arrive within a minute, with a recovery point of 15 minutes for most file systems; it promises
    none. https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html

    **Failover** deletes the replication, in the region of the copy; EFS then makes the copy writable (several minutes)
    and protects it from being overwritten. That protection is what keeps the files safe from a later `up`: nothing in
    this package ever takes it off an existing file system. After a failover

    - `up` changes nothing, and warns that the copy is no replica any more;
    - `up` after a `refresh` would make the replication again, and AWS refuses it;
    - with this component taken out, `up` has nothing to do in either case.

    The way back is a person's decision, since it gives up the files of one side: docs/decisions/0008.

    Errors (ConfigurationError, at preview): an unknown or missing key; one region for both.
    """

    source_file_system_id: pulumi.Output[str]
    """File system that is written; `DeleteReplicationConfiguration` takes it."""
    destination_file_system_id: pulumi.Output[str]
    """File system that takes the copy."""

    def __init__(self, name: str, args: StorageReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'StorageReplication "{name}"')
        args = problems.checked(args, StorageReplicationArgs)
        if args["source_region"] == args["destination_region"]:
            region = quoted(args["source_region"])
            problems.add(f"source_region and destination_region are {region}; a copy beside the original goes with it")
        problems.raise_if_any()

        super().__init__("ha-web:index:StorageReplication", name, None, opts)
        replication = replicate(
            Scope(name, self, args["source_region"]),
            args["source_file_system_id"],
            args["source_region"],
            args["destination_file_system_id"],
            args["destination_region"],
        )
        self.source_file_system_id = replication.source_file_system_id
        self.destination_file_system_id = pulumi.Output.from_input(args["destination_file_system_id"])
        self.register_outputs({key: getattr(self, key) for key in StorageReplication.__annotations__})


def replicate(
    scope: Scope,
    source_id: pulumi.Input[str],
    source_region: str | None,
    destination_id: pulumi.Input[str],
    destination_region: str,
) -> "aws.efs.ReplicationConfiguration":
    """Replicate from one file system to the other; warn where the other isn't open to it (any more)."""
    copy = aws.efs.get_file_system_output(
        file_system_id=destination_id, region=destination_region, opts=scope.invoke_opts()
    )
    pulumi.Output.all(copy=copy, file_system_id=destination_id).apply(
        lambda known: _tell(scope, known["copy"], known["file_system_id"], destination_region)
    )
    return aws.efs.ReplicationConfiguration(
        f"{scope.name}-replication",
        source_file_system_id=source_id,
        destination={"file_system_id": destination_id, "region": destination_region},
        region=source_region,
        opts=scope.child_opts(),
    )


def _tell(scope: Scope, copy: "aws.efs.GetFileSystemResult", file_system_id: str, region: str) -> None:
    if any(protection.replication_overwrite == "ENABLED" for protection in copy.protections):
        pulumi.log.warn(promoted_warning(scope.name, file_system_id, region), scope.parent)


def opened_while_new(scope: Scope, token: str) -> "pulumi.Output[aws.efs.FileSystemProtectionArgs | None]":
    """No protection from being overwritten, for a file system that isn't there yet; nothing for one that is.

    Whoever said it each time would take the protection off a copy that a failover has promoted. `ignore_changes`
    doesn't help: after a refresh it repeats EFS's own word for a replica, REPLICATING, which the provider refuses
    (https://github.com/pulumi/pulumi-aws/issues/6041). So the file system is looked up first.
    """

    async def look() -> aws.efs.FileSystemProtectionArgs | None:
        where = {} if scope.region is None else {"region": scope.region}
        try:
            await pulumi.runtime.invoke_async(LOOKUP, {"creationToken": token, **where}, scope.invoke_opts())
        except Exception as error:
            if not says_that_there_is_none(str(error)):
                raise
            return aws.efs.FileSystemProtectionArgs(replication_overwrite="DISABLED")
        return None

    return pulumi.Output.from_input(look())
