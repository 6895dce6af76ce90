"""What is known of backups at one moment, as data. No SDK here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    ("dynamodb", "table"): "DynamoDB",
    ("ec2", "instance"): "EC2",
    ("ec2", "volume"): "EBS",
    ("elasticfilesystem", "file-system"): "EFS",
    ("rds", "cluster"): "Aurora",
    ("rds", "db"): "RDS",
    ("s3", ""): "S3",
}
"""AWS Backup's types by service and kind of an ARN. What else has the tag (snapshots, recovery points) is a copy."""

FOLLOWS = "follows another region's"
"""Of a replica: what it holds is backed up where it is written."""


def short(arn: str) -> str:
    """Return what a person knows a resource by."""
    return arn.rpartition(":")[2].rpartition("/")[2]


def kind_of(arn: str) -> str:
    """Return AWS Backup's type of a resource; empty for what it doesn't back up."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return ""
    rest = parts[5].replace("/", ":")
    return KINDS.get((parts[2], rest.split(":")[0] if ":" in rest else ""), "")


@dataclass(frozen=True)
class Vault:
    """A region's vault."""

    region: str
    name: str
    arn: str
    points: int
    lock: str
    """`none`, `governance`, or `compliance`, in which nobody can take the lock off once the grace time is over."""
    locked_from: float | None = None
    """Of compliance mode: when its grace time ends, in seconds since 1970."""
    shortest: int | None = None
    """Days that a recovery point must be kept; None without a limit."""
    longest: int | None = None

    def days(self, wanted: int) -> int:
        """Return the retention next to the wanted one that the lock takes."""
        return max(min(wanted, self.longest or wanted), self.shortest or 1)


@dataclass(frozen=True)
class Protected:
    """A resource with the tag that backup plans select by."""

    arn: str
    region: str
    kind: str
    note: str = ""
    """Why no recovery point of it is needed; empty where one is."""
    restorable: float | None = None
    """The newest time that it can be restored to from its continuous backup, in seconds since 1970."""

    @property
    def name(self) -> str:
        """What a person knows it by."""
        return short(self.arn)


@dataclass(frozen=True)
class Point:
    """A recovery point that can be restored."""

    arn: str
    resource: str
    """ARN."""
    kind: str
    region: str
    """Of its vault."""
    made: float
    """Seconds since 1970."""
    continuous: bool = False
    """Whether it is that of a continuous backup, which is written on and on: it has no age, and can't be copied."""


@dataclass(frozen=True)
class Job:
    """A job of AWS Backup."""

    what: str
    """`backup`, `copy` or `restore`."""
    resource: str
    region: str
    at: float
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of a stack's backups."""

    site: str
    now: float
    primary: str
    """Region that serves unless users are sent to the other."""
    vaults: Mapping[str, Vault] = field(default_factory=dict)
    """By region."""
    protected: tuple[Protected, ...] = ()
    points: tuple[Point, ...] = ()
    failed: tuple[Job, ...] = ()
    objective: float | None = None
    """Seconds of data that its corruption may cost."""
    copy_objective: float | None = None
    """Seconds of data that the loss of the region may cost, where copies are all that is in the other."""
    silent: Mapping[str, str] = field(default_factory=dict)
    """Regions that couldn't be asked, with the reason."""

    def newest(self, resource: str, region: str) -> Point | None:
        """Return the newest recovery point of a resource in a region's vault, none of a continuous backup."""
        found = [point for point in self._of(resource, region) if not point.continuous]
        return max(found, key=lambda point: point.made, default=None)

    def has_any(self, resource: str, region: str) -> bool:
        """Return whether a region's vault has anything of a resource."""
        return bool(self._of(resource, region))

    def _of(self, resource: str, region: str) -> list[Point]:
        return [point for point in self.points if (point.resource, point.region) == (resource, region)]


def document(facts: Facts) -> dict[str, Any]:
    """Return the facts as plain data."""
    return {
        "site": facts.site,
        "vaults": {
            region: {
                "name": vault.name,
                "recovery_points": vault.points,
                "lock": vault.lock,
                "locked_from": vault.locked_from,
                "shortest_days": vault.shortest,
                "longest_days": vault.longest,
            }
            for region, vault in facts.vaults.items()
        },
        "failed": [{**vars(job)} for job in facts.failed],
        "silent": {**facts.silent},
    }
