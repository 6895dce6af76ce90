"""Files that all servers of a cluster share: an EFS file system with a mount target in each zone."""

import json
from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.client_access import ServerAndClients, create_security_groups
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.storage.replication import opened_while_new, replicate
from ha_web.storage.rules import PORT, POSIX_ID, ROOT_DIRECTORY, creation_token, file_system_policy, storage_problems

ACCESS = ServerAndClients(
    server_role="storage-mounts",
    client_role="storage-clients",
    ingress_role="storage-from-clients",
    egress_role="clients-to-storage",
    server_description="Mount targets of the shared storage",
    server_name="the shared storage",
    traffic="NFS",
)
"""Security groups of the mount targets and of their clients."""

IDLE_BEFORE_INFREQUENT_ACCESS = "AFTER_30_DAYS"
"""The default of EFS's console. https://docs.aws.amazon.com/efs/latest/ug/lifecycle-management-efs.html"""


class StorageReplicaArgs(TypedDict):
    """A file system in another region that receives a copy of everything."""

    file_system_id: pulumi.Input[str]
    """Id of the file system, a SharedStorage with `receives_replica`. Its files are lost."""
    region: str
    """AWS Region of that file system."""


class SharedStorageArgs(TypedDict):
    """Network, encryption and replication of the shared storage."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """Ids of the mount targets' subnets, one in each zone, preferably without a route to the internet (data
    subnets)."""
    zone_ids: list[str]
    """Ids of these subnets' zones, such as `euw1-az1`, in the same order. Mount targets are named by them."""
    key_arn: pulumi.Input[str]
    """ARN of a KMS key in this region. EFS can't change a file system's key: later changes of this argument are
    ignored, so keep the key."""
    shows_restored: NotRequired[bool]
    """True for a second access point, on the file system's own root: there AWS Backup puts the files that it restores,
    in a directory of their own beside the application's. Default false.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html"""
    receives_replica: NotRequired[bool]
    """Create the file system without protection from being overwritten, so that it can be the destination of a
    replication. Servers can't write to it while it is. An existing file system keeps its protection. Default false."""
    replicate_to: NotRequired[StorageReplicaArgs]
    """File system that everything is copied to. If that one is created later, use the component `StorageReplication`
    instead. Default: none."""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class SharedStorage(pulumi.ComponentResource):
    """An EFS file system in several zones, mounted over TLS, with IAM, through one access point.

    Always: a Regional file system (files are stored in several zones), elastic throughput, encryption with the given
    key, and files in Infrequent Access from 30 days after their last use until the next. The policy refuses a mount
    without TLS, without an IAM role that is allowed to (`FleetArgs.file_systems`), without the access point, and as
    root. All files belong to one user, and the application sees a directory of its own as the root.

    **Holds state.** EFS has no deletion protection. Pass `opts=pulumi.ResourceOptions(protect=True)`, which applies to
    every child, to have the engine refuse deletion and replacement. The file system is tagged for `BackupPlan`. EFS's
    own automatic backups are off, and an `up` turns them off again: they would be a second plan for the same data, in
    another vault without copies or lock.

    **A replica** (`receives_replica`) is read-only until the replication is deleted; see `StorageReplication` for
    failover and failback. Its access point can be mounted once its directory exists: after a server in the primary
    region has mounted the source and the replication has run once.

    Errors (ConfigurationError, at preview): an unknown or missing key; fewer than two zones; zones and subnets that
    don't match.
    """

    file_system_id: pulumi.Output[str]
    """Id of the file system, for mounting it and for finding its replication."""
    file_system_arn: pulumi.Output[str]
    """ARN of the file system."""
    access_point_id: pulumi.Output[str]
    """Id of the application's access point. Known once every zone has its mount target."""
    access_point_arn: pulumi.Output[str]
    """ARN of the access point."""
    restored_access_point_id: pulumi.Output[str] | None
    """Id of the access point on the file system's root, if there is one."""
    restored_access_point_arn: pulumi.Output[str] | None
    """ARN of the access point on the file system's root, if there is one."""
    security_group_id: pulumi.Output[str]
    """Security group of the mount targets."""
    client_security_group_id: pulumi.Output[str]
    """Security group for the clients of the mount targets."""

    def __init__(self, name: str, args: SharedStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:SharedStorage", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        mount_security, client_security = create_security_groups(scope, args["vpc_id"], PORT, ACCESS)
        files = _create_file_system(scope, args)
        mounts = _create_mount_targets(scope, files, mount_security, args)
        access_point = _create_access_point(scope, files, mounts)
        restored = _create_way_to_restored(scope, files, mounts) if args.get("shows_restored") else None
        _restrict_access(scope, files, access_point, restored)
        if "replicate_to" in args:
            copy = args["replicate_to"]
            replicate(scope, files.id, scope.region, copy["file_system_id"], copy["region"])

        self.file_system_id = files.id
        self.file_system_arn = files.arn
        self.access_point_id = access_point.id
        self.access_point_arn = access_point.arn
        self.restored_access_point_id = restored.id if restored else None
        self.restored_access_point_arn = restored.arn if restored else None
        self.security_group_id = mount_security.id
        self.client_security_group_id = client_security.id
        self.register_outputs({key: getattr(self, key) for key in SharedStorage.__annotations__})


def _checked(name: str, args: SharedStorageArgs) -> SharedStorageArgs:
    problems = Problems(f'SharedStorage "{name}"')
    args = problems.checked(args, SharedStorageArgs)
    problems.add(*storage_problems(len(args["subnet_ids"]), args["zone_ids"]))
    problems.raise_if_any()
    return args


def _create_file_system(scope: Scope, args: SharedStorageArgs) -> "aws.efs.FileSystem":
    """Create the file system. No later change of an argument replaces it: key and token are only used at creation."""
    token = creation_token(pulumi.get_project(), pulumi.get_stack(), scope.name)
    return aws.efs.FileSystem(
        f"{scope.name}-files",
        creation_token=token,
        encrypted=True,
        kms_key_id=args["key_arn"],
        throughput_mode="elastic",
        performance_mode="generalPurpose",
        lifecycle_policies=[
            {"transition_to_ia": IDLE_BEFORE_INFREQUENT_ACCESS},
            {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
        ],
        protection=opened_while_new(scope, token) if args.get("receives_replica") else None,
        **scope.regional_args("files", backed_up=True, ignore_changes=["kms_key_id", "creation_token"]),
    )


def _create_mount_targets(
    scope: Scope, files: "aws.efs.FileSystem", security_group: aws.ec2.SecurityGroup, args: SharedStorageArgs
) -> "list[aws.efs.MountTarget]":
    subnets: Mapping[str, pulumi.Input[str]] = dict(zip(args["zone_ids"], args["subnet_ids"], strict=True))
    return [
        aws.efs.MountTarget(
            f"{scope.name}-mount-{zone_id}",
            file_system_id=files.id,
            subnet_id=subnet_id,
            security_groups=[security_group.id],
            **scope.untagged_args(),
        )
        for zone_id, subnet_id in subnets.items()
    ]


def _create_access_point(
    scope: Scope, files: "aws.efs.FileSystem", mounts: "list[aws.efs.MountTarget]"
) -> "aws.efs.AccessPoint":
    """Create the application's access point after the mount targets, so that whatever has its id can mount it."""
    return aws.efs.AccessPoint(
        f"{scope.name}-access-point",
        file_system_id=files.id,
        posix_user={"uid": POSIX_ID, "gid": POSIX_ID},
        root_directory={
            "path": ROOT_DIRECTORY,
            "creation_info": {"owner_uid": POSIX_ID, "owner_gid": POSIX_ID, "permissions": "0750"},
        },
        **scope.regional_args("access-point", depends_on=mounts),
    )


def _create_way_to_restored(
    scope: Scope, files: "aws.efs.FileSystem", mounts: "list[aws.efs.MountTarget]"
) -> "aws.efs.AccessPoint":
    """Create the access point through which restored files are reached."""
    return aws.efs.AccessPoint(
        f"{scope.name}-restored",
        file_system_id=files.id,
        posix_user={"uid": POSIX_ID, "gid": POSIX_ID},
        root_directory={"path": "/"},
        **scope.regional_args("restored", depends_on=mounts),
    )


def _restrict_access(
    scope: Scope,
    files: "aws.efs.FileSystem",
    access_point: "aws.efs.AccessPoint",
    restored: "aws.efs.AccessPoint | None",
) -> None:
    aws.efs.FileSystemPolicy(
        f"{scope.name}-policy",
        file_system_id=files.id,
        policy=pulumi.Output.all(files.arn, access_point.arn, *([restored.arn] if restored else [])).apply(
            lambda arns: json.dumps(file_system_policy(*arns))
        ),
        **scope.untagged_args(),
    )
    aws.efs.BackupPolicy(
        f"{scope.name}-automatic-backups",
        file_system_id=files.id,
        backup_policy={"status": "DISABLED"},
        **scope.untagged_args(),
    )
