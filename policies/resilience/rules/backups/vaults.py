"""Backup vaults: what keeps recovery points from being deleted, read, or missed."""

from collections.abc import Iterator

from resilience.aws.policy_documents import Statement, everyone, statements
from resilience.aws.types import (
    BACKUP_VAULT,
    EVENT_RULE,
    METRIC_ALARM,
    VAULT_LOCK,
    VAULT_NOTIFICATIONS,
    VAULT_POLICY,
)
from resilience.aws.vaults import locks_of, of_vault
from resilience.known import is_known
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

SECURED = well_architected("REL09-BP02", "rel_backing_up_data_secured_backups_data")
TOLD = well_architected("REL06-BP03", "rel_monitor_aws_resources_notification_monitor")

DELETING = ("backup:deleterecoverypoint", "backup:updaterecoverypointlifecycle", "backup:deletebackupvault")
FAILURES = ("NumberOfBackupJobsFailed", "NumberOfBackupJobsExpired")


@RULES.stack_rule("backup-vault-locked", "A backup vault is locked.", Severity.HIGH, SECURED, BACKUP_VAULT)
def locked(vault: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Without a lock, who may delete one recovery point may delete all of them."""
    if not locks_of(vault, stack):
        yield "no lock names the vault; recovery points can be deleted before their time"


@RULES.rule(
    "backup-lock-least-retention",
    "The lock of a vault has a least retention.",
    Severity.HIGH,
    SECURED,
    VAULT_LOCK,
    days=Setting(1, "the least retention that a lock must ask for, in days", {"minimum": 1}),
)
def least_retention(lock: Resource, config: Config) -> Iterator[str]:
    """Without one, a lock lets backups through that end the same day."""
    days = lock.get("minRetentionDays", 0)
    if days < config["days"]:
        yield f"minRetentionDays is {days or 'missing'}; at least {config['days']:g} is asked for"


@RULES.rule(
    "backup-vault-policy-keeps",
    "The policy of a backup vault allows nobody to delete from it.",
    Severity.HIGH,
    SECURED,
    VAULT_POLICY,
)
def policy_keeps(policy: Resource, _: Config) -> Iterator[str]:
    """The vault's policy is there to deny: principals that IAM allows need no allow there."""
    for statement in statements(policy.get("policy")):
        if statement.allows and _deletes(statement):
            yield "policy allows deleting recovery points or the vault; deny it"
            return


def _deletes(statement: Statement) -> bool:
    if statement.everything_but or "*" in statement.actions:
        return True
    return any(statement.grants(action) for action in DELETING)


@RULES.rule(
    "backup-vault-policy-closed",
    "The policy of a backup vault is open to named accounts only.",
    Severity.CRITICAL,
    well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account"),
    VAULT_POLICY,
)
def policy_closed(policy: Resource, _: Config) -> Iterator[str]:
    """A condition on the organization or the account closes it."""
    if any(everyone(statement) for statement in statements(policy.get("policy"))):
        yield 'policy allows Principal "*"; name accounts, or set a condition on aws:PrincipalOrgID'


@RULES.stack_rule(
    "backup-vault-failures-told",
    "Somebody is told when a backup fails.",
    Severity.MEDIUM,
    TOLD,
    BACKUP_VAULT,
)
def failures_told(vault: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """By the vault's notifications, an alarm on its failed jobs, or a rule for AWS Backup's events."""
    alarms = (each for each in stack.of_type(METRIC_ALARM) if _on_failures(each, vault))
    events = (each for each in stack.of_type(EVENT_RULE) if _of_backup(each, vault))
    if not (of_vault(vault, stack, VAULT_NOTIFICATIONS) or any(alarms) or any(events)):
        yield "no notifications, alarm or event rule is about this vault; failed backups go unnoticed"


def _on_failures(alarm: Resource, vault: Resource) -> bool:
    if not is_known(alarm, "metricName") or alarm.get("metricName") not in FAILURES:
        return False
    if alarm.refers_to(vault, "dimensions"):
        return True
    named = is_known(alarm, "dimensions.BackupVaultName") and is_known(vault, "name")
    return named and alarm.get("dimensions.BackupVaultName") == vault.get("name")


def _of_backup(rule: Resource, vault: Resource) -> bool:
    if rule.region != vault.region or not is_known(rule, "eventPattern"):
        return False
    return "aws.backup" in rule.get("eventPattern")
