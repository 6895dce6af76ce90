"""Which resources of a stack hold state, and whether exactly one backup plan takes each. No SDK here.

What AWS Backup takes: https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html
How a selection chooses: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE, NO_BACKUP

RESOURCE_TAG = "aws:ResourceTag/"
"""What the keys of a selection's conditions begin with."""


@dataclass(frozen=True)
class Kind:
    """A type of resource that holds state."""

    service: str
    """The service, as people know it."""
    arn: str = ""
    """The service in its ARNs (`rds`); empty where AWS Backup doesn't know the type."""
    part: str = ""
    """How the last part of its ARNs begins: `cluster:`."""
    snapshots: str = ""
    """The argument that turns on snapshots of the service's own, in days; for types that AWS Backup doesn't know."""


KINDS: dict[str, Kind] = {
    "aws:docdb/cluster:Cluster": Kind("DocumentDB", "rds", "cluster:"),
    "aws:dynamodb/table:Table": Kind("DynamoDB", "dynamodb", "table/"),
    "aws:ebs/volume:Volume": Kind("EBS", "ec2", "volume/"),
    "aws:ec2/instance:Instance": Kind("EC2", "ec2", "instance/"),
    "aws:efs/fileSystem:FileSystem": Kind("EFS", "elasticfilesystem", "file-system/"),
    "aws:elasticache/cluster:Cluster": Kind("ElastiCache", snapshots="snapshot_retention_limit"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Kind("ElastiCache", snapshots="snapshot_retention_limit"),
    "aws:elasticache/serverlessCache:ServerlessCache": Kind("ElastiCache", snapshots="snapshot_retention_limit"),
    "aws:fsx/lustreFileSystem:LustreFileSystem": Kind("FSx", "fsx", "file-system/"),
    "aws:fsx/ontapVolume:OntapVolume": Kind("FSx", "fsx", "volume/"),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": Kind("FSx", "fsx", "file-system/"),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": Kind("FSx", "fsx", "file-system/"),
    "aws:memorydb/cluster:Cluster": Kind("MemoryDB", snapshots="snapshot_retention_limit"),
    "aws:neptune/cluster:Cluster": Kind("Neptune", "rds", "cluster:"),
    "aws:rds/cluster:Cluster": Kind("Aurora", "rds", "cluster:"),
    "aws:rds/instance:Instance": Kind("RDS", "rds", "db:"),
    "aws:redshift/cluster:Cluster": Kind("Redshift", "redshift", "cluster:"),
    "aws:s3/bucket:Bucket": Kind("S3", "s3"),
    "aws:s3/bucketV2:BucketV2": Kind("S3", "s3"),
    "aws:timestreamwrite/table:Table": Kind("Timestream", "timestream", "database/"),
}
"""Types that hold state. An Aurora instance holds none, its cluster does."""


@dataclass(frozen=True)
class Held:
    """One resource of the stack, as its program registers it."""

    type: str
    name: str
    place: str | None
    """Where it is: a region, or what stands for one. None: known only later, so it may be anywhere."""
    tags: Mapping[str, str]
    snapshots: bool = False
    """Whether the service's own snapshots are on."""
    launched: tuple[Mapping[str, str], ...] = ()
    """Tags of servers and disks that it starts: of an Auto Scaling group, of a launch template."""
    reference: str = ""
    """What a selection's list of resources has for it, where the program passes its ARN."""

    def __str__(self) -> str:
        return f'{self.type} "{self.name}"' + (f" in {self.place}" if self.place else "")


@dataclass(frozen=True)
class Selection:
    """One selection of a backup plan."""

    name: str
    plan: str
    """Its plan, by anything that tells plans apart."""
    place: str | None
    tags: Sequence[tuple[str, str]] = ()
    """Key and value: any of them is enough."""
    resources: Sequence[str] = ()
    """ARNs, with `*`, or references of `Held`."""
    not_resources: Sequence[str] = ()
    conditions: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """By kind (`string_equals`): key and value; all of them must hold."""
    opaque: bool = False
    """Whether it lists something that can't be told before it exists."""


def problems(
    resources: Iterable[Held], selections: Sequence[Selection], everywhere: Mapping[str, str] | None = None
) -> list[str]:
    """What is in no plan and should be, or is and shouldn't: one line a resource or selection.

    everywhere: tags that the provider puts on everything.
    """
    found = [line for selection in selections for line in _selection_problems(selection)]
    found += [
        f'Selection "{selection.name}" takes everything: aws:defaultTags has its tag; put that on what holds state'
        for selection in selections
        if _tagged(selection, everywhere or {})
    ]
    for resource in resources:
        line = _problem(resource, selections)
        if line:
            found.append(f"{resource} {line}")
    return found


def _selection_problems(selection: Selection) -> Iterable[str]:
    if selection.tags and selection.resources:
        yield f'Selection "{selection.name}" has tags and a list of resources; AWS Backup takes what matches either'
    if selection.opaque:
        yield (
            f'Selection "{selection.name}" lists what is known only later; '
            f"pass the arn of a resource of this program, or select by tag"
        )


def _problem(resource: Held, selections: Sequence[Selection]) -> str:
    """What is wrong with one resource; empty when nothing is."""
    kind, word = KINDS.get(resource.type), resource.tags.get(BACKUP_TAG, "")
    near = [each for each in selections if None in (each.place, resource.place) or each.place == resource.place]
    plans = {each.plan: each.name for each in near if selects(each, resource, kind)}
    if any(_tagged(each, tags) for each in near for tags in resource.launched):
        return f"starts servers that a backup plan takes; take {BACKUP_TAG} off them: they hold no state"
    if kind is None:
        return f"is in a backup plan ({_listed(plans)}) and holds no state that AWS Backup takes" if plans else ""
    if word.partition(":")[0] == "no":
        return _unneeded(word, plans)
    if kind.snapshots:
        return "" if resource.snapshots else f"has no snapshots; AWS Backup doesn't take it, so set {kind.snapshots}"
    return _needed(plans, region_has_plan=bool(near))


def _unneeded(word: str, plans: Mapping[str, str]) -> str:
    """What is wrong with one that says that it needs no backup."""
    if not word.partition(":")[2].strip():
        return f"says {BACKUP_TAG} = {word} without a reason; write {NO_BACKUP}<reason>"
    return f"says {BACKUP_TAG} = {word} and is in a backup plan all the same ({_listed(plans)})" if plans else ""


def _needed(plans: Mapping[str, str], *, region_has_plan: bool) -> str:
    """What is wrong with one that needs exactly one plan."""
    if len(plans) > 1:
        return f"is in {len(plans)} backup plans ({_listed(plans)}); one is enough"
    if plans:
        return ""
    lacking = "is in no backup plan" if region_has_plan else "is in no backup plan: its region has none"
    return f"{lacking}; tag it {BACKUP_TAG} = {BACKUP_TAG_VALUE}, or {BACKUP_TAG} = {NO_BACKUP}<reason>"


def selects(selection: Selection, resource: Held, kind: Kind | None) -> bool:
    """Whether a selection takes a resource, wherever both are."""
    if _tagged(selection, resource.tags):
        return True
    if selection.tags and not selection.resources:
        return False
    listed = selection.resources or ["*"]
    if not any(_matches(pattern, resource, kind) for pattern in listed):
        return False
    if any(_matches(pattern, resource, kind) for pattern in selection.not_resources):
        return False
    return all(_holds(name, pairs, resource.tags) for name, pairs in selection.conditions.items())


def _tagged(selection: Selection, tags: Mapping[str, str]) -> bool:
    return any(tags.get(key) == value for key, value in selection.tags)


def _matches(pattern: str, resource: Held, kind: Kind | None) -> bool:
    """Whether a pattern of ARNs takes a resource whose own name isn't known yet."""
    if resource.reference and pattern == resource.reference:
        return True
    if kind is None or not kind.arn:
        return False
    if pattern == "*":
        return True
    parts = pattern.split(":", 5)
    if len(parts) < 6 or "*" not in parts[5]:
        return False
    start = parts[5].split("*")[0]
    return (
        fnmatch.fnmatchcase(kind.arn, parts[2])
        and parts[3] in ("", "*", resource.place)
        and (start.startswith(kind.part) or kind.part.startswith(start))
    )


def _holds(name: str, pairs: Sequence[tuple[str, str]], tags: Mapping[str, str]) -> bool:
    """Whether conditions of one kind hold: string_equals, string_likes, and their contraries."""
    results = (
        fnmatch.fnmatchcase(tags.get(key.removeprefix(RESOURCE_TAG), ""), value if "like" in name else _exact(value))
        for key, value in pairs
    )
    return not any(results) if "_not_" in name else all(results)


def _exact(value: str) -> str:
    return value.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


def _listed(plans: Mapping[str, str]) -> str:
    return ", ".join(sorted(plans.values()))
