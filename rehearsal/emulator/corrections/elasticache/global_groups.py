"""ElastiCache: global datastores over both regions' replication groups, which nobody emulates.

Roles, sizes and refusals are as AWS has them. Nothing is said about data: none is copied.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.elasticache import nodes, roles
from rehearsal.emulator.living import wishes
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_"
LIMITS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html"
LARGE_ENOUGH = re.compile(r"cache\.(m5|m6g|m7g|m8g|r5|r6g|r6gd|r7g|r8g|c7gn|c8gn)\.(large|\d*xlarge)")
MOST_SECONDARIES = 2
PREFIXES = {
    "eu-west-1": "gxeiz",
    "eu-central-1": "iudkw",
    "us-east-1": "ldgnf",
    "us-east-2": "fpkhr",
    "us-west-2": "sgaui",
}
"""Prefixes that AWS puts before a global datastore's name; for a region that isn't here, its letters.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-CLI.html"""

OF_THE_PRIMARY = ("CacheNodeType", "Engine", "EngineVersion", "TransitEncryptionEnabled", "AtRestEncryptionEnabled")
"""Settings of a global datastore, which are those of its primary."""
JOINED = (*OF_THE_PRIMARY, "CacheParameterGroupName", "AuthTokenEnabled")
"""Settings that a secondary has from the primary."""
SETTLED = ("CacheNodeType", "Engine", "EngineVersion", "CacheParameterGroupName")
"""Settings of a member that are changed through its global datastore only."""


@dataclass
class GlobalDatastore:
    """One global datastore: members as (region, replication group), and which of them is the primary."""

    id: str
    description: str
    primary: tuple[str, str]
    members: list[tuple[str, str]] = field(default_factory=list)


DATASTORES: dict[str, GlobalDatastore] = {}


@on_reset
def forget() -> None:
    """Forget all global datastores."""
    DATASTORES.clear()


def found(name: str) -> GlobalDatastore:
    """The global datastore of this id. Raises AwsError."""
    if name not in DATASTORES:
        raise AwsError("GlobalReplicationGroupNotFoundFault", f"Global replication group {name} not found.", 404)
    return DATASTORES[name]


def group_of(region: str, name: str) -> dict[str, Any]:
    """A replication group as ministack keeps it. Raises AwsError."""
    group: dict[str, Any] | None = store._replication_groups.get_scoped(ACCOUNT, region, name)
    if group is None:
        raise AwsError("ReplicationGroupNotFoundFault", f"ReplicationGroup {name} not found.", 404)
    return group


def datastore_of(region: str, name: str) -> GlobalDatastore | None:
    """The global datastore that a replication group is in."""
    return next((datastore for datastore in DATASTORES.values() if (region, name) in datastore.members), None)


def membership(region: str, name: str) -> dict[str, Any]:
    """Describe a replication group's membership in its global datastore."""
    datastore = datastore_of(region, name)
    if datastore is None:
        return {}
    role = "PRIMARY" if datastore.primary == (region, name) else "SECONDARY"
    busy = {"Status": "modifying"} if wishes.under_way("elasticache", datastore.id) else {}
    return busy | {
        "GlobalReplicationGroupInfo": {
            "GlobalReplicationGroupId": datastore.id,
            "GlobalReplicationGroupMemberRole": role,
        }
    }


def joined(call: Call) -> dict[str, Any]:
    """Return the settings with which a secondary is created: the primary's. Raises AwsError for what AWS refuses."""
    given = call.parameters
    datastore = found(given["GlobalReplicationGroupId"])
    for name in ("CacheNodeType", "Engine", "EngineVersion", "CacheParameterGroupName", "NumNodeGroups"):
        if name in given:
            raise AwsError("InvalidParameterCombination", f"{name} is the global replication group's; leave it out.")
    if call.region in [region for region, _ in datastore.members]:
        raise AwsError("InvalidParameterValue", f"{datastore.id} has a member in {call.region} already.")
    if len(datastore.members) > MOST_SECONDARIES:
        raise AwsError("InvalidParameterValue", f"{datastore.id} has {MOST_SECONDARIES} secondaries already.")
    primary = group_of(*datastore.primary)
    failover = {"AutomaticFailoverEnabled": primary.get("AutomaticFailover") == "enabled"}
    inherited = {key: value for key, value in failover.items() if key not in given}  # which the provider never sends
    return inherited | {key: primary[key] for key in OF_THE_PRIMARY if primary.get(key) is not None}


def join(region: str, given: dict[str, Any]) -> None:
    """Take a replication group that was created into its global datastore, with the primary's settings."""
    datastore, name = found(given["GlobalReplicationGroupId"]), given["ReplicationGroupId"]
    group, primary = group_of(region, name), group_of(*datastore.primary)
    for key in JOINED:
        if key in primary:
            group[key] = primary[key]
    datastore.members.append((region, name))
    take_over(region, name)


def take_over(region: str, name: str) -> None:
    """Switch a new member's automatic minor upgrades off, as ElastiCache does ("Prerequisites and limitations")."""
    group_of(region, name)["AutoMinorVersionUpgrade"] = False
    nodes.tidy(region, name)


def refuse_change(region: str, given: dict[str, Any]) -> None:
    """Refuse to change a member in what belongs to its global datastore, and to switch minor upgrades on again."""
    name = given["ReplicationGroupId"]
    if datastore_of(region, name) is None:
        return
    group = group_of(region, name)
    changed = [key for key in SETTLED if key in given and not str(group.get(key, "")).startswith(str(given[key]))]
    if changed or given.get("AutoMinorVersionUpgrade"):
        message = f"Cluster [{group['MemberClusters'][0]}] is part of a global cluster. Request rejected."
        raise AwsError("InvalidParameterValue", message)


def refuse_deletion(region: str, name: str) -> None:
    """AWS deletes no member."""
    datastore = datastore_of(region, name)
    if datastore is not None:
        message = f"Replication group {name} is part of {datastore.id}; disassociate it first."
        raise AwsError("InvalidReplicationGroupState", message)


@implements("elasticache", "CreateGlobalReplicationGroup", see=f"{API}CreateGlobalReplicationGroup.html")
def create(call: Call) -> dict[str, Any]:
    """Make a global datastore of an existing replication group."""
    given = call.parameters
    name = given["PrimaryReplicationGroupId"]
    group = group_of(call.region, name)
    if not LARGE_ENOUGH.fullmatch(group["CacheNodeType"]):
        raise AwsError("InvalidParameterValue", f"{group['CacheNodeType']} can't be in a global datastore: {LIMITS}")
    if datastore_of(call.region, name):
        raise AwsError("InvalidReplicationGroupState", f"{name} is in a global datastore already.")
    prefix = PREFIXES.get(call.region, call.region.replace("-", ""))
    datastore = GlobalDatastore(
        f"{prefix}-{given['GlobalReplicationGroupIdSuffix']}",
        given.get("GlobalReplicationGroupDescription", ""),
        (call.region, name),
        [(call.region, name)],
    )
    if datastore.id in DATASTORES:
        raise AwsError("GlobalReplicationGroupAlreadyExistsFault", f"{datastore.id} already exists.")
    DATASTORES[datastore.id] = datastore
    take_over(call.region, name)
    return {"GlobalReplicationGroup": described(datastore)}


@implements("elasticache", "DescribeGlobalReplicationGroups", see=f"{API}DescribeGlobalReplicationGroups.html")
def describe(call: Call) -> dict[str, Any]:
    """All, or the one that is asked for, with its members if wanted."""
    wanted = call.parameters.get("GlobalReplicationGroupId")
    datastores = [found(wanted)] if wanted else [*DATASTORES.values()]
    members = call.parameters.get("ShowMemberInfo", False)
    return {"GlobalReplicationGroups": [described(datastore, members=bool(members)) for datastore in datastores]}


@implements("elasticache", "ModifyGlobalReplicationGroup", see=f"{API}ModifyGlobalReplicationGroup.html")
def modify(call: Call) -> dict[str, Any]:
    """Change description, node type or version, the last two at every member."""
    given = call.parameters
    datastore = found(given["GlobalReplicationGroupId"])
    datastore.description = given.get("GlobalReplicationGroupDescription", datastore.description)
    kind = given.get("CacheNodeType")
    if kind and not LARGE_ENOUGH.fullmatch(kind):
        raise AwsError("InvalidParameterValue", f"{kind} can't be in a global datastore: {LIMITS}")
    for member in datastore.members:
        group = group_of(*member)
        group |= {key: given[key] for key in ("CacheNodeType", "Engine", "EngineVersion") if key in given}
        nodes.tidy(*member)
    return {"GlobalReplicationGroup": described(datastore)}


@implements("elasticache", "FailoverGlobalReplicationGroup", see=f"{API}FailoverGlobalReplicationGroup.html")
def failover(call: Call) -> dict[str, Any]:
    """Exchange the roles: the named member is the primary from now on."""
    given = call.parameters
    datastore = found(given["GlobalReplicationGroupId"])
    target = (given["PrimaryRegion"], given["PrimaryReplicationGroupId"])
    if len(datastore.members) == 1:
        raise AwsError("InvalidGlobalReplicationGroupState", f"{datastore.id} has no secondary to fail over to.")
    if target not in datastore.members:
        raise AwsError("InvalidParameterValue", f"{target[1]} in {target[0]} is no member of {datastore.id}.")
    if target == datastore.primary:
        raise AwsError("InvalidParameterValue", f"{target[1]} in {target[0]} is the primary already.")
    refuse_while_busy(datastore)

    def done(report: dict[str, Any]) -> None:
        datastore.primary = target
        if node := report.get("primary"):
            roles.seat_primary(*target, node)

    ends = {"to_region": target[0], "to_group": target[1]}
    ends |= {"from_region": datastore.primary[0], "from_group": datastore.primary[1]}
    wishes.want("elasticache", "failover-global", target[0], datastore.id, done, ends)
    return {"GlobalReplicationGroup": described(datastore)}


def refuse_while_busy(datastore: GlobalDatastore) -> None:
    """Refuse what can't begin while a promotion is under way."""
    if busy := wishes.under_way("elasticache", datastore.id):
        message = f"{datastore.id} is being modified ({busy.kind}); it must be available."
        raise AwsError("InvalidGlobalReplicationGroupState", message)


@implements("elasticache", "DisassociateGlobalReplicationGroup", see=f"{API}DisassociateGlobalReplicationGroup.html")
def disassociate(call: Call) -> dict[str, Any]:
    """Detach a secondary; it is on its own then."""
    given = call.parameters
    datastore = found(given["GlobalReplicationGroupId"])
    member = (given["ReplicationGroupRegion"], given["ReplicationGroupId"])
    if member not in datastore.members:
        message = f"{member[1]} in {member[0]} is not associated with Global Replication Group {datastore.id}."
        raise AwsError("InvalidParameterValue", message)
    if member == datastore.primary:
        raise AwsError("InvalidParameterValue", f"{member[1]} is the primary of {datastore.id}; promote another first.")
    refuse_while_busy(datastore)

    def done(report: dict[str, Any]) -> None:
        datastore.members.remove(member)
        if node := report.get("primary"):
            roles.seat_primary(*member, node)

    ends = {"region": member[0], "group": member[1]}
    wishes.want("elasticache", "disassociate", member[0], datastore.id, done, ends)
    return {"GlobalReplicationGroup": described(datastore)}


@implements("elasticache", "DeleteGlobalReplicationGroup", see=f"{API}DeleteGlobalReplicationGroup.html")
def delete(call: Call) -> dict[str, Any]:
    """Only without secondaries, and only so that the primary stays: the rehearsal deletes no data in passing."""
    datastore = found(call.parameters["GlobalReplicationGroupId"])
    if len(datastore.members) > 1:
        raise AwsError(
            "InvalidGlobalReplicationGroupState", f"{datastore.id} has secondaries; disassociate them first."
        )
    if not call.parameters["RetainPrimaryReplicationGroup"]:
        raise AwsError("InvalidParameterValue", "Not emulated: deleting the primary with its global datastore.")
    answer = described(datastore)
    del DATASTORES[datastore.id]
    return {"GlobalReplicationGroup": {**answer, "Status": "deleting"}}


def described(datastore: GlobalDatastore, *, members: bool = True) -> dict[str, Any]:
    """A global datastore as the API describes it."""
    primary = group_of(*datastore.primary)
    status = "primary-only" if len(datastore.members) == 1 else "available"
    answer = {
        "GlobalReplicationGroupId": datastore.id,
        "GlobalReplicationGroupDescription": datastore.description,
        "Status": "modifying" if wishes.under_way("elasticache", datastore.id) else status,
        "ClusterEnabled": bool(primary.get("ClusterEnabled")),
        "AuthTokenEnabled": bool(primary.get("AuthTokenEnabled")),
        "ARN": f"arn:aws:elasticache::{ACCOUNT}:globalreplicationgroup:{datastore.id}",
        **{key: primary[key] for key in OF_THE_PRIMARY if key in primary},
    }
    if members:
        answer["Members"] = [_member(datastore, *member) for member in datastore.members]
    return answer


def _member(datastore: GlobalDatastore, region: str, name: str) -> dict[str, str]:
    wish = wishes.under_way("elasticache", datastore.id)
    leaves = wish is not None and (wish.kind, wish.details.get("group")) == ("disassociate", name)
    return {
        "ReplicationGroupId": name,
        "ReplicationGroupRegion": region,
        "Role": "PRIMARY" if datastore.primary == (region, name) else "SECONDARY",
        "AutomaticFailover": str(group_of(region, name).get("AutomaticFailover", "disabled")),
        "Status": "disassociating" if leaves else "associated",
    }
