"""The arguments of a failover: its parts, and those of the two components that carry it out.

`FailoverAutomation` and `RegionSwitchPlan` move the same things. Each repeats the fields that both have, because a
schema loses the descriptions of inherited ones.
"""

from typing import NotRequired, TypedDict

import pulumi


class FailoverProbeArgs(TypedDict):
    """How the standby looks at the primary itself."""

    dns_name: pulumi.Input[str]
    """DNS name of the primary's load balancer."""
    protocol: NotRequired[str]
    """https (default), http or tcp (connecting is enough)."""
    port: NotRequired[int]
    """TCP port. Default 443, for http 80; tcp has none."""
    path: NotRequired[str]
    """Path that answers 200 to 399, for https and http. Default /healthz, as Route 53 asks."""


class FailoverSwitchRefArgs(TypedDict):
    """The switch (outputs of `FailoverSwitch`)."""

    bucket_name: pulumi.Input[str]
    """Its bucket."""
    bucket_arn: pulumi.Input[str]
    """ARN of the bucket."""


class FailoverCapacityArgs(TypedDict):
    """The standby's servers."""

    group_name: pulumi.Input[str]
    """Its Auto Scaling group (`Fleet.group_name`)."""
    minimum: int
    """Servers that it gets, at least: what carries the load of the primary. Never more than the group's maximum."""
    needed: NotRequired[int]
    """Servers that must run before users are sent. Default: the minimum. Fewer are faster and may be overloaded."""


class FailoverSessionsArgs(TypedDict):
    """A session store that must be promoted: an ElastiCache global datastore. (MemoryDB's needs no promotion.)"""

    global_replication_group_id: pulumi.Input[str]
    """The global datastore."""
    replication_group_id: pulumi.Input[str]
    """The standby's replication group."""


class FailoverDatabaseArgs(TypedDict):
    """A database that must be promoted: an Aurora global cluster."""

    global_cluster_id: pulumi.Input[str]
    """The global cluster."""
    cluster_arn: pulumi.Input[str]
    """ARN of the standby's cluster."""


class FailoverStorageArgs(TypedDict):
    """A file system that must be let go: the destination of an EFS replication."""

    source_file_system_id: pulumi.Input[str]
    """The primary's file system."""
    source_region: str
    """AWS Region of that."""
    file_system_id: pulumi.Input[str]
    """The standby's file system."""


class FailoverAutomationArgs(TypedDict):
    """What is moved when, and who is told."""

    region: str
    """AWS Region of the standby, where all of this runs."""
    primary: FailoverProbeArgs
    """The load balancer to look at."""
    beacon: pulumi.Input[str]
    """Name that tells Route 53's view of the primary (`FailoverDns.beacon`)."""
    switch: FailoverSwitchRefArgs
    """What is moved last."""
    capacity: NotRequired[FailoverCapacityArgs]
    """The standby's servers. Default: they are left as they are."""
    sessions: NotRequired[FailoverSessionsArgs]
    """The session store. Default: nothing to promote."""
    database: NotRequired[FailoverDatabaseArgs]
    """The database. Default: nothing to promote."""
    storage: NotRequired[FailoverStorageArgs]
    """The shared files. Default: nothing to let go."""
    optional: NotRequired[list[str]]
    """Stores without which users are sent to the standby all the same: of sessions, database, storage. Default none."""
    after_seconds: NotRequired[int]
    """Seconds that Route 53's view and the standby's own must both have failed without a break, 0 to 300.
    Default 20."""
    enabled: NotRequired[bool]
    """Whether it acts by itself. Default true. With false the schedule is off; the function stands, and an operator
    invokes it with the payload {"action": "failover"} (or "plan", to see what it would do)."""
    notify: NotRequired[list[str]]
    """E-mail addresses that hear of each failover, and of alarms."""
    log_retention_days: NotRequired[int]
    """How long the function's log is kept. Default 90."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class RegionSwitchPlanArgs(TypedDict):
    """What the plan moves, and from where."""

    region: str
    """AWS Region of the standby, where all of this runs."""
    primary: FailoverProbeArgs
    """The load balancer to look at."""
    beacon: pulumi.Input[str]
    """Name that tells Route 53's view of the primary (`FailoverDns.beacon`)."""
    switch: FailoverSwitchRefArgs
    """What is moved last."""
    capacity: NotRequired[FailoverCapacityArgs]
    """The standby's servers. Default: they are left as they are."""
    sessions: NotRequired[FailoverSessionsArgs]
    """The session store. Default: nothing to promote."""
    database: NotRequired[FailoverDatabaseArgs]
    """The database. Default: nothing to promote."""
    storage: NotRequired[FailoverStorageArgs]
    """The shared files. Default: nothing to let go."""
    optional: NotRequired[list[str]]
    """Stores without which users are sent to the standby all the same: of sessions, database, storage. Default none."""
    primary_region: str
    """AWS Region of the primary."""
    group_arns: list[pulumi.Input[str]]
    """ARNs of the Auto Scaling groups, the primary's first: Region switch compares them."""
    primary_cluster_arn: NotRequired[pulumi.Input[str]]
    """ARN of the primary's database cluster. Needed with `database`."""
    recovery_minutes: NotRequired[int]
    """Recovery time objective that AWS measures executions by, in minutes. Default 15."""
    notify: NotRequired[list[str]]
    """E-mail addresses that hear what the functions did."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


FailoverTargetsArgs = FailoverAutomationArgs | RegionSwitchPlanArgs
"""What both have, for code that serves either."""
