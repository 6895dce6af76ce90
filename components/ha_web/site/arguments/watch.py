"""Arguments of a region's alarms, and the stack output of its cluster."""

from collections.abc import Mapping
from typing import Any

from ha_web.alarms.alarms import Alarms, AlarmsArgs
from ha_web.alarms.notification_topic import NotificationTopic
from ha_web.alarms.rules import AlarmThresholdsArgs
from ha_web.backup.audit_controls import DAILY_AND_ITS_WINDOW, HOURLY_AND_ITS_WINDOW
from ha_web.backup.plan import BackupPlan
from ha_web.backup.restore_testing import RestoreTesting
from ha_web.load_balancer.protocols import BalancerType, Protocol, transport_of
from ha_web.load_balancer.zonal_autoshift import ZonalAutoshiftArgs
from ha_web.recovery.strategy import has_cluster
from ha_web.recovery.worst_cases import Failure
from ha_web.site.arguments.backups import vault_of
from ha_web.site.arguments.shared import tags, without_none
from ha_web.site.model import Settings
from ha_web.web_cluster import WebCluster


def alarms(
    site: Settings,
    role: str,
    web: WebCluster,
    plan: BackupPlan,
    restores: Mapping[str, RestoreTesting],
    topics: Mapping[str, NotificationTopic],
) -> AlarmsArgs:
    """Return the arguments of one region's alarms."""
    balancer = web.load_balancer
    transport = transport_of(Protocol(site.protocol), certificate=True)
    args: AlarmsArgs = {
        "region": site.roles[role].region,
        "load_balancer_arn_suffix": balancer.arn_suffix,
        "load_balancer_type": BalancerType(transport.type).value,
        "target_group_arn_suffix": balancer.target_group_arn_suffix,
        "zone_names": [*web.network.zone_names],
        "group_name": web.fleet.group_name,
        "minimum": site.minimum(role),
        "idle": site.minimum(role) == 0,
        "boot_seconds": site.servers.boot_seconds,
        "node_ids": [*web.sessions.node_ids],
        "backup_vault_name": vault_of(role, plan),
        "topic_arn": topics[site.roles[role].region].topic_arn,
        "tags": tags(site),
        "thresholds": thresholds(site),
        "session_region_lag": has_cluster(site.recovery) and not site.sessions.durable,
        "database_region_lag": has_cluster(site.recovery) and site.database is not None,
    }
    if hours := backup_hours(site):
        args["backup_hours"] = hours
    if web.database:
        args["database_instance_ids"] = [*web.database.instance_ids]
    if site.sessions.durable:
        args["session_cluster_name"] = web.session_store_id
    if role in restores:
        args["restore_validation_function_name"] = restores[role].function_name
    return args


def zonal_autoshift(site: Settings, role: str, web: WebCluster, alarms: Alarms) -> ZonalAutoshiftArgs:
    """Return the arguments of one region's zonal autoshift: what judges a release also ends a practice run."""
    assert site.zonal_autoshift
    return {
        "region": site.roles[role].region,
        "load_balancer_arn": web.load_balancer.arn,
        "outcome_alarm_arns": [*alarms.release_alarm_arns],
        "windows": site.zonal_autoshift.windows,
    }


def thresholds(site: Settings) -> AlarmThresholdsArgs:
    """Return the thresholds that follow from the objectives: the lag between the regions is what a failover loses."""
    objectives, _ = site.wanted
    wanted = objectives.objectives.get(Failure.REGION)
    if wanted is None or not wanted.data_loss:
        return {}
    return {"region_lag_seconds": wanted.data_loss}


def backup_hours(site: Settings) -> int | None:
    """Return the hours within which a region's vault must get a backup; None where nothing is backed up."""
    if site.storage:
        return HOURLY_AND_ITS_WINDOW
    if site.database is None:
        return None
    return DAILY_AND_ITS_WINDOW if site.backup.continuous_days else HOURLY_AND_ITS_WINDOW


def exported(web: WebCluster, region: str) -> dict[str, Any]:
    """Return the stack output of a cluster."""
    beside = {name: database.endpoint for name, database in web.databases.items() if name}
    return {
        "region": region,
        "vpc_id": web.network.vpc_id,
        "zone_ids": web.network.zone_ids,
        "load_balancer_arn": web.load_balancer.arn,
        "load_balancer_dns_name": web.load_balancer.dns_name,
        "target_group_arn": web.load_balancer.target_group_arn,
        "auto_scaling_group_name": web.fleet.group_name,
        "image_id": web.fleet.image_id,
        "session_store_id": web.session_store_id,
        "session_endpoint": web.sessions.primary_endpoint,
        **without_none(database_endpoint=web.database_endpoint, file_system_id=web.file_system_id),
        **({"restored_database_endpoints": beside} if beside else {}),
    }
