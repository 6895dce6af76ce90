"""An expired certificate, and stolen credentials that delete what they can."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import at_most, none_failed, none_lost, shows


async def expired(stage: Stage) -> None:
    """Let the certificate expire, then renew it."""
    await stage.fault("expire-certificate", region=stage.primary)
    await stage.wait(40)
    stage.course.facts["moved"] = float(await stage.standby_serves())
    await stage.plane.do("heal")
    stage.step("the certificate is renewed")
    await stage.watch(10, 60)


async def stolen(stage: Stage) -> None:
    """Take the keys of a server and of the function, and delete with them whatever is named."""
    before = await kept(stage)
    stage.begin()
    refused = deleted = 0
    for role, service in (await roles(stage)).items():
        keys = await stage.plane.do("credentials", role=role, service=service)
        stage.step(f"the keys of {role} are stolen")
        for region in (stage.primary, stage.standby):
            done = await asyncio.to_thread(rampage, partial(_client, stage, region, keys))
            deleted, refused = deleted + done.count(True), refused + done.count(False)
    stage.course.facts |= {"deleted": deleted, "refused": refused, "backups gone": len(before - await kept(stage))}
    await stage.wait(10)


def _client(stage: Stage, region: str, keys: dict[str, str], service: str) -> Any:
    return stage.cloud.client(service, region, keys)


async def roles(stage: Stage) -> dict[str, str]:
    """The roles whose keys can be stolen from what runs, and the service that hands them out."""
    region = stage.standby
    function = await stage.cloud.ask("lambda", region, "get_function", FunctionName=stage.outputs["failover_function"])
    found = {function["Configuration"]["Role"].rpartition("/")[2]: "lambda.amazonaws.com"}
    profiles = await stage.cloud.ask("iam", stage.primary, "list_instance_profiles")
    for profile in profiles["InstanceProfiles"]:
        found |= {role["RoleName"]: "ec2.amazonaws.com" for role in profile["Roles"]}
    return found


async def kept(stage: Stage) -> set[str]:
    """What a restore needs: vaults, recovery points, snapshots that AWS takes, versions of buckets."""
    found: set[str] = set()
    for region in (stage.primary, stage.standby):
        vaults = (await stage.cloud.ask("backup", region, "list_backup_vaults"))["BackupVaultList"]
        found |= {each["BackupVaultArn"] for each in vaults}
        for vault in vaults:
            points = await stage.cloud.ask(
                "backup", region, "list_recovery_points_by_backup_vault", BackupVaultName=vault["BackupVaultName"]
            )
            found |= {each["RecoveryPointArn"] for each in points["RecoveryPoints"]}
        clusters = await stage.cloud.ask("rds", region, "describe_db_clusters")
        found |= {each["DBClusterArn"] for each in clusters["DBClusters"]}
    return found


def rampage(client: Callable[[str], Any]) -> list[bool]:
    """Delete whatever can be named; whether each went. A dry list: everything is refused, or the backups show it."""
    done: list[bool] = []

    def attempt(service: str, operation: str, **params: Any) -> None:
        try:
            getattr(client(service), operation)(**params)
        except ClientError:
            done.append(False)
        else:
            done.append(True)

    def names(service: str, operation: str, listed: str, name: str) -> list[str]:
        try:
            return [each[name] for each in getattr(client(service), operation)()[listed]]
        except ClientError:
            done.append(False)
            return []

    for vault in names("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName"):
        attempt("backup", "delete_backup_vault_lock_configuration", BackupVaultName=vault)
        attempt("backup", "delete_backup_vault", BackupVaultName=vault)
    for cluster in names("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier"):
        attempt("rds", "delete_db_cluster", DBClusterIdentifier=cluster, SkipFinalSnapshot=True)
    for group in names("elasticache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"):
        attempt("elasticache", "delete_replication_group", ReplicationGroupId=group)
    for group in names("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"):
        attempt("autoscaling", "delete_auto_scaling_group", AutoScalingGroupName=group, ForceDelete=True)
    for bucket in names("s3", "list_buckets", "Buckets", "Name"):
        attempt("s3", "delete_bucket", Bucket=bucket)
    for key in names("kms", "list_keys", "Keys", "KeyId"):
        attempt("kms", "schedule_key_deletion", KeyId=key, PendingWindowInDays=7)
    for secret in names("secretsmanager", "list_secrets", "SecretList", "ARN"):
        attempt("secretsmanager", "delete_secret", SecretId=secret, ForceDeleteWithoutRecovery=True)
    return done


SCENARIOS = (
    Scenario(
        "certificate-expired",
        "The certificate has expired",
        "The primary's balancer shows a certificate that has expired; then it is renewed.",
        expired,
        (
            at_most(
                "moved",
                "users moved to the standby for it",
                "times",
                0,
                "Route 53's checks don't validate certificates",
            ),
            shows("failed requests", "requests", lambda measured: measured.service.failed),
            none_lost("nobody got in"),
        ),
        patience=10,
    ),
    Scenario(
        "credentials-stolen",
        "Stolen credentials delete what they can",
        "The keys of a server and of the failover function are used to delete everything that can be named.",
        stolen,
        (
            at_most(
                "backups gone", "vaults, recovery points, databases gone", "resources", 0, "roles may not delete them"
            ),
            none_failed("nothing that serves went"),
            shows("deletions refused", "calls", lambda measured: measured.facts.get("refused")),
            shows("deletions done", "calls", lambda measured: measured.facts.get("deleted")),
        ),
        patience=10,
    ),
)
