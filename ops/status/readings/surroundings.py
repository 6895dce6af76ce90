"""What is around a region's servers and data: certificates, recovery points, who hears of alarms, which are on."""

from datetime import UTC, datetime, timedelta

from ops.core.stack import Cluster, Stack
from ops.status.facts import Backup, Certificate, Checkers, Topic
from ops.status.reading import Ask, Reading, calls

BACK = timedelta(days=3)
"""How far back recovery points are looked for: an older one is as bad as none."""

DAY = 86_400
GOOD = ("COMPLETED", "AVAILABLE")
"""Statuses of a recovery point that can be restored; those of continuous backups are AVAILABLE."""


def certificates(ask: Ask, _stack: Stack, cluster: Cluster) -> tuple[Certificate, ...]:
    """Return the certificates that the balancer shows to those who ask for no name."""
    listeners = ask("elbv2", "describe_listeners", LoadBalancerArn=cluster.balancer)["Listeners"]
    arns = {each["CertificateArn"] for listener in listeners for each in listener.get("Certificates", [])}
    found = []
    for arn in sorted(arns):
        told = ask("acm", "describe_certificate", CertificateArn=arn)["Certificate"]
        ends = told.get("NotAfter")
        days = (ends - datetime.now(UTC)).total_seconds() / DAY if ends else 0.0
        found.append(Certificate(told["DomainName"], told["Status"], days))
    return tuple(found)


def backups(ask: Ask, stack: Stack, cluster: Cluster) -> tuple[Backup, ...]:
    """Return the newest recovery point of everything in the region's vault, and of what must be in it."""
    now, newest, kinds, token = datetime.now(UTC), dict[str, datetime](), dict[str, str](), ""
    while True:
        which = {"BackupVaultName": stack.vaults[cluster.region], "ByCreatedAfter": now - BACK}
        page = ask("backup", "list_recovery_points_by_backup_vault", **which, **({"NextToken": token} if token else {}))
        for point in page["RecoveryPoints"]:
            if point.get("Status", GOOD[0]) in GOOD:
                arn = point["ResourceArn"]
                newest[arn] = max(newest.get(arn, point["CreationDate"]), point["CreationDate"])
                kinds[arn] = point.get("ResourceType", "")
        token = page.get("NextToken", "")
        if not token:
            break
    newest |= {arn: max(newest[arn], until) for arn, until in _continuous(ask, cluster).items() if arn in newest}
    found = [Backup(_short(arn), kinds[arn], (now - made).total_seconds()) for arn, made in sorted(newest.items())]
    known = [backup.resource for backup in found]
    return (*found, *(Backup(name, kind, None) for name, kind in _protected(stack).items() if name not in known))


def _continuous(ask: Ask, cluster: Cluster) -> dict[str, datetime]:
    """Return until when the region's database can be restored to any time; the objective is held against that."""
    if not cluster.database:
        return {}
    told = ask("rds", "describe_db_clusters", DBClusterIdentifier=cluster.database.partition(".")[0])["DBClusters"]
    return {each["DBClusterArn"]: each["LatestRestorableTime"] for each in told if each.get("LatestRestorableTime")}


def _short(arn: str) -> str:
    """Return what a person knows a resource by."""
    return arn.rpartition(":")[2].rpartition("/")[2]


def _protected(stack: Stack) -> dict[str, str]:
    """Return what is backed up for certain: the primary's, in both vaults."""
    main = stack.primary
    named = {main.database.partition(".")[0]: "Aurora", main.files: "EFS"}
    return {name: kind for name, kind in named.items() if name}


def topics(ask: Ask, stack: Stack, cluster: Cluster) -> tuple[Topic, ...]:
    """Return who hears of the region's alarms."""
    found = []
    for arn in topics_of(stack, cluster):
        told = ask("sns", "get_topic_attributes", TopicArn=arn)["Attributes"]
        confirmed, pending = (int(told.get(f"Subscriptions{state}", 0)) for state in ("Confirmed", "Pending"))
        found.append(Topic(_short(arn), confirmed, pending))
    return tuple(found)


def topics_of(stack: Stack, cluster: Cluster) -> list[str]:
    """Return the ARNs of the topics in a region."""
    return sorted({arn for arn in stack.topics.values() if arn.split(":")[3:4] == [cluster.region]})


def alarms(ask: Ask, stack: Stack, cluster: Cluster) -> tuple[str, ...]:
    """Return the alarms that are on and tell one of the region's topics."""
    found = set[str]()
    for arn in topics_of(stack, cluster):
        told = ask("cloudwatch", "describe_alarms", StateValue="ALARM", ActionPrefix=arn)
        found |= {each["AlarmName"] for kind in ("MetricAlarms", "CompositeAlarms") for each in told.get(kind, [])}
    return tuple(sorted(found))


def checkers(ask: Ask, stack: Stack, cluster: Cluster) -> Checkers | None:
    """Return how many of Route 53's checkers reach the region's balancer; None if none has reported."""
    told = ask("route53", "get_health_check_status", HealthCheckId=stack.health_checks[cluster.role])
    seen = [each["StatusReport"]["Status"] for each in told["HealthCheckObservations"]]
    return Checkers(sum(status.startswith("Success") for status in seen), len(seen)) if seen else None


READINGS = (
    Reading("certificates", calls(elbv2="describe_listeners", acm="describe_certificate"), certificates),
    Reading(
        "backups",
        calls(backup="list_recovery_points_by_backup_vault", rds="describe_db_clusters"),
        backups,
        lambda stack, cluster: cluster.region in stack.vaults,
    ),
    Reading(
        "checkers",
        calls(route53="get_health_check_status"),
        checkers,
        lambda stack, cluster: cluster.role in stack.health_checks,
    ),
    Reading("topics", calls(sns="get_topic_attributes"), topics, lambda stack, at: bool(topics_of(stack, at))),
    Reading("alarms", calls(cloudwatch="describe_alarms"), alarms, lambda stack, at: bool(topics_of(stack, at))),
)
