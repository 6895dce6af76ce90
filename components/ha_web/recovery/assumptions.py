"""The table of assumed times, which nobody guarantees.

It has every time that no setting fixes: a promotion, a restore, a person's decision. Each has a reason and a source.
docs/recovery.md lists them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ha_web.core.wording import nearest
from ha_web.recovery.durations import format_duration

AWS = "https://docs.aws.amazon.com"
RESILIENCE = f"{AWS}/whitepapers/latest/disaster-recovery-workloads-on-aws"


@dataclass(frozen=True)
class Assumption:
    """A time, the reason to assume it, and the source."""

    name: str
    seconds: float
    what: str
    """The step that takes the time, as it is written in a sum."""
    reason: str
    source: str
    measured: bool = False
    """True if `seconds` was measured in a drill."""
    typical: bool = False
    """True if AWS names the time as typical and bounds it nowhere: it may be longer at the very moment of a failure."""

    @property
    def origin(self) -> str:
        """Return `measured`, `typical` or `assumed`."""
        return "measured" if self.measured else "typical" if self.typical else "assumed"


TABLE = (
    Assumption(
        "client.next-address",
        90,
        "until clients use the other zones' addresses",
        "A balancer's name has an address in each zone. The lost one's leaves the name within about 30 s; its TTL is "
        "60 s. Clients that try the next address while one doesn't answer need 2 s (RFC 8305), but most stagger only "
        "addresses of different families, IPv6 and IPv4, and wait for one of the same to time out",
        "https://www.rfc-editor.org/rfc/rfc8305#section-8",
    ),
    Assumption(
        "servers.replace",
        60,
        "until the group replaces",
        "Auto Scaling asks for the balancer's verdict periodically; the period is not published",
        f"{AWS}/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html",
    ),
    Assumption(
        "servers.capacity",
        0,
        "until EC2 has capacity",
        "EC2 promises no capacity that isn't reserved, least of all when a Region fails and everybody launches in the "
        "next; `standby.reservedServers` takes this assumption out of the sum",
        f"{AWS}/AWSEC2/latest/UserGuide/ec2-capacity-reservations.html",
    ),
    Assumption(
        "sessions.failover",
        30,
        "session store failover",
        "ElastiCache and MemoryDB promote a replica by themselves and publish no time; our trial needed 6 s with a "
        "detection of 5 s, and a detection of up to 25 s is allowed for",
        f"{AWS}/AmazonElastiCache/latest/dg/AutoFailover.html",
    ),
    Assumption(
        "sessions.zone-lag",
        1,
        "replication lag of sessions",
        "ElastiCache replicates asynchronously; a healthy replica is less than 1 s behind, and our alarm rings at 2 s",
        f"{AWS}/AmazonElastiCache/latest/dg/Replication.Redis.Groups.html",
        typical=True,
    ),
    Assumption(
        "sessions.promotion",
        60,
        "session store promotion",
        "AWS's disaster recovery workshop names 1 minute for a global datastore; its manual names no time",
        f"{AWS}/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html",
    ),
    Assumption(
        "sessions.region-lag",
        1,
        "replication lag of sessions",
        "A global datastore replicates asynchronously; AWS's workshop names less than 1 s as usual",
        f"{AWS}/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html",
        typical=True,
    ),
    Assumption(
        "sessions.multi-region-lag",
        1,
        "replication lag of sessions",
        "MemoryDB Multi-Region replicates asynchronously, typically within a second",
        f"{AWS}/memorydb/latest/devguide/multi-region.html",
        typical=True,
    ),
    Assumption(
        "sessions.restore",
        1_800,
        "restore of sessions",
        "A new store from a daily snapshot; no time is published",
        f"{AWS}/AmazonElastiCache/latest/dg/backups-restoring.html",
    ),
    Assumption(
        "database.failover",
        60,
        "database failover",
        "Service is typically restored in less than 60 s, and often in less than 30 s, when there is a reader",
        f"{AWS}/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
        typical=True,
    ),
    Assumption(
        "database.new-writer",
        600,
        "new database writer",
        "Without a reader Aurora makes a new writer, which typically takes less than 10 minutes",
        f"{AWS}/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
        typical=True,
    ),
    Assumption(
        "database.promotion",
        120,
        "database promotion",
        "AWS's product page says that a secondary can be promoted in less than a minute, its manual minutes: two",
        f"{AWS}/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html",
    ),
    Assumption(
        "database.region-lag",
        1,
        "replication lag of the database",
        "Aurora replicates to the secondary region typically within a second; what a failover loses is the lag at that "
        "moment, which AWS calls seconds and bounds only where writes may be held up for it (rds.global_db_rpo)",
        f"{AWS}/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html",
        typical=True,
    ),
    Assumption(
        "database.point-in-time",
        300,
        "since the latest restorable time",
        "A cluster can typically be restored to within the last 5 minutes",
        f"{AWS}/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html",
        typical=True,
    ),
    Assumption(
        "database.restore",
        3_600,
        "database restore",
        "A new cluster from a backup and a writer in it, for each TiB begun; AWS publishes no rate",
        f"{AWS}/aws-backup/latest/devguide/restoring-aur.html",
    ),
    Assumption(
        "storage.promotion",
        300,
        "file system released",
        "Deleting the replication makes the copy writable and can take several minutes",
        f"{AWS}/efs/latest/ug/delete-replications.html",
    ),
    Assumption(
        "storage.region-lag",
        900,
        "replication lag of the file system",
        "EFS replication is designed for 15 minutes with most file systems; large or busy ones may need longer",
        f"{AWS}/efs/latest/ug/efs-replication.html",
        typical=True,
    ),
    Assumption(
        "storage.restore-gib",
        11,
        "restore of a GiB of files",
        "AWS Backup restores 100 MB/s of large files (500 small files a second)",
        f"{AWS}/efs/latest/ug/awsbackup.html#backup-performance",
    ),
    Assumption(
        "backup.copy",
        3_600,
        "until a backup is copied",
        "Of files, whose copies are incremental: the job's own time and the copy depend on what changed; AWS promises "
        "none",
        f"{AWS}/aws-backup/latest/devguide/cross-region-backup.html",
    ),
    Assumption(
        "database.copy",
        10_800,
        "until a backup is copied",
        "Of a database, for each TiB begun: every copy is a full one and can take hours; AWS publishes no rate",
        f"{AWS}/AmazonRDS/latest/AuroraUserGuide/aurora-copy-snapshot.html",
    ),
    Assumption(
        "operator.decides",
        1_800,
        "until a person acts",
        "From the first alarm to the decision; yours is known by your own drills",
        f"{RESILIENCE}/detection.html",
    ),
    Assumption(
        "operator.redirects",
        900,
        "to point the site at what was restored",
        "A setting and one `pulumi up`, which replaces the servers one after the other (docs/runbooks/restore.md)",
        f"{RESILIENCE}/disaster-recovery-options-in-the-cloud.html",
    ),
    Assumption(
        "region.build",
        2_700,
        "to build the region",
        "A whole cluster from nothing by `pulumi up`; the session store takes longest. AWS publishes no time",
        f"{RESILIENCE}/disaster-recovery-options-in-the-cloud.html",
    ),
    Assumption(
        "dns.change",
        60,
        "until Route 53 has the change",
        "A change reaches all of Route 53's name servers within 60 s under normal conditions",
        f"{AWS}/Route53/latest/APIReference/API_GetChange.html",
    ),
    Assumption(
        "region-switch.steps",
        60,
        "between the plan's steps",
        "What Region switch itself needs to start and between its two steps; not published",
        f"{AWS}/r53recovery/latest/dg/region-switch.html",
    ),
    Assumption(
        "accelerator.redirect",
        30,
        "until Global Accelerator redirects",
        "New connections go to another endpoint about 30 s after the balancer's own checks failed",
        f"{AWS}/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html",
    ),
)
"""Every assumption; docs/recovery.md lists them."""


Assumptions = Mapping[str, Assumption]


ASSUMED: Assumptions = {assumption.name: assumption for assumption in TABLE}
"""The table by name, without measured times."""


def with_measured(measured: Mapping[str, float], table: Iterable[Assumption] = TABLE) -> Assumptions:
    """Return the table by name, with the times that a drill has measured in place of the assumed ones.

    Args:
        measured: seconds by the assumption's name, such as `{"sessions.failover": 7.5}`.

    Raises ValueError for an unknown name or a negative time: one line a problem.
    """
    known = {assumption.name: assumption for assumption in table}
    problems = [f"measured.{name} is unknown; {nearest(name, known)}" for name in measured if name not in known]
    problems += [
        f"measured.{name} is {seconds!r}; it must be seconds, 0 or more"
        for name, seconds in measured.items()
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0
    ]
    if problems:
        raise ValueError("\n".join(problems))
    found = {}
    for name, assumption in known.items():
        seconds = measured.get(name)
        found[name] = assumption if seconds is None else _measured(assumption, float(seconds))
    return found


def read_measured(text: str) -> dict[str, float]:
    """Return measured seconds by name from a drill's JSON file: `{"measured": {"sessions.failover": 7.5}}`.

    Raises ValueError for any other content.
    """
    content = json.loads(text)
    measured = content.get("measured") if isinstance(content, dict) else None
    if not isinstance(measured, dict):
        raise ValueError('a drill\'s file is {"measured": {"sessions.failover": 7.5, ...}}')
    return measured


def _measured(assumption: Assumption, seconds: float) -> Assumption:
    reason = f"Measured in a drill, in place of {format_duration(assumption.seconds)}"
    return replace(assumption, seconds=seconds, reason=reason, measured=True)
