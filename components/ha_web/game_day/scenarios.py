"""The experiments of a game day as plain data, whose values may be outputs: what is broken, for how long. No SDK here.

Only what Fault Injection Service can do is here. It can't freeze a server, slow a zone, or lose a whole region; what
comes nearest to that is silence at the region's balancers, for users and health checks alike.
https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

AZ_TAG = "AzImpairmentPower"
"""The tag by which AWS's own scenario of a zone's loss finds what it breaks.
https://docs.aws.amazon.com/fis/latest/userguide/az-availability-scenario.html"""

GROUP = "aws:autoscaling/group:Group"
STORE = "aws:elasticache/replicationGroup:ReplicationGroup"

AZ_TAGS = {
    GROUP: "IceAsg",
    "aws:ec2/subnet:Subnet": "DisruptSubnet",
    "aws:rds/cluster:Cluster": "DisruptRds",
    STORE: "ElasticacheImpact",
}
"""Its value for each type of resource (same page)."""

OWN_TAG = "ha-web:game-day"
"""The tag that tells the resources of a site from another's, which have the tag of AWS, too."""

GROUP_TAG = "aws:autoscaling:groupName"
"""What EC2 Auto Scaling tags its instances with."""

FAILURES = {
    "server-killed": "server",
    "zone": "zone",
    "region": "region",
    "session-zone": "zone",
    "database-writer-killed": "zone",
}
"""The failure whose recovery time and data loss hold, by experiment. The names are the drill's where the drill breaks
the same."""

MOST_ARNS = 5
"""ARNs in a target, and by the service's own quota subnets that an action silences.
https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplateTargetInput.html
https://docs.aws.amazon.com/general/latest/gr/fis.html"""

Value = Any


@dataclass(frozen=True)
class Target:
    """Resources to break: by ARN, or by tags."""

    resource_type: str
    arns: Sequence[Value] = ()
    tags: Mapping[str, Value] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    mode: str = "ALL"


@dataclass(frozen=True)
class Action:
    """Something that is done to a target."""

    action_id: str
    key: str
    """What the action calls its target."""
    target: str
    """The target's name."""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """An experiment, one of FAILURES."""

    name: str
    breaks: str
    targets: Mapping[str, Target]
    actions: Mapping[str, Action]
    stops: bool = True
    """Whether the region's own alarms end it: not where they are to go off."""

    @property
    def action_ids(self) -> set[str]:
        """What the service's role must be allowed to do."""
        return {action.action_id for action in self.actions.values()}


@dataclass(frozen=True)
class Facts:
    """What experiments are about."""

    own: str
    """Value of OWN_TAG."""
    group: Value
    zone: str
    """Name of the zone that is lost."""
    minutes: int
    zone_subnets: Sequence[Value]
    """ARNs of the zone's subnets."""
    balancer_subnets: Sequence[Value]
    """ARNs of the balancer's subnets, in all zones."""
    database: Value | None = None
    """ARN of the database cluster."""
    sessions: bool = False
    """Whether sessions are in ElastiCache, which the service can break; MemoryDB it can't."""


def scenarios(facts: Facts) -> list[Scenario]:
    """Return the experiments that these resources allow."""
    found = [_server(facts), _zone(facts), _region(facts)]
    if facts.sessions:
        found.append(_sessions(facts))
    if facts.database is not None:
        found.append(_database(facts))
    return found


def _server(facts: Facts) -> Scenario:
    return Scenario(
        "server-killed",
        "One server of the region is terminated.",
        {"server": _servers(facts, mode="COUNT(1)")},
        {"terminate": Action("aws:ec2:terminate-instances", "Instances", "server")},
    )


def _zone(facts: Facts) -> Scenario:
    """A zone without power, in AWS's own steps: servers stop, none starts there, its network is silent, stores fail."""
    stopped = {"startInstancesAfterDuration": _minutes(facts), "completeIfInstancesTerminated": "true"}
    short = {"availabilityZoneIdentifiers": facts.zone, "duration": _minutes(facts), "percentage": "100"}
    targets = {
        "servers": _servers(facts, zone=facts.zone),
        "group": Target("aws:ec2:autoscaling-group", tags=_marked(facts, GROUP)),
        **_subnets(facts.zone_subnets),
    }
    actions = {
        "stop": Action("aws:ec2:stop-instances", "Instances", "servers", stopped),
        "no-capacity": Action("aws:ec2:asg-insufficient-instance-capacity-error", "AutoScalingGroups", "group", short),
        **_silence(facts, facts.zone_subnets),
    }
    if facts.sessions:
        targets["sessions"] = _replication_group(facts)
        actions["sessions"] = _interrupt(facts)
    if facts.database is not None:
        # Only a writer in that zone fails over.
        where = {"writerAvailabilityZoneIdentifiers": facts.zone}
        targets["database"] = Target("aws:rds:cluster", arns=[facts.database], parameters=where)
        actions["database"] = _failover()
    about = f"Zone {facts.zone} is without power for {facts.minutes} minutes."
    return Scenario("zone", about, targets, actions)


def _region(facts: Facts) -> Scenario:
    return Scenario(
        "region",
        f"Nobody reaches the balancers of the region for {facts.minutes} minutes: for users and health checks it is "
        "lost. Its APIs answer, and its stores replicate on.",
        _subnets(facts.balancer_subnets),
        _silence(facts, facts.balancer_subnets),
        stops=False,
    )


def _sessions(facts: Facts) -> Scenario:
    return Scenario(
        "session-zone",
        f"The session nodes in zone {facts.zone} are without power for {facts.minutes} minutes; if the primary is one "
        "of them, it fails over.",
        {"sessions": _replication_group(facts)},
        {"sessions": _interrupt(facts)},
    )


def _database(facts: Facts) -> Scenario:
    return Scenario(
        "database-writer-killed",
        "The database fails over to a reader.",
        {"database": Target("aws:rds:cluster", arns=[facts.database])},
        {"database": _failover()},
    )


def _servers(facts: Facts, zone: str = "", mode: str = "ALL") -> Target:
    where = {"Placement.AvailabilityZone": zone} if zone else {}
    return Target(
        "aws:ec2:instance", tags={GROUP_TAG: facts.group}, filters={"State.Name": "running", **where}, mode=mode
    )


def _replication_group(facts: Facts) -> Target:
    """Return the session store by its tags: ElastiCache's targets can't be named by ARN."""
    where = {"availabilityZoneIdentifier": facts.zone}
    return Target("aws:elasticache:replicationgroup", tags=_marked(facts, STORE), parameters=where)


def _marked(facts: Facts, kind: str) -> dict[str, Value]:
    return {AZ_TAG: AZ_TAGS[kind], OWN_TAG: facts.own}


def _subnets(arns: Sequence[Value]) -> dict[str, Target]:
    """Return the subnets as targets, by name: `subnets`, and `subnets-2` with what is beyond the most of one."""
    parts = [arns[at : at + MOST_ARNS] for at in range(0, len(arns), MOST_ARNS)]
    return {_numbered("subnets", part): Target("aws:ec2:subnet", arns=own) for part, own in enumerate(parts, 1)}


def _silence(facts: Facts, arns: Sequence[Value]) -> dict[str, Action]:
    """Return the actions that silence these subnets at once, one a target."""
    how = {"duration": _minutes(facts), "scope": "all"}
    return {
        _numbered("silence", part): Action("aws:network:disrupt-connectivity", "Subnets", target, how)
        for part, target in enumerate(_subnets(arns), 1)
    }


def _numbered(name: str, part: int) -> str:
    return name if part == 1 else f"{name}-{part}"


def _interrupt(facts: Facts) -> Action:
    parameters = {"duration": _minutes(facts)}
    return Action("aws:elasticache:replicationgroup-interrupt-az-power", "ReplicationGroups", "sessions", parameters)


def _failover() -> Action:
    return Action("aws:rds:failover-db-cluster", "Clusters", "database")


def _minutes(facts: Facts) -> str:
    return f"PT{facts.minutes}M"
