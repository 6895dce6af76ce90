"""What a database is made from."""

from typing import NotRequired, TypedDict

import pulumi


class SecondaryDatabaseArgs(TypedDict):
    """The global database that a secondary belongs to."""

    global_cluster_id: pulumi.Input[str]
    """Id of the global database: `GlobalDatabase.global_cluster_id`."""
    secret_arn: pulumi.Input[str]
    """ARN of the secret's replica in this region: users and passwords are the primary's."""
    engine_version: NotRequired[pulumi.Input[str]]
    """The primary's version at this moment: `GlobalDatabase.engine_version`. AWS refuses a secondary of another.
    Default: none is told to AWS."""
    database_name: NotRequired[pulumi.Input[str]]
    """The primary's `Database.database_name`: AWS need not tell it of a secondary. Default: what AWS tells."""


class DatabaseArgs(TypedDict):
    """Where the database stands, how large it is, and how long its past is kept."""

    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: list[pulumi.Input[str]]
    """Subnets in at least two zones, best those without a way out (data subnets); instances take them in turn."""
    instance_class: NotRequired[str]
    """Aurora's instance class. Default db.r7g.large: the smallest of a current memory-optimized family, which a
    global database needs; db.t4g.medium is enough to try things.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html"""
    instances: NotRequired[int]
    """How many: a writer and readers, 2 to 16. Default 2: the least that survives a zone."""
    database_name: NotRequired[str]
    """Name of the database that is made with the cluster. Default "web". A secondary has the primary's."""
    engine_version: NotRequired[str]
    """Version of Aurora PostgreSQL at creation, major and minor. Default 17.7. Ignored afterwards."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the KMS key, of this region, for storage, snapshots, insights and the secret. Default: one of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Regions that get a replica of the secret, each with the ARN of its own KMS key. Default: none."""
    backup_retention_days: NotRequired[int]
    """Days that any second can be restored of, 1 to 35. Default 7, the least that AWS's own security standard takes.
    https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-11"""
    deletion_protection: NotRequired[bool]
    """Whether AWS refuses to delete it. Default true. Turn it off, `up`, then destroy."""
    secondary_of: NotRequired[SecondaryDatabaseArgs]
    """Makes it a secondary of a global database in another region. Default: a database of its own."""
    write_forwarding: NotRequired[bool]
    """Whether a secondary hands writes on to the primary, for servers of both regions at work. Default false.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding-apg.html"""
    region: NotRequired[str]
    """AWS Region of everything here. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""
