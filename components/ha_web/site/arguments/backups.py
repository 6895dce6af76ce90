"""Arguments of backups in both regions, of tested restores, and of the audit reports."""

from collections.abc import Mapping
from typing import cast

import pulumi

from ha_web.alarms.notification_topic import NotificationTopic
from ha_web.backup.audit import BackupAuditArgs
from ha_web.backup.audit_controls import DAILY_AND_ITS_WINDOW, HOURLY_AND_ITS_WINDOW
from ha_web.backup.plan import BackupPlan, BackupPlanArgs
from ha_web.backup.restore_testing import RestoreTestingArgs
from ha_web.site.arguments.shared import tags
from ha_web.site.model import Settings
from ha_web.web_cluster import WebCluster


def backups(site: Settings, topics: Mapping[str, NotificationTopic]) -> BackupPlanArgs:
    """Return the arguments of backups in both regions, each copied to the other; of a global database one way only."""
    args: BackupPlanArgs = {
        "region": site.primary.region,
        "rules": site.backup.rules,
        "database_rules": site.backup.database_rules(site.database_copies),
        "lock": site.backup.lock,
        "deletion_protection": site.deletion_protection,
        "break_glass_arns": site.backup.break_glass_roles,
        "topic_arns": {region: topic.topic_arn for region, topic in topics.items()},
        "tags": tags(site),
    }
    if site.standby:
        args["copy_region"] = site.standby.region
    return args


def vault_of(role: str, plan: BackupPlan) -> pulumi.Output[str]:
    """Return the name of the vault in a role's region."""
    vault = plan.vault_name if role == "primary" else plan.copy_vault_name
    assert vault is not None  # a standby has a vault
    return vault


def restore_testing(site: Settings, role: str, web: WebCluster, plan: BackupPlan) -> RestoreTestingArgs:
    """Return the arguments of weekly restores of what is backed up in a region."""
    vault = plan.vault_arn if role == "primary" else plan.copy_vault_arn
    tests = []
    if web.database:
        where = {
            "dbSubnetGroupName": web.database.subnet_group_name,
            "vpcSecurityGroupIds": web.database.security_group_id.apply(lambda group: f'["{group}"]'),
        }
        tests.append({"kind": "Aurora", "metadata": where})
    if web.storage:
        tests.append({"kind": "EFS"})
    return cast(
        RestoreTestingArgs,
        {
            "tests": tests,
            "vault_arns": [vault],
            "role_arn": plan.restore_role_arn,
            "region": site.roles[role].region,
            "tags": tags(site),
        },
    )


def _point_age(site: Settings) -> int:
    """Return the hours between two recovery points of what is backed up most rarely."""
    daily = site.database is not None and site.backup.continuous_days > 0
    return DAILY_AND_ITS_WINDOW if daily else HOURLY_AND_ITS_WINDOW


def audit(site: Settings, role: str) -> BackupAuditArgs:
    """Return the arguments of controls and reports in a region."""
    args: BackupAuditArgs = {
        "retention_days": min(rule["retention_days"] for rule in [*site.backup.rules, *site.backup.database_rules()]),
        "point_age_hours": _point_age(site),
        "region": site.roles[role].region,
        "deletion_protection": site.protected(role),
        "tags": tags(site),
    }
    others = [place.region for other, place in site.roles.items() if other != role]
    if others:
        args["copy_region"] = others[0]
    return args
