"""The arguments of a Database."""

from typing import NotRequired, TypedDict

import pulumi


class SecondaryDatabaseArgs(TypedDict):
    """The global database that a secondary belongs to."""

    global_cluster_id: pulumi.Input[str]
    """Id of the global database: `GlobalDatabase.global_cluster_id`."""
    secret_arn: pulumi.Input[str]
    """ARN of the secret's replica in this region: users and passwords are the primary's."""
    engine_version: NotRequired[pulumi.Input[str]]
    """The primary's version at this moment: `GlobalDatabase.engine_version`. AWS refuses any other.
    Default: none is given to AWS."""
    database_name: NotRequired[pulumi.Input[str]]
    """The primary's `Database.database_name`, because AWS may not report it for a secondary. Default: what AWS
    reports."""


class RestoredFromArgs(TypedDict):
    """A backup that a new cluster begins with. It is read at the creation only: later changes are ignored.

    Give `snapshot_arn`, or `source_cluster_id` with `time`. The cluster is made beside its source, which goes on.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-restore-snapshot.html
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html
    """

    snapshot_arn: NotRequired[pulumi.Input[str]]
    """ARN of a cluster snapshot of this region, such as a recovery point of AWS Backup."""
    source_cluster_id: NotRequired[pulumi.Input[str]]
    """Identifier of the cluster of this region whose state at `time` is restored. Default in a WebCluster: the database
    before it."""
    time: NotRequired[str]
    """Time in UTC, like `2026-11-29T10:15:00Z`: within the source's point-in-time recovery."""


class DatabaseArgs(TypedDict):
    """Network, size and backups of the database."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """Subnets in at least two zones, preferably without a route to the internet (data subnets); instances are placed in
    them in turn."""
    instance_class: NotRequired[str]
    """Aurora's instance class. Default db.r7g.large: the smallest of a current memory-optimized family, which a
    global database needs; db.t4g.medium is enough to try things.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html"""
    instances: NotRequired[int]
    """Number of instances, a writer and readers: 2 to 16. Default 2, the fewest that survive the loss of a zone."""
    database_name: NotRequired[str]
    """Name of the database that is created with the cluster. Default "app". Not for a secondary, which has the
    primary's."""
    engine_version: NotRequired[str]
    """Version of Aurora PostgreSQL at creation, major and minor. Default 17.7. Ignored afterwards."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key in this region for storage, snapshots, Performance Insights and the secret. Default: a new
    key of the component."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, with a KMS key there: `{region: key ARN}`. Default: none."""
    backup_retention_days: NotRequired[int]
    """Days back to which any second can be restored, 1 to 35. Default 14; AWS Security Hub asks for 7 at least.
    https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-11"""
    deletion_protection: NotRequired[bool]
    """Let AWS refuse to delete the cluster. Default true. To destroy it, set false and run `pulumi up` first."""
    secondary_of: NotRequired[SecondaryDatabaseArgs]
    """Make it a secondary of a global database whose primary is in another region. Default: an independent database."""
    restored_from: NotRequired[RestoredFromArgs]
    """Backup that the cluster begins with, in place of an empty database; version and `database_name` are then the
    backup's. Default: none."""
    write_forwarding: NotRequired[bool]
    """Let servers of both regions write: the secondary of a global database forwards writes to the primary. Give it to
    both members, because either may become the secondary. AWS takes the setting from a secondary only; a former primary
    that has become one gets it from FailoverAutomation (`database.write_forwarding`), or by
    `aws rds modify-db-cluster --enable-global-write-forwarding`. Default false.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding-apg.html"""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""
