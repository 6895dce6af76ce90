"""The arguments of FailoverAutomation and RegionSwitchPlan, which fail over the same things, and of their parts.

Both classes repeat the fields that they share, because a schema loses the descriptions of inherited fields.
"""

from typing import NotRequired, TypedDict

import pulumi


class FailoverProbeArgs(TypedDict):
    """The standby region's own health check of the primary."""

    dns_name: pulumi.Input[str]
    """DNS name of the primary's load balancer."""
    protocol: NotRequired[str]
    """`https` (default), `http`, or `tcp`, which only opens a connection."""
    port: NotRequired[int]
    """TCP port. Default: 443 for https, 80 for http. Required for tcp."""
    path: NotRequired[str]
    """Path that answers with status 200 to 399, for https and http. Default /healthz, as in Route 53's health check."""


class FailoverSwitchRefArgs(TypedDict):
    """The switch (outputs of `FailoverSwitch`)."""

    bucket_name: pulumi.Input[str]
    """Name of its bucket."""
    bucket_arn: pulumi.Input[str]
    """ARN of its bucket."""


class FailoverTopicRefArgs(TypedDict):
    """An SNS topic in the standby's region (outputs of `NotificationTopic`)."""

    arn: pulumi.Input[str]
    """ARN of the topic."""
    key_arn: pulumi.Input[str]
    """ARN of the KMS key that encrypts its messages."""


class FailoverCapacityArgs(TypedDict):
    """The standby's servers."""

    group_name: pulumi.Input[str]
    """Name of their Auto Scaling group (`Fleet.group_name`)."""
    minimum: int
    """Minimum size that the group gets: enough servers for the primary's load. Never more than the group's maximum."""
    needed: NotRequired[int]
    """Servers that must be healthy before users are sent there. Default: `minimum`. Fewer make the failover faster, and
    may be overloaded."""
    patience_seconds: NotRequired[int]
    """Seconds, 0 to 400, for which a failover waits for more than `needed` servers, if the primary ran more than
    `minimum`: for as large a part of those. Then `needed` are enough, since EC2 may have no capacity. Default 0."""
    primary_group_name: NotRequired[pulumi.Input[str]]
    """Name of the primary's Auto Scaling group. While the primary is healthy, its desired capacity is noted; a failover
    raises the standby to as many servers, if that is more than `minimum`. Default: none, `minimum` is all."""
    primary_region: NotRequired[str]
    """AWS Region of the primary's Auto Scaling group. Required with `primary_group_name`."""


class FailoverSessionsArgs(TypedDict):
    """A session store that must be promoted: an ElastiCache global datastore. (MemoryDB's needs no promotion.)"""

    global_replication_group_id: pulumi.Input[str]
    """Id of the global datastore."""
    replication_group_id: pulumi.Input[str]
    """Id of the standby's replication group."""


class FailoverDatabaseArgs(TypedDict):
    """A database that must be promoted: an Aurora global cluster."""

    global_cluster_id: pulumi.Input[str]
    """Id of the global cluster."""
    cluster_arn: pulumi.Input[str]
    """ARN of the standby's cluster."""
    source_cluster_arn: NotRequired[pulumi.Input[str]]
    """ARN of the primary's cluster, on which the IAM policy allows the failover, too. Default: only on the standby's
    and on the global cluster."""
    write_forwarding: NotRequired[bool]
    """True to let the primary's cluster forward writes once it is back as a secondary, while the standby serves: where
    servers of both regions write. Needs `source_cluster_arn` and, since a schedule does it, a switch. Default false."""


class FailoverStorageArgs(TypedDict):
    """A file system that must be made writable: the destination of an EFS replication, which is deleted."""

    source_file_system_id: pulumi.Input[str]
    """Id of the primary's file system."""
    source_region: str
    """AWS Region of the primary's file system."""
    file_system_id: pulumi.Input[str]
    """Id of the standby's file system."""


class FailoverAutomationArgs(TypedDict):
    """The parts of a failover, when it starts, and who is notified."""

    region: str
    """AWS Region of the standby, where all of this runs."""
    primary: FailoverProbeArgs
    """The primary's load balancer, whose health the standby checks."""
    beacon: NotRequired[pulumi.Input[str]]
    """DNS name that shows whether Route 53 finds the primary healthy (`FailoverDns.beacon`). Required with `switch`."""
    switch: NotRequired[FailoverSwitchRefArgs]
    """The switch, which is moved last and sends users to the standby. Default: none, as behind Cloudflare, which sends
    users as soon as the session store takes writes; it is promoted last then, and an operator invokes the function."""
    capacity: NotRequired[FailoverCapacityArgs]
    """The standby's servers. Default: none, their number is not changed."""
    sessions: NotRequired[FailoverSessionsArgs]
    """The session store. Default: none to promote."""
    database: NotRequired[FailoverDatabaseArgs]
    """The database. Default: none to promote."""
    storage: NotRequired[FailoverStorageArgs]
    """The shared files. Default: none to make writable."""
    optional: NotRequired[list[str]]
    """Stores that may fail to be promoted without keeping users from the standby: any of `sessions`, `database` and
    `storage`. Default: none."""
    after_seconds: NotRequired[int]
    """Seconds for which Route 53 and the standby must both have found the primary unhealthy, without a break, 0 to 300.
    Default 30: three more checks after the first that failed."""
    enabled: NotRequired[bool]
    """Fail over without a person. Default true; needs a switch. With false an operator invokes the function, with the
    payload {"action": "failover"}, or {"action": "plan"} to see what it would do."""
    topic: NotRequired[FailoverTopicRefArgs]
    """The topic of its notifications and alarms. Default: one of its own."""
    notify: NotRequired[list[str]]
    """E-mail addresses that the topic of its own notifies of each failover, and of alarms. Default: none."""
    log_retention_days: NotRequired[int]
    """Days to keep the function's log, a period that CloudWatch Logs has. Default 90."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class RegionSwitchPlanArgs(TypedDict):
    """The parts of a failover, both regions, and who is notified."""

    region: str
    """AWS Region of the standby, where all of this runs."""
    primary: FailoverProbeArgs
    """The primary's load balancer, whose health the standby checks."""
    beacon: pulumi.Input[str]
    """DNS name that shows whether Route 53 finds the primary healthy (`FailoverDns.beacon`)."""
    switch: FailoverSwitchRefArgs
    """The switch, which is moved last and sends users to the standby."""
    capacity: NotRequired[FailoverCapacityArgs]
    """The standby's servers. Default: none, their number is not changed."""
    sessions: NotRequired[FailoverSessionsArgs]
    """The session store. Default: none to promote."""
    database: NotRequired[FailoverDatabaseArgs]
    """The database. Default: none to promote."""
    storage: NotRequired[FailoverStorageArgs]
    """The shared files. Default: none to make writable."""
    optional: NotRequired[list[str]]
    """Stores that may fail to be promoted without keeping users from the standby: any of `sessions`, `database` and
    `storage`. Default: none."""
    primary_region: str
    """AWS Region of the primary."""
    group_arns: list[pulumi.Input[str]]
    """ARNs of both Auto Scaling groups, the primary's first: Region switch raises the one to the size of the other."""
    primary_cluster_arn: NotRequired[pulumi.Input[str]]
    """ARN of the primary's database cluster. Required with `database`."""
    recovery_minutes: NotRequired[int]
    """Recovery time objective, in minutes, that AWS compares executions with. Default 15."""
    topic: NotRequired[FailoverTopicRefArgs]
    """The topic of its notifications and alarms. Default: one of its own."""
    notify: NotRequired[list[str]]
    """E-mail addresses that the topic of its own notifies of each failover, and of functions that fail. Default:
    none."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


FailoverTargetsArgs = FailoverAutomationArgs | RegionSwitchPlanArgs
"""The arguments of either component: what they share can be read without knowing which."""
