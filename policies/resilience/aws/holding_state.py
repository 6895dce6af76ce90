"""Types that hold state and that AWS Backup supports, with the form of their ARNs.

https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
"""

from dataclasses import dataclass

from resilience.aws.replicas import is_replica, is_secondary
from resilience.aws.types import BUCKETS, DB_CLUSTER, DB_INSTANCE, DYNAMODB_TABLE, FILE_REPLICATION, FILE_SYSTEM, VOLUME
from resilience.resource import Resource, Stack


@dataclass(frozen=True)
class Arn:
    """The common part of the ARNs of a type.

    Attributes:
        service: `rds`.
        start: how the last part begins: `cluster:`.
    """

    service: str
    start: str = ""


ARNS: dict[str, Arn] = {
    DB_CLUSTER: Arn("rds", "cluster:"),
    DB_INSTANCE: Arn("rds", "db:"),
    DYNAMODB_TABLE: Arn("dynamodb", "table/"),
    FILE_SYSTEM: Arn("elasticfilesystem", "file-system/"),
    VOLUME: Arn("ec2", "volume/"),
    **{bucket: Arn("s3") for bucket in BUCKETS},
    "aws:docdb/cluster:Cluster": Arn("rds", "cluster:"),
    "aws:fsx/lustreFileSystem:LustreFileSystem": Arn("fsx", "file-system/"),
    "aws:fsx/ontapVolume:OntapVolume": Arn("fsx", "volume/"),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": Arn("fsx", "file-system/"),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": Arn("fsx", "file-system/"),
    "aws:neptune/cluster:Cluster": Arn("rds", "cluster:"),
    "aws:redshift/cluster:Cluster": Arn("redshift", "cluster:"),
    "aws:timestreamwrite/table:Table": Arn("timestream", "database/"),
}
"""An Aurora instance holds no state, its cluster does. Servers may hold none, so they are left out; disks are in.
ElastiCache and MemoryDB have snapshots of their own, and AWS Backup doesn't take them."""


def follows_another(resource: Resource, stack: Stack) -> bool:
    """Return whether a resource only copies another one's data: a replica, a secondary, the target of a replication."""
    if resource.type == DB_INSTANCE and is_replica(resource):
        return True
    if resource.type == DB_CLUSTER and is_secondary(resource):
        return True
    return any(stack.referring_to(resource, FILE_REPLICATION, "destination"))
