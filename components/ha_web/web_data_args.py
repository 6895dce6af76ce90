"""Arguments of a cluster's blocks that hold state: theirs, without what the cluster knows by itself.

As in `web_cluster_args`, the descriptions are short, and a test compares the fields.
"""

from typing import NotRequired, TypedDict

import pulumi

from ha_web.database_args import SecondaryDatabaseArgs
from ha_web.durable_session_store import DurableSecondaryArgs
from ha_web.session_store import SecondarySessionsArgs
from ha_web.shared_storage import StorageReplicaArgs


class WebSessionsArgs(TypedDict):
    """The cluster's session store; see SessionStore."""

    node_type: NotRequired[pulumi.Input[str]]
    """ElastiCache node type. Default `cache.m7g.large`."""
    nodes: NotRequired[int]
    """How many: a primary and its replicas, 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7."""
    snapshot_window: NotRequired[str]
    """When the daily snapshot is taken, `hh:mm-hh:mm` in UTC. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """When AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC. Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that hears of ElastiCache's events. Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, and the key there. Default: none."""
    in_global_datastore: NotRequired[bool]
    """Whether it is the primary of a GlobalSessionStore. Default false."""
    secondary_of: NotRequired[SecondarySessionsArgs]
    """Makes it a secondary of a global datastore. Default: a store of its own."""


class WebDurableSessionsArgs(TypedDict):
    """The cluster's session store on MemoryDB; see DurableSessionStore."""

    node_type: NotRequired[pulumi.Input[str]]
    """MemoryDB node type. Default db.r7g.large; in a multi-Region cluster db.r7g.xlarge."""
    nodes: NotRequired[int]
    """How many: a primary and its replicas, 2 to 6. Default 2."""
    snapshot_retention_days: NotRequired[int]
    """Days that the daily snapshots are kept, 1 to 35. Default 7."""
    snapshot_window: NotRequired[str]
    """When the daily snapshot is taken, `hh:mm-hh:mm` in UTC. Default 03:00-04:00."""
    maintenance_window: NotRequired[str]
    """When AWS may patch, `ddd:hh:mm-ddd:hh:mm` in UTC. Default sun:04:30-sun:05:30."""
    final_snapshot_name: NotRequired[pulumi.Input[str]]
    """Name of a snapshot that is taken when the store is destroyed or replaced. Default: none."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that hears of MemoryDB's events. Default: none."""
    key_arn: NotRequired[pulumi.Input[str]]
    """KMS key of this region. Default: a key of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Other regions that get a replica of the secret, and the key there. Default: none."""
    secondary_of: NotRequired[DurableSecondaryArgs]
    """For the store of a second region: whose user and password it has."""
    multi_region_cluster_name: NotRequired[pulumi.Input[str]]
    """Output of `MultiRegionSessions`, which this store joins. Only at creation."""


class WebDatabaseArgs(TypedDict):
    """The cluster's database; see Database."""

    instance_class: NotRequired[str]
    """Aurora's instance class. Default db.r7g.large."""
    instances: NotRequired[int]
    """How many: a writer and readers, 2 to 16. Default 2."""
    database_name: NotRequired[str]
    """Name of the database that is made with the cluster. Default "web"."""
    engine_version: NotRequired[str]
    """Version of Aurora PostgreSQL at creation. Default 17.7. Ignored afterwards."""
    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the KMS key, of this region. Default: one of its own."""
    secret_replicas: NotRequired[dict[str, pulumi.Input[str]]]
    """Regions that get a replica of the secret, each with the ARN of its own KMS key. Default: none."""
    backup_retention_days: NotRequired[int]
    """Days that any second can be restored of, 1 to 35. Default 7."""
    deletion_protection: NotRequired[bool]
    """Whether AWS refuses to delete it. Default true."""
    secondary_of: NotRequired[SecondaryDatabaseArgs]
    """Makes it a secondary of a global database in another region. Default: a database of its own."""
    write_forwarding: NotRequired[bool]
    """Whether a secondary hands writes on to the primary. Default false."""


class WebStorageArgs(TypedDict):
    """The file system that the cluster's servers mount; see SharedStorage."""

    key_arn: pulumi.Input[str]
    """KMS key of this region that encrypts the files."""
    receives_replica: NotRequired[bool]
    """Whether it is to hold the replica of another file system. Default false."""
    replicate_to: NotRequired[StorageReplicaArgs]
    """A file system of another region that gets all files. Default: none."""
