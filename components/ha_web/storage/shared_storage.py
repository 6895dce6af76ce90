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
"""Who reaches the mount targets by the network."""

IDLE_BEFORE_INFREQUENT_ACCESS = "AFTER_30_DAYS"
"""EFS's console has it so. https://docs.aws.amazon.com/efs/latest/ug/lifecycle-management-efs.html"""


class StorageReplicaArgs(TypedDict):
    """A file system in another region that takes a copy of everything."""

    file_system_id: pulumi.Input[str]
    """Id of the file system; made with `receives_replica`. What is in it is lost."""
    region: str
    """Its region."""


class SharedStorageArgs(TypedDict):
    """Where the shared storage can be mounted, and what it is encrypted with."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """A subnet for the mount target of each zone; best those without a way out (data subnets)."""
    zone_ids: list[str]
    """The zone of each of these subnets, in their order: `euw1-az1`. Mount targets are called by it."""
    key_arn: pulumi.Input[str]
    """KMS key of this region. EFS can't exchange it: a later change of this argument is ignored, so keep the key."""
    receives_replica: NotRequired[bool]
    """Whether it is made to take a copy of another file system: true makes a new one without protection from being
    overwritten, which nobody can write to meanwhile. An existing one is never opened by this. Default false."""
    replicate_to: NotRequired[StorageReplicaArgs]
    """Where everything is copied to; as a component of its own, if the other file system is made later:
    `StorageReplication`. Default: nowhere."""
    region: NotRequired[str]
    """AWS region of every resource. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of every resource."""


class SharedStorage(pulumi.ComponentResource):
    """An EFS file system over all zones that is mounted over TLS, by IAM, through one access point.

    Always: Regional (files are kept in several zones), elastic throughput, encrypted with the caller's key, files to
    Infrequent Access after 30 days and back at the first access. The policy refuses a mount without TLS, without an
    IAM identity that has the right (`FleetArgs.file_systems`), beside the access point, and as root. All files belong
    to one user, and the application sees a directory of its own as the root.

    **Holds state.** EFS has no protection from deletion: pass `opts=pulumi.ResourceOptions(protect=True)`, which
    reaches every child, to have the engine refuse deletion and replacement. It is tagged for `BackupPlan`. EFS's own
    automatic backups are off, also where someone turns them on by hand: they would be a second plan for the same data,
    in another vault without copies or lock.

    **A replica** (`receives_replica`) can be read, and not be written, until the replication is deleted; see
    `StorageReplication` for how a failover and the way back go. Its access point can be mounted once the directory is
    there: after the first server of the primary region mounted, and the first pass of the replication.

    Errors (ConfigurationError, at preview): an unknown or missing key; fewer than two zones; not a subnet for each
    zone.
    """

    file_system_id: pulumi.Output[str]
    """Id of the file system: what servers mount, and what a failover looks up the replication by."""
    file_system_arn: pulumi.Output[str]
    """ARN of the file system."""
    access_point_id: pulumi.Output[str]
    """Id of the application's access point. Known when every zone can mount."""
    access_point_arn: pulumi.Output[str]
    """ARN of the access point."""
    security_group_id: pulumi.Output[str]
    """Security group of the mount targets."""
    client_security_group_id: pulumi.Output[str]
    """Security group to put on what may reach the mount targets."""

    def __init__(self, name: str, args: SharedStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'SharedStorage "{name}"')
        args = problems.checked(args, SharedStorageArgs)
        problems.add(*storage_problems(len(args["subnet_ids"]), args["zone_ids"]))
        problems.raise_if_any()

        super().__init__("ha-web:index:SharedStorage", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        mount_security, client_security = create_security_groups(scope, args["vpc_id"], PORT, ACCESS)
        files = _create_file_system(scope, args)
        mounts = _create_mount_targets(scope, files, mount_security, args)
        access_point = _create_access_point(scope, files, mounts)
        _guard(scope, files, access_point)
        if "replicate_to" in args:
            copy = args["replicate_to"]
            replicate(scope, files.id, scope.region, copy["file_system_id"], copy["region"])

        self.file_system_id = files.id
        self.file_system_arn = files.arn
        self.access_point_id = access_point.id
        self.access_point_arn = access_point.arn
        self.security_group_id = mount_security.id
        self.client_security_group_id = client_security.id
        self.register_outputs({key: getattr(self, key) for key in SharedStorage.__annotations__})


def _create_file_system(scope: Scope, args: SharedStorageArgs) -> "aws.efs.FileSystem":
    """The file system. Nothing that the program may change replaces it: key and token count at creation only."""
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
    """The application's way in. After the mount targets, so that who knows it can mount."""
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


def _guard(scope: Scope, files: "aws.efs.FileSystem", access_point: "aws.efs.AccessPoint") -> None:
    aws.efs.FileSystemPolicy(
        f"{scope.name}-policy",
        file_system_id=files.id,
        policy=pulumi.Output.all(files.arn, access_point.arn).apply(
            lambda arns: json.dumps(file_system_policy(arns[0], arns[1]))
        ),
        **scope.untagged_args(),
    )
    aws.efs.BackupPolicy(
        f"{scope.name}-automatic-backups",
        file_system_id=files.id,
        backup_policy={"status": "DISABLED"},
        **scope.untagged_args(),
    )
