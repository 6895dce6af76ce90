"""Replication of shared storage to another region, and what keeps a promoted copy from being overwritten."""

from typing import TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted
from ha_web.storage.rules import is_not_found, promoted_warning

LOOKUP = "aws:efs/getFileSystem:getFileSystem"


class StorageReplicationArgs(TypedDict):
    """Two file systems: one that is written, and one that receives the copy."""

    source_file_system_id: pulumi.Input[str]
    """Id of the file system that servers write to."""
    source_region: str
    """AWS Region of the source."""
    destination_file_system_id: pulumi.Input[str]
    """Id of the file system that receives the copy: a SharedStorage with `receives_replica`. Its files are lost."""
    destination_region: str
    """AWS Region of the destination."""


class StorageReplication(pulumi.ComponentResource):
    """An EFS replication: copies one file system to another continuously, in one direction.

    AWS says that most changes arrive within a minute, and that the recovery point is 15 minutes for most file systems;
    it guarantees none. https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html

    **Failover** deletes the replication in the region of the copy. EFS then makes the copy writable, which takes
    several minutes, and protects it from being overwritten. That protection keeps the files safe from a later `up`:
    nothing in this package ever removes it from an existing file system. After a failover

    - `up` changes nothing, and warns that the copy is no longer a replica;
    - `up` after a `refresh` tries to create the replication again, and AWS refuses;
    - if you remove this component, `up` has nothing to do in either case.

    Failback is a person's decision, because it gives up the files of one side: docs/decisions/0008.

    Errors (ConfigurationError, at preview): an unknown or missing key; both regions the same.
    """

    source_file_system_id: pulumi.Output[str]
    """Id of the source, as `DeleteReplicationConfiguration` needs it."""
    destination_file_system_id: pulumi.Output[str]
    """Id of the destination."""

    def __init__(self, name: str, args: StorageReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
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


def _checked(name: str, args: StorageReplicationArgs) -> StorageReplicationArgs:
    problems = Problems(f'StorageReplication "{name}"')
    args = problems.checked(args, StorageReplicationArgs)
    if args["source_region"] == args["destination_region"]:
        region = quoted(args["source_region"])
        problems.add(f"source_region and destination_region are {region}; a copy must be in another region")
    problems.raise_if_any()
    return args


def replicate(
    scope: Scope,
    source_id: pulumi.Input[str],
    source_region: str | None,
    destination_id: pulumi.Input[str],
    destination_region: str,
) -> "aws.efs.ReplicationConfiguration":
    """Replicate one file system to the other; warn if the other is protected from being overwritten."""
    copy = aws.efs.get_file_system_output(
        file_system_id=destination_id, region=destination_region, opts=scope.invoke_opts()
    )
    pulumi.Output.all(copy=copy, file_system_id=destination_id).apply(
        lambda known: _warn_if_promoted(scope, known["copy"], known["file_system_id"], destination_region)
    )
    return aws.efs.ReplicationConfiguration(
        f"{scope.name}-replication",
        source_file_system_id=source_id,
        destination={"file_system_id": destination_id, "region": destination_region},
        region=source_region,
        opts=scope.child_opts(),
    )


def _warn_if_promoted(scope: Scope, copy: "aws.efs.GetFileSystemResult", file_system_id: str, region: str) -> None:
    if any(protection.replication_overwrite == "ENABLED" for protection in copy.protections):
        pulumi.log.warn(promoted_warning(scope.name, file_system_id, region), scope.parent)


def opened_while_new(scope: Scope, token: str) -> "pulumi.Output[aws.efs.FileSystemProtectionArgs | None]":
    """Return the arguments that leave a new file system unprotected from being overwritten; None for an existing one.

    Given at each `up`, they would remove the protection of a copy that a failover has promoted. `ignore_changes`
    doesn't help: after a refresh it repeats EFS's own value for a replica, REPLICATING, which the provider refuses
    (https://github.com/pulumi/pulumi-aws/issues/6041). So the file system is looked up first.
    """

    async def look() -> aws.efs.FileSystemProtectionArgs | None:
        where = {} if scope.region is None else {"region": scope.region}
        try:
            await pulumi.runtime.invoke_async(LOOKUP, {"creationToken": token, **where}, scope.invoke_opts())
        except Exception as error:
            if not is_not_found(str(error)):
                raise
            return aws.efs.FileSystemProtectionArgs(replication_overwrite="DISABLED")
        return None

    return pulumi.Output.from_input(look())
