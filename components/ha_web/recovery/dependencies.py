"""What a recovery from the loss of the primary region asks on its way, and where that is. No SDK here.

Data planes keep working when a control plane doesn't, and a region's services don't need another region's. Two control
planes are in one region for the whole world: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
"""

from dataclasses import dataclass
from enum import StrEnum

from ha_web.recovery.facts import Edge, Facts, Failover
from ha_web.recovery.strategy import Strategy

GLOBAL_CONTROL = "us-east-1"
"""Region of the control planes of IAM and of Route 53's public zones."""

UNBAKED = "new servers install the application at their boot: what its install asks outside AWS must answer"


class Where(StrEnum):
    """Where what is asked is."""

    STANDBY = "the second region"
    EVERYWHERE = "data plane, in many regions"
    ONE_REGION = GLOBAL_CONTROL
    OUTSIDE = "outside AWS"


@dataclass(frozen=True)
class Dependency:
    """One thing that a step of the recovery asks."""

    step: str
    asks: str
    where: Where


def dependencies(facts: Facts) -> list[Dependency]:
    """Return what the recovery of this site depends on, in the order of its steps; nothing without a second region."""
    if facts.strategy is None:
        return []
    if facts.strategy is Strategy.BACKUP_RESTORE:
        return _rebuilding(facts)
    return [*_starting(facts), *_capacity(facts), *_promotions(facts), *_sending(facts)]


def _rebuilding(facts: Facts) -> list[Dependency]:
    found = [
        Dependency("decision", "a person, and where `pulumi up` runs: state, packages", Where.OUTSIDE),
        Dependency("network, balancer, servers, stores", "the control planes that create them", Where.STANDBY),
        Dependency("roles", "IAM's control plane", Where.ONE_REGION),
        *_boot(facts),
    ]
    if facts.database or facts.storage:
        found.append(Dependency("data", "AWS Backup, from its copies", Where.STANDBY))
    if facts.edge is Edge.CLOUDFLARE:
        return [*found, Dependency("users", "Cloudflare's API and monitors", Where.OUTSIDE)]
    return [*found, Dependency("users", "Route 53's control plane, for the records", Where.ONE_REGION)]


def _starting(facts: Facts) -> list[Dependency]:
    checks = Dependency("notice", "Route 53's health checks", Where.EVERYWHERE)
    if facts.edge is Edge.CLOUDFLARE:
        checks = Dependency("notice", "Cloudflare's monitors", Where.OUTSIDE)
    if facts.strategy is Strategy.ACTIVE_ACTIVE and not facts.needs_promotion:
        return [checks]
    match facts.acts:
        case Failover.AUTOMATIC:
            return [checks, Dependency("start", "EventBridge, Lambda and its own DNS look-up", Where.STANDBY)]
        case Failover.REGION_SWITCH:
            person = Dependency("start", "a person, and ARC Region switch", Where.STANDBY)
            return [checks, person, Dependency("steps", "Lambda", Where.STANDBY)]
    return [checks, Dependency("start", "a person, and Lambda", Where.STANDBY)]


def _capacity(facts: Facts) -> list[Dependency]:
    if not launches(facts):
        return []
    return [
        Dependency("servers", "Auto Scaling, and EC2's capacity", Where.STANDBY),
        Dependency("image", "the region's own image and its snapshots", Where.STANDBY),
        *_boot(facts),
    ]


def launches(facts: Facts) -> bool:
    """Return whether a failover starts servers in the second region."""
    return facts.has_cluster and facts.standby_minimum < facts.failover_needed


def _boot(facts: Facts) -> list[Dependency]:
    asked = [Dependency("boot", "instance metadata, Secrets Manager", Where.STANDBY)]
    if facts.baked:
        return asked
    return [
        *asked,
        Dependency("boot", "S3: the release, Amazon Linux's packages", Where.STANDBY),
        Dependency("boot", "what the application's install asks, such as a package index", Where.OUTSIDE),
    ]


def _promotions(facts: Facts) -> list[Dependency]:
    wanted = {
        "ElastiCache": not facts.durable,
        "RDS": facts.database,
        "EFS": facts.storage,
    }
    if facts.strategy is Strategy.ACTIVE_ACTIVE and not facts.needs_promotion:
        return []
    names = [name for name, is_wanted in wanted.items() if is_wanted]
    return [Dependency("promotion", f"{', '.join(names)}: their APIs", Where.STANDBY)] if names else []


def _sending(facts: Facts) -> list[Dependency]:
    if facts.edge is Edge.CLOUDFLARE:
        return [Dependency("users", "Cloudflare's monitors and proxies", Where.OUTSIDE)]
    answers = Dependency("users", "Route 53's health checks and answers", Where.EVERYWHERE)
    return [Dependency("switch", "S3: one object", Where.STANDBY), answers] if facts.diverts_last else [answers]


def lost_region_problem(facts: Facts) -> str | None:
    """Return a line if the recovery needs a control plane that is in the lost region and nowhere else."""
    primary = facts.sizes.regions[0]
    needed = [each.asks for each in dependencies(facts) if each.where is Where.ONE_REGION]
    if primary != GLOBAL_CONTROL or not needed:
        return None
    return (
        f"region depends on the region that is lost: {primary} has {' and '.join(needed)}; "
        "use strategy pilot-light or more, which needs neither, or another primary region"
    )


def dependency_table(sites: dict[str, Facts]) -> str:
    """Return a Markdown table of what each site's recovery depends on; a row is for all that have it."""
    rows: dict[Dependency, list[str]] = {}
    for name, facts in sites.items():
        for each in dependencies(facts):
            rows.setdefault(each, []).append(name)
    lines = ["| Step | Asks | Where | In |", "|---|---|---|---|"]
    everywhere = len(sites)
    for each, names in rows.items():
        shown = "all" if len(names) == everywhere else ", ".join(f"`{name}`" for name in names)
        lines.append(f"| {each.step} | {each.asks} | {each.where} | {shown} |")
    return "\n".join(lines) + "\n"
