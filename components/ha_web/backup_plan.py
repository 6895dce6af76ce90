"""Backups that outlive a region, a mistake and an administrator: locked vaults in two regions."""

import json
from dataclasses import replace
from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import backup, iam, kms, sns

from ha_web.backup_rules import (
    SHORTEST_START_WINDOW,
    BackupLockArgs,
    BackupRuleArgs,
    lock_limits,
    plan_problems,
    usual_rules,
)
from ha_web.errors import Problems, quoted
from ha_web.notifications import account_root, address_problems, create_topic
from ha_web.policy_documents import key_of_account, role_encrypts, trusting, vault_keeps_everything
from ha_web.regions import partition_of
from ha_web.scope import Scope
from ha_web.tags import BACKUP_TAG, BACKUP_TAG_VALUE

SERVICE = "backup.amazonaws.com"

ROLE_POLICIES = {
    "backup": "service-role/AWSBackupServiceRolePolicyForBackup",
    "restore": "service-role/AWSBackupServiceRolePolicyForRestores",
    "s3-backup": "AWSBackupServiceRolePolicyForS3Backup",
    "s3-restore": "AWSBackupServiceRolePolicyForS3Restore",
}
"""AWS's own policies for backing up and restoring.
https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html"""

EVENTS = [
    "BACKUP_JOB_COMPLETED",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_COMPLETED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
]
"""What vaults tell. AWS no longer sends BACKUP_JOB_FAILED and RESTORE_JOB_FAILED: a failed job is a completed one
with another state. https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""

FAILURES_ONLY = {"State": [{"anything-but": ["COMPLETED"]}, {"exists": False}]}
"""Filter of the mails: what did not go well. https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html"""


class BackupPlanArgs(TypedDict):
    """Where backups are kept, when they are taken, and what can't be undone."""

    region: str
    """AWS Region of the first vault."""
    copy_region: NotRequired[str]
    """AWS Region of the second vault; each region's backups are copied to the other's. Default: no copies."""
    rules: NotRequired[list[BackupRuleArgs]]
    """When, and for how long. Default: hourly for 7 days, daily for 35, monthly for 365."""
    lock: NotRequired[BackupLockArgs]
    """What the vaults refuse. Default: governance mode, and no shorter or longer retention than the rules."""
    force_destroy: NotRequired[bool]
    """Whether destroying the plan deletes all recovery points with it. Default false: a vault that holds any stays,
    and `pulumi destroy` says so."""
    notify: NotRequired[list[str]]
    """E-mail addresses to tell of failed backup, copy and restore jobs."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class BackupPlan(pulumi.ComponentResource):
    """A vault and a plan in each region, copying to the other, for all that carries the tag `ha-web:backup` = `true`.

    Both regions have a plan: after a failover it is the standby that holds the truth. The tag is the only thing
    that selects. (AWS Backup *adds* lists of resources to tags, so a plan with both catches more than it says.)

    Each vault has a key of its own, a lock, and a policy that lets nobody delete recovery points or the vault. The
    engine may, since it deletes that policy before the vault. AWS Backup must be turned on for the types of
    resource in the account's settings, as most are; Amazon S3 needs versioned buckets.

    **Holds state.** Recovery points can't be deleted while the policy stands; a vault that isn't empty can't be
    destroyed unless `force_destroy` is set; with `lock.changeable_for_days` not even then. Keys are deleted 30
    days after a destroy; until then they can be recovered.

    To restore: `role_arn` is the role. Restoring EC2 instances with an instance profile also needs iam:PassRole.

    Errors (ConfigurationError, at preview): an unknown key; copy_region the same as region; rules that AWS Backup or
    the lock would refuse; an address that is none.
    """

    vault_name: pulumi.Output[str]
    """Name of the vault in `region`."""
    vault_arn: pulumi.Output[str]
    """Its ARN."""
    copy_vault_name: pulumi.Output[str] | None
    """Name of the vault in `copy_region`. None without one."""
    copy_vault_arn: pulumi.Output[str] | None
    """Its ARN."""
    plan_id: pulumi.Output[str]
    """Id of the plan in `region`."""
    copy_plan_id: pulumi.Output[str] | None
    """Id of the plan in `copy_region`. None without one."""
    role_arn: pulumi.Output[str]
    """ARN of the role that backs up and restores."""
    topic_arns: dict[str, pulumi.Output[str]]
    """ARNs of the SNS topics that hear of jobs, by region."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:BackupPlan", name, None, opts)
        region, copy_region = args["region"], args.get("copy_region")
        here = Scope(name, self, region, args.get("tags", {}))

        role = _create_role(here)
        vault, topic = _create_vault(here, "vault", args, role)
        self.topic_arns = {region: topic.arn}
        self.copy_vault_name = self.copy_vault_arn = self.copy_plan_id = None
        copy_vault = None
        if copy_region:
            there = replace(here, region=copy_region)
            copy_vault, copy_topic = _create_vault(there, "copy-vault", args, role)
            self.topic_arns[copy_region] = copy_topic.arn
            self.copy_vault_name, self.copy_vault_arn = copy_vault.name, copy_vault.arn
            self.copy_plan_id = _create_plan(there, "copy-plan", args, role, copy_vault, vault).id
        self.plan_id = _create_plan(here, "plan", args, role, vault, copy_vault).id

        self.vault_name, self.vault_arn = vault.name, vault.arn
        self.role_arn = role.arn
        self.register_outputs({key: getattr(self, key) for key in BackupPlan.__annotations__})


def _checked(name: str, args: BackupPlanArgs) -> BackupPlanArgs:
    problems = Problems(f'BackupPlan "{name}"')
    args = problems.checked(args, BackupPlanArgs)
    problems.add(*plan_problems(args.get("rules", usual_rules()), args.get("lock", BackupLockArgs())))
    problems.add(*address_problems(args.get("notify", [])))
    if args.get("copy_region") == args["region"]:
        problems.add(f"copy_region is {quoted(args['region'])}; a copy must be in another region")
    problems.raise_if_any()
    return args


def _create_role(scope: Scope) -> iam.Role:
    """The role of all jobs, of backup and of restore, with AWS's own policies."""
    role = iam.Role(
        f"{scope.name}-role",
        description=f"Backup and restore jobs of {scope.name}",
        assume_role_policy=json.dumps(trusting(SERVICE)),
        **scope.everywhere("role"),
    )
    partition = partition_of(scope.region)
    for purpose, policy in ROLE_POLICIES.items():
        iam.RolePolicyAttachment(
            f"{scope.name}-role-{purpose}",
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/{policy}",
            opts=scope.child(),
        )
    return role


def _create_vault(scope: Scope, part: str, args: BackupPlanArgs, role: iam.Role) -> tuple[backup.Vault, sns.Topic]:
    """A vault in the scope's region with its key, lock, mails and policy."""
    name, lock = f"{scope.name}-{part}", args.get("lock", BackupLockArgs())
    vault = backup.Vault(
        name,
        kms_key_arn=_create_key(scope, part, role).arn,
        force_destroy=args.get("force_destroy", False),
        **scope.regional(part),
    )
    low, high = lock_limits(lock, args.get("rules", usual_rules()))
    # A changed lock or notification is a replacement: put first, deleted after, and deleting is what takes it off the
    # vault. Left alone, the put overwrites, and both go with their vault.
    locked = backup.VaultLockConfiguration(
        f"{name}-lock",
        backup_vault_name=vault.name,
        min_retention_days=low,
        max_retention_days=high,
        changeable_for_days=lock.get("changeable_for_days"),
        **scope.untagged(retain_on_delete=True),
    )
    notify = args.get("notify", [])
    topic = create_topic(scope, f"{part}-jobs", publishers=[SERVICE], notify=notify, only=FAILURES_ONLY)
    notified = backup.VaultNotifications(
        f"{name}-notifications",
        backup_vault_name=vault.name,
        sns_topic_arn=topic.arn,
        backup_vault_events=EVENTS,
        **scope.untagged(retain_on_delete=True),
    )
    backup.VaultPolicy(
        f"{name}-policy",
        backup_vault_name=vault.name,
        policy=json.dumps(vault_keeps_everything()),
        # It forbids taking the guards away, so it comes last, and goes first when the stack is destroyed.
        **scope.untagged(depends_on=[locked, notified]),
    )
    return vault, topic


def _create_key(scope: Scope, part: str, role: iam.Role) -> kms.Key:
    policy = pulumi.Output.all(account_root(scope), role.arn).apply(
        lambda arns: json.dumps(key_of_account(arns[0], *role_encrypts(arns[1])))
    )
    return kms.Key(
        f"{scope.name}-{part}-key",
        description=f"Recovery points of {scope.name} in {scope.region}",
        enable_key_rotation=True,
        policy=policy,
        **scope.regional(f"{part}-key"),
    )


def _create_plan(
    scope: Scope, part: str, args: BackupPlanArgs, role: iam.Role, vault: backup.Vault, other: backup.Vault | None
) -> backup.Plan:
    """A region's plan, into its vault and on to the other, for all that carries the tag."""
    plan = backup.Plan(
        f"{scope.name}-{part}",
        rules=[_rule(rule, vault, other) for rule in args.get("rules", usual_rules())],
        **scope.regional(part),
    )
    backup.Selection(
        f"{scope.name}-{part}-selection",
        plan_id=plan.id,
        iam_role_arn=role.arn,
        selection_tags=[{"type": "STRINGEQUALS", "key": BACKUP_TAG, "value": BACKUP_TAG_VALUE}],
        **scope.untagged(),
    )
    return plan


def _rule(rule: BackupRuleArgs, vault: backup.Vault, other: backup.Vault | None) -> backup.PlanRuleArgs:
    """One rule, as the plan has it."""
    keep, cold = rule["retention_days"], rule.get("cold_storage_after_days")
    copies = []
    if other is not None and rule.get("copy", True):
        lifecycle = backup.PlanRuleCopyActionLifecycleArgs(delete_after=keep, cold_storage_after=cold)
        copies = [backup.PlanRuleCopyActionArgs(destination_vault_arn=other.arn, lifecycle=lifecycle)]
    return backup.PlanRuleArgs(
        rule_name=rule["name"],
        target_vault_name=vault.name,
        schedule=rule["schedule"],
        start_window=rule.get("start_window_minutes", SHORTEST_START_WINDOW),
        completion_window=rule.get("completion_window_minutes"),
        lifecycle=backup.PlanRuleLifecycleArgs(delete_after=keep, cold_storage_after=cold),
        copy_actions=copies,
    )
