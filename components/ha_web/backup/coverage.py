"""Checks that exactly one backup plan selects each resource of a stack that holds state. No SDK here.

Resources that AWS Backup supports: https://docs.aws.amazon.com/aws-backup/latest/devguide/whatisbackup.html
Selections: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE, NO_BACKUP

RESOURCE_TAG = "aws:ResourceTag/"
"""Prefix of the keys of a selection's conditions."""


@dataclass(frozen=True)
class Kind:
    """A type of resource that holds state."""

    service: str
    """Name of the service."""
    arn: str = ""
    """The service in its ARNs (`rds`); empty for a type that AWS Backup doesn't support."""
    part: str = ""
    """Beginning of the last part of its ARNs: `cluster:`."""
    snapshots: str = ""
    """Argument that turns on the service's own snapshots, in days; for types that AWS Backup doesn't support."""


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
"""Types that hold state. An Aurora cluster does; its instances don't."""

DATABASES = ("cluster:",)
"""Parts of ARNs of RDS's service whose snapshots are copied in full: clusters of Aurora, DocumentDB and Neptune.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-copy-snapshot.html"""


def arn_patterns(parts: Sequence[str] = (), *, others_than: Sequence[str] = ()) -> list[str]:
    """Return the ARNs of all types that AWS Backup supports, to be formatted with partition, region and account.

    They end in the only `*`, as AWS Backup asks of a selection's patterns.

    Args:
        parts: only these parts of RDS's ARNs; empty for all services.
        others_than: all but these parts of RDS's ARNs.
    """
    found = {(kind.arn, kind.part) for kind in KINDS.values() if kind.arn}
    if parts:
        found = {(service, part) for service, part in found if service == "rds" and part in parts}
    found = {(service, part) for service, part in found if service != "rds" or part not in others_than}
    return sorted(
        f"arn:{{partition}}:{service}:::*"
        if service == "s3"
        else f"arn:{{partition}}:{service}:{{region}}:{{account}}:{part}*"
        for service, part in found
    )


@dataclass(frozen=True)
class Held:
    """A resource of the stack, as its program registers it."""

    type: str
    name: str
    place: str | None
    """Its region, or what stands for one; None if it is an output, and may be any region."""
    tags: Mapping[str, str]
    snapshots: bool = False
    """True if the service's own snapshots are on."""
    launched: tuple[Mapping[str, str], ...] = ()
    """Tags of the servers and disks that it launches (Auto Scaling group, launch template)."""
    reference: str = ""
    """Stand-in for its ARN in a selection's list of resources, where the program passes the output."""

    def __str__(self) -> str:
        return f'{self.type} "{self.name}"' + (f" in {self.place}" if self.place else "")


@dataclass(frozen=True)
class Selection:
    """A selection of a backup plan."""

    name: str
    plan: str
    """Its plan: any string that is unique for it."""
    place: str | None
    tags: Sequence[tuple[str, str]] = ()
    """Pairs of key and value; any of them selects a resource."""
    resources: Sequence[str] = ()
    """ARNs, with `*`, or references of `Held`."""
    not_resources: Sequence[str] = ()
    conditions: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Pairs of key and value by operator (`string_equals`); all of them must hold."""
    opaque: bool = False
    """True if it lists an ARN that is known only after deployment."""


def problems(
    resources: Iterable[Held], selections: Sequence[Selection], everywhere: Mapping[str, str] | None = None
) -> list[str]:
    """Return a line for each resource that is in no plan, in several, or in one without need, and for bad selections.

    Args:
        everywhere: tags that the provider puts on all resources.
    """
    found = [line for selection in selections for line in _selection_problems(selection)]
    found += [
        f'Selection "{selection.name}" takes every resource: aws:defaultTags has its tag; '
        "set the tag only on resources that hold state"
        for selection in selections
        if _tagged(selection, everywhere or {}) or _by_condition(selection, everywhere or {})
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
            f'Selection "{selection.name}" lists an ARN that is known only after deployment; '
            f"pass the arn of a resource of this program, or select by tag"
        )


def _problem(resource: Held, selections: Sequence[Selection]) -> str:
    """Return what is wrong with a resource, or an empty string."""
    kind, word = KINDS.get(resource.type), resource.tags.get(BACKUP_TAG, "")
    near = [each for each in selections if None in (each.place, resource.place) or each.place == resource.place]
    plans = {each.plan: each.name for each in near if selects(each, resource, kind)}
    if any(_takes_servers(each, resource, tags) for each in near for tags in resource.launched):
        return f"launches servers that a backup plan takes; remove the tag {BACKUP_TAG} from them: they hold no state"
    if kind is None:
        return f"is in a backup plan ({_listed(plans)}) but holds no state that AWS Backup takes" if plans else ""
    if word.partition(":")[0] == "no":
        return _unneeded(word, plans)
    if kind.snapshots:
        return "" if resource.snapshots else f"has no snapshots; AWS Backup doesn't support it, so set {kind.snapshots}"
    return _needed(plans, region_has_plan=bool(near))


def _unneeded(word: str, plans: Mapping[str, str]) -> str:
    """Return what is wrong with a resource whose tag says that it needs no backup, or an empty string."""
    if not word.partition(":")[2].strip():
        return f"has the tag {BACKUP_TAG} = {word} without a reason; write {NO_BACKUP}<reason>"
    return f"has the tag {BACKUP_TAG} = {word} but is in a backup plan ({_listed(plans)})" if plans else ""


def _needed(plans: Mapping[str, str], *, region_has_plan: bool) -> str:
    """Return what is wrong with a resource that must be in exactly one plan, or an empty string."""
    if len(plans) > 1:
        return f"is in {len(plans)} backup plans ({_listed(plans)}); one is enough"
    if plans:
        return ""
    lacking = "is in no backup plan" if region_has_plan else "is in no backup plan: its region has none"
    return f"{lacking}; tag it {BACKUP_TAG} = {BACKUP_TAG_VALUE}, or {BACKUP_TAG} = {NO_BACKUP}<reason>"


def selects(selection: Selection, resource: Held, kind: Kind | None) -> bool:
    """Return whether a selection takes a resource, whatever their regions."""
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


def _takes_servers(selection: Selection, resource: Held, tags: Mapping[str, str]) -> bool:
    """Return whether a selection takes servers or disks with these tags."""
    types = ("aws:ec2/instance:Instance", "aws:ebs/volume:Volume")
    return any(selects(selection, Held(type_, resource.name, resource.place, tags), KINDS[type_]) for type_ in types)


def _tagged(selection: Selection, tags: Mapping[str, str]) -> bool:
    return any(tags.get(key) == value for key, value in selection.tags)


def _by_condition(selection: Selection, tags: Mapping[str, str]) -> bool:
    """Return whether tags that every resource has meet a selection's conditions."""
    wanted = {name: pairs for name, pairs in selection.conditions.items() if "_not_" not in name}
    return bool(wanted) and all(_holds(name, pairs, tags) for name, pairs in wanted.items())


def _matches(pattern: str, resource: Held, kind: Kind | None) -> bool:
    """Return whether a pattern of ARNs matches a resource whose name isn't known yet."""
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
    """Return whether all conditions of one operator hold: string_equals, string_likes, and their negations."""
    results = (
        fnmatch.fnmatchcase(tags.get(key.removeprefix(RESOURCE_TAG), ""), value if "like" in name else _exact(value))
        for key, value in pairs
    )
    return not any(results) if "_not_" in name else all(results)


def _exact(value: str) -> str:
    return value.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


def _listed(plans: Mapping[str, str]) -> str:
    return ", ".join(sorted(plans.values()))
